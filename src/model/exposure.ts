/** The four outcomes. `error`: could not be read or decided; never folded into another. */
export type Outcome = 'pass' | 'fail' | 'not-applicable' | 'error';
/** What a rule's own text can say of a policy. */
export type LiteralOutcome = Exclude<Outcome, 'error'>;

export type Guard = 'mfa' | 'external-id';

/** One way in: a statement, one of its principals, the account behind it. */
export interface PathIn {
  /** Index into the policy's statements, from 0. */
  readonly statement: number;
  readonly sid: string | null;
  /** The principal as written in the policy. */
  readonly principal: string;
  /** 12 digits, or `*` when any account can come this way. */
  readonly account: string;
  /** The account is one for example: any other of the own organisation can come this way as well. */
  readonly anyMember?: true;
  /** Guards that close this path: every request must present one of them; empty: an unguarded way in. */
  readonly guards: readonly Guard[];
}

/** Names a way in by who comes and how the policy writes it, wherever the statement stands. */
export function pathKey({ principal, account }: Pick<PathIn, 'principal' | 'account'>): string {
  return JSON.stringify([principal, account]);
}

/** The keys of ways in, each once, sorted: the same for any order of statements and principals. */
export function pathKeys(paths: readonly PathIn[]): readonly string[] {
  return [...new Set(paths.map(pathKey))].sort();
}

/** A concrete request that AWS would let in. A context key that is left out is absent from the request. */
export interface Witness {
  readonly principalArn: string;
  readonly principalAccount: string;
  readonly actions: readonly string[];
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether principals of other accounts get in without MFA or an external ID. */
export interface Exposure {
  readonly verdict: Outcome;
  /** Stable code: `unguarded-external-path`, `guarded`, `no-external-path`, or an error code. */
  readonly reason: string;
  /** Stable codes, sorted, each once. */
  readonly notes: readonly string[];
  /** One sentence for people. */
  readonly message: string;
  readonly paths: readonly PathIn[];
  readonly witness: Witness | null;
}
