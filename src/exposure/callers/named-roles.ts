import type { Matcher } from '../../iam/matcher.ts';
import type { Statement } from '../../iam/trust-policy.ts';
import { type Caller, callerFromArn } from './caller.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * The roles that a policy names as principals. IAM shows a principal by its ARN only while it exists, and the names of
 * roles are unique in an account whatever their paths
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), so there is no other role of that name.
 */
export class NamedRoles {
  /** ARNs by account and name. */
  private readonly arns = new Map<string, Set<string>>();
  private readonly namesByAccount = new Map<string, Set<string>>();

  /** @param partition the roles of others are left out */
  constructor(statements: readonly Statement[], partition: string) {
    for (const { principals, exceptPrincipals } of statements) {
      if (exceptPrincipals) continue;
      for (const principal of principals) {
        if (principal.kind === 'role' && principal.partition === partition) this.add(principal.text);
      }
    }
  }

  private add(arn: string): void {
    const { account, name } = callerFromArn(arn, 'role', null);
    const key = `${account}/${name}`;
    this.arns.set(key, (this.arns.get(key) ?? new Set()).add(arn));
    this.namesByAccount.set(account, (this.namesByAccount.get(account) ?? new Set()).add(name));
  }

  /** The ARNs that are named of the role of this name. */
  called(account: string, name: string): ReadonlySet<string> {
    return this.arns.get(`${account}/${name}`) ?? NONE;
  }

  /** False for a role with the name of another one that is there. */
  mayExist({ kind, account, name, arn }: Caller): boolean {
    if (kind !== 'role') return true;
    const named = this.called(account, name);
    return named.size === 0 || named.has(arn);
  }

  /** Patterns that tell these names from all others, so that leaving a namesake out leaves nobody else out. */
  matchers(): readonly Matcher[] {
    return [...this.namesByAccount.values()].map((names) => ({
      patterns: [...names].map((name) => [...name]),
      scope: 'name',
      ignoreCase: false,
      arn: false,
    }));
  }
}
