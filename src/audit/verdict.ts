/** The four outcomes. `error`: could not be read or decided; never folded into another. */
export type Outcome = 'pass' | 'fail' | 'not-applicable' | 'error';

/** In the order reports list them. */
export const OUTCOMES: readonly Outcome[] = ['fail', 'error', 'pass', 'not-applicable'];

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
  /** Guards that close this path: every request must present one of them; empty: an unguarded way in. */
  readonly guards: readonly Guard[];
}

/** A concrete request that AWS would let in. A context key that is left out is absent from the request. */
export interface Witness {
  readonly principalArn: string;
  readonly principalAccount: string;
  readonly actions: readonly string[];
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** The verdict of one rule on one trust policy for one owning account: a pure function of these. */
export interface PolicyVerdict {
  readonly rule: string;
  readonly verdict: Outcome;
  /** What the rule's own text says when taken at its word. */
  readonly literal: Outcome;
  /** Stable code: `unguarded-external-path`, `guarded`, `no-external-path`, or an error code. */
  readonly reason: string;
  /** Stable codes, sorted, each once. */
  readonly notes: readonly string[];
  /** One sentence for people. */
  readonly message: string;
  readonly paths: readonly PathIn[];
  readonly witness: Witness | null;
}

export type Relation = 'any' | 'third-party' | 'same-organisation' | 'unknown';
export type Severity = 'critical' | 'high' | 'medium' | 'low';

export interface GradedPath extends PathIn {
  readonly accountName: string | null;
  readonly relation: Relation;
}

/**
 * How a finding compares with the look before at its account and rule; docs/history.md says how that is chosen.
 * `baseline`: there is none. `not-comparable`: there is one, but one of the two leaves open whether the finding was
 * there or the rule's text changed.
 */
export type FindingState = 'new' | 'changed' | 'reopened' | 'unchanged' | 'not-comparable' | 'baseline';

/** The product's verdict object; keys are a public contract. `check` leaves out the last five. */
export interface VerdictObject {
  readonly rule: string;
  readonly account: string;
  readonly partition: string;
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly verdict: Outcome;
  readonly literal: Outcome;
  readonly severity: Severity | null;
  readonly reason: string;
  readonly notes: readonly string[];
  readonly message: string;
  readonly paths: readonly GradedPath[];
  readonly witness: Witness | null;
  readonly evidence: {
    readonly source: string;
    readonly sha256: string;
    readonly offset: number;
    readonly capturedAt: string;
  };
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Of a finding; also of an `error` where a finding was before. Else null. */
  readonly state: FindingState | null;
  readonly suppressedBy: string | null;
}
