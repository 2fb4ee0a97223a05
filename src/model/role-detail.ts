/** A policy that stands in the role itself. */
export interface InlinePolicy {
  readonly name: string;
  /** JSON text; null when the export shows none that can be read. */
  readonly document: string | null;
}

/**
 * What one export shows of a role beside its trust policy. Each member is null where the export does not show it, which
 * says nothing; an empty list says that there is none.
 */
export interface RoleDetail {
  /** ISO 8601 UTC. */
  readonly createdAt: string | null;
  /** ISO 8601 UTC. `never`: the export says that the role was not used in the period that AWS keeps, 400 days. */
  readonly lastUsed: string | null;
  /** Seconds. */
  readonly maxSession: number | null;
  /** By key. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** ARN of the permissions boundary, `''` when there is none. */
  readonly boundary: string | null;
  /** ARNs of the managed policies attached to it, sorted. */
  readonly attached: readonly string[] | null;
  /** By name. */
  readonly inline: readonly InlinePolicy[] | null;
  /** The lists that more may belong to than is shown: they come of tables that nobody said are whole. */
  readonly partial?: readonly PolicyList[];
}

export type PolicyList = 'attached' | 'inline';

/** The gravest first. What is not known stands between what is known to be grave and what is known not to be. */
export const PRIVILEGES = [
  'administrator',
  'can-become-administrator',
  'unknown',
  'limited',
  'none',
] as const;
export type Privileges = (typeof PRIVILEGES)[number];

/** What a way in leads to, of a failing role; keys are a public contract. It orders findings and changes no verdict. */
export interface Impact {
  readonly privileges: Privileges;
  /** One sentence for people: what decides, with its source. */
  readonly why: string;
  /** ARNs of the managed policies attached, and names of inline ones as `inline:NAME`; sorted. */
  readonly policies: readonly string[];
  /** ARN; null: none, or not known. */
  readonly boundary: string | null;
  /** ISO 8601 UTC; `never`; null: not known. */
  readonly lastUsed: string | null;
  readonly created: string | null;
  /** Seconds; null: not known. */
  readonly maxSession: number | null;
  /** Empty where there are none, or none is known. */
  readonly tags: Readonly<Record<string, string>>;
}
