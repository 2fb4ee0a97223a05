import { impactFrom, privilegesIn } from '../../impact/impact.ts';
import type { Impact, RoleDetail } from '../../model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../../model/role-detail-text.ts';
import type { StoreReader } from '../../store/index.ts';
import { BoundedMap } from '../../text/bounded-map.ts';

/** Characters of policies that are remembered with what they come to, and of texts of managed policies. */
const REMEMBERED = 16 * 1024 * 1024;

/** What ways into the failing roles of one account lead to. Roles with the same policies are decided once. */
export class Impacts {
  private readonly reader: StoreReader;
  private readonly account: string;
  private readonly decided = new BoundedMap<string, ReturnType<typeof privilegesIn>>(REMEMBERED);
  private readonly texts = new BoundedMap<string, string | null>(REMEMBERED);

  constructor(reader: StoreReader, account: string) {
    this.reader = reader;
    this.account = account;
  }

  /**
   * Where no export shows anything of the role, that is said, too.
   *
   * @param number of the role in the store
   * @param at column time of the look
   */
  of(number: number, role: Readonly<Record<'arn' | 'partition', string>>, at: string): Impact {
    const { account } = this;
    const { arn, partition } = role;
    const detail = this.reader.roleDetail(account, number, at) ?? UNKNOWN_DETAIL;
    const managed = (policy: string): string | null => this.textOf(policy, at);
    const policies = policiesOf(detail, managed);
    const key = JSON.stringify([partition, policies, policies.some(speaksOfRoles) ? arn : '']);
    let outcome = this.decided.get(key);
    if (outcome === undefined) {
      outcome = privilegesIn(detail, { account, partition, arn }, managed);
      this.decided.set(key, outcome, key.length);
    }
    return impactFrom(detail, outcome);
  }

  private textOf(arn: string, at: string): string | null {
    const key = `${at} ${arn}`;
    let text = this.texts.get(key);
    if (text === undefined) {
      text = this.reader.managedPolicy(this.account, arn, at);
      this.texts.set(key, text, key.length + (text?.length ?? 0));
    }
    return text;
  }
}

/** All that privileges are decided by, but for the role itself. */
function policiesOf(
  { attached, inline, boundary, partial = [] }: RoleDetail,
  managed: (arn: string) => string | null,
): readonly string[] {
  const named = (arn: string): readonly string[] => [arn, managed(arn) ?? 'not shown'];
  return [
    ...(attached === null ? ['attached not shown'] : attached.flatMap(named)),
    ...(inline === null ? ['inline not shown'] : ['inline']),
    ...(inline ?? []).flatMap(({ name, document }) => [name, document ?? 'not shown']),
    ...partial.map((list) => `${list} may be more`),
    ...(boundary === null ? ['boundary not shown'] : boundary === '' ? ['no boundary'] : named(boundary)),
  ];
}

const QUOTED = /"([^"]*)"/g;
/** An ARN of another service than IAM, or an action. */
const NO_ROLE = /^(?:arn:aws[\w-]*:(?!iam:)[a-z0-9-]+:|(?!arn:)[\w-]+:[\w*?]*$)/i;

/** What a policy comes to can hang on which role has it where it may mean single roles: by ARN, pattern or variable. */
function speaksOfRoles(text: string): boolean {
  if (text.includes('\\') || text.includes('${')) return true;
  for (const [, quoted = ''] of text.matchAll(QUOTED)) {
    if (/[:*?]/.test(quoted) && quoted !== '*' && !NO_ROLE.test(quoted)) return true;
  }
  return false;
}
