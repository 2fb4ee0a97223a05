import { isSimple, type Matcher } from '../../iam/matcher.ts';
import { partitionOf } from '../../iam/partitions.ts';
import { splitArn } from '../../model/arn.ts';

const NAME = /^[\w+=,.@-]+$/;
const PRINCIPAL = /^(?:user|role)\/(?:[\u0021-\u007e]+\/)?[\w+=,.@-]+$/;

/** Without wildcards the classes of callers are plain: the named ones, and a stranger of every account. */
export class PlainCallers {
  private readonly names: readonly string[];
  private readonly fresh: Readonly<Record<'user' | 'role', string>>;
  private readonly byAccount = new Map<string, string[]>();

  private constructor(matchers: readonly Matcher[]) {
    const names = new Set<string>();
    const taken = new Set<string>();
    for (const { patterns, scope } of matchers) {
      if (scope === 'account') continue;
      for (const text of patterns.map((pattern) => pattern.join(''))) {
        taken.add(text.slice(text.lastIndexOf('/') + 1));
        if (scope === 'name') names.add(text);
        else this.addArn(text);
      }
    }
    this.names = [...names].filter((name) => NAME.test(name));
    const freshName = (type: string): string => {
      let fresh = `some${type}`;
      while (taken.has(fresh)) fresh += 'x';
      return fresh;
    };
    this.fresh = { user: freshName('user'), role: freshName('role') };
  }

  /** Null where some pattern has wildcards. */
  static of(matchers: readonly Matcher[]): PlainCallers | null {
    return matchers.every(isSimple) ? new PlainCallers(matchers) : null;
  }

  private addArn(text: string): void {
    const arn = splitArn(text);
    if (arn === null || arn.service !== 'iam' || arn.region !== '' || !PRINCIPAL.test(arn.resource)) return;
    const known = this.byAccount.get(arn.account);
    if (known === undefined) this.byAccount.set(arn.account, [text]);
    else known.push(text);
  }

  /** ARNs of users and roles: strangers come first, then the names that the policy asks for, then whole ARNs. */
  arnsOf(accounts: readonly string[], partition: string): readonly string[] {
    const arns = new Set<string>();
    for (const account of accounts) {
      for (const type of ['user', 'role'] as const) {
        for (const name of [this.fresh[type], ...this.names])
          arns.add(`arn:${partition}:iam::${account}:${type}/${name}`);
      }
    }
    for (const account of accounts) {
      for (const arn of this.byAccount.get(account) ?? []) if (partitionOf(arn) === partition) arns.add(arn);
    }
    return [...arns];
  }

  /** ARNs that a role known by its account and name can have: that without a path, another, and those written out. */
  roleArnsOf(account: string, name: string, partition: string): readonly string[] {
    const start = `arn:${partition}:iam::${account}:role/`;
    const written = (this.byAccount.get(account) ?? []).filter(
      (arn) => arn.startsWith(start) && arn.endsWith(`/${name}`),
    );
    let fresh = `${start}path/${name}`;
    while (written.includes(fresh)) fresh = fresh.replace('/path', '/path/path');
    return [...new Set(written.length === 0 ? [`${start}${name}`] : [`${start}${name}`, fresh, ...written])];
  }

  /** How many ARNs an account has at most, apart from those that are written out. */
  get size(): number {
    return 2 * (this.names.length + 1);
  }
}
