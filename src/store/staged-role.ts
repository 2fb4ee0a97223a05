import type { PolicyVerdict } from '../audit/verdict.ts';
import type { StagedPolicy } from './staged-policy.ts';

/** The verdicts of all rules on one trust policy. */
export interface Evaluated {
  /** '' when they hold for every owning account the policy does not mention, else the one account they hold for. */
  readonly account: string;
  readonly verdicts: readonly PolicyVerdict[];
}

/** One role as one file shows it at one time. */
export interface StagedRole {
  readonly arn: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly partition: string;
  /** SHA-256 of the trust policy; '' when the export says that the role is gone. */
  readonly policy: string;
  readonly version: string;
  readonly offset: number;
}

/** One account at one time as one file shows it; `pages` may be read once per call of `groups()`. */
export interface StagedCapture {
  readonly account: string;
  /** Evidence time, ISO 8601 UTC. */
  readonly capturedAt: string;
  /** Null when the file says nothing of it; it then counts as incomplete. */
  readonly complete: boolean | null;
  /** Null when complete. */
  readonly reason: string | null;
  readonly pages: Iterable<readonly StagedRole[]>;
}

/** A distinct policy of a file with what the rules say of it, per account scope. */
export interface StagedVerdicts {
  readonly policy: StagedPolicy;
  readonly evaluated: Iterable<Evaluated>;
}

export interface StagedReject {
  readonly offset: number;
  readonly pointer: string;
  readonly code: string;
  readonly message: string;
}

/**
 * Which of two records of one role in one capture of one file stands: the newer version; then a live one over a
 * deleted one; then the greater policy hash; then the one that comes first in the file.
 */
export function supersedes(a: StagedRole, b: StagedRole): boolean {
  if (a.version !== b.version) return a.version > b.version;
  if (a.policy !== b.policy) return a.policy > b.policy;
  return a.offset < b.offset;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * Text as SQLite can hold it. UTF-8 has no lone surrogates; without this, two names that differ only in one would
 * be two roles here and one in the store.
 */
export function storableText(text: string): string {
  return LONE_SURROGATE.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;
}
