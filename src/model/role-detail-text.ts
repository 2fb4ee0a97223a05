import type { InlinePolicy, RoleDetail } from './role-detail.ts';

/** What a capture shows of a failing role, as it is kept: what changes from day to day stands apart from the rest. */
export interface StoredDetail {
  /** JSON of all members but `lastUsed`. */
  readonly text: string;
  readonly lastUsed: string | null;
}

export const UNKNOWN_DETAIL: RoleDetail = {
  createdAt: null,
  lastUsed: null,
  maxSession: null,
  tags: null,
  boundary: null,
  attached: null,
  inline: null,
};

/** The same for details that say the same: keys of tags, ARNs and names are sorted. */
export function storedDetail(detail: RoleDetail): StoredDetail {
  const { createdAt, lastUsed, maxSession, boundary } = detail;
  const tags = detail.tags === null ? null : sortedKeys(detail.tags);
  const attached = detail.attached === null ? null : [...detail.attached].sort();
  const inline =
    detail.inline === null
      ? null
      : detail.inline
          .map(({ name, document }) => [name, document] as const)
          .sort(byFirst)
          .map(([name, document]) => ({ name, document }));
  return { text: JSON.stringify({ createdAt, maxSession, tags, boundary, attached, inline }), lastUsed };
}

export const UNKNOWN_STORED: StoredDetail = storedDetail(UNKNOWN_DETAIL);

/** How a text ends that tells nothing of permissions, nor of a boundary that would narrow them. */
export const NO_PERMISSIONS: readonly string[] = [
  '"boundary":null,"attached":null,"inline":null}',
  '"boundary":"","attached":null,"inline":null}',
];

export function loadedDetail({ text, lastUsed }: StoredDetail): RoleDetail {
  return { ...(JSON.parse(text) as Omit<RoleDetail, 'lastUsed'>), lastUsed };
}

/** What a table of policies shows of one role. */
export interface TableOfPolicies<Policy> {
  readonly policies: readonly Policy[];
  /** It is known to show all that the role has. */
  readonly whole: boolean;
}

/**
 * The detail with what tables of policies of the same moment show besides. Where they contradict a list that is shown in
 * full, that list is not known.
 */
export function withTables(
  detail: RoleDetail,
  attached: TableOfPolicies<string> | null,
  inline: TableOfPolicies<InlinePolicy> | null,
): RoleDetail {
  const arns = joined(
    detail.attached,
    attached === null ? null : { ...attached, policies: [...new Set(attached.policies)].sort() },
    (arn) => arn,
  );
  const inlined = joined(
    detail.inline,
    inline === null ? null : { ...inline, policies: agreed(inline.policies) },
    ({ name }) => name,
  );
  const partial = [
    ...(arns.partial ? (['attached'] as const) : []),
    ...(inlined.partial ? (['inline'] as const) : []),
  ];
  return {
    ...detail,
    attached: arns.list,
    inline: inlined.list,
    ...(partial.length > 0 && { partial }),
  };
}

function joined<Policy>(
  list: readonly Policy[] | null,
  table: TableOfPolicies<Policy> | null,
  nameOf: (policy: Policy) => string,
): { readonly list: readonly Policy[] | null; readonly partial: boolean } {
  if (table === null) return { list, partial: false };
  const { policies, whole } = table;
  if (list === null) {
    return policies.length === 0 && !whole ? { list, partial: false } : { list: policies, partial: !whole };
  }
  const names = new Set(list.map(nameOf));
  const contradicts =
    policies.some((policy) => !names.has(nameOf(policy))) || (whole && policies.length < names.size);
  return { list: contradicts ? null : list, partial: false };
}

/** By name, each once; of one that is shown in several ways the text is not known. */
function agreed(policies: readonly InlinePolicy[]): readonly InlinePolicy[] {
  const byName = new Map<string, string | null>();
  for (const { name, document } of policies) {
    const known = byName.get(name);
    byName.set(name, known === undefined || known === document ? document : null);
  }
  return [...byName].sort(byFirst).map(([name, document]) => ({ name, document }));
}

/** What several files of one moment say together: members on which those that show them agree, and null for the others. */
export function agreedDetail(details: readonly RoleDetail[]): RoleDetail {
  const [only] = details;
  if (details.length === 1 && only !== undefined) return only;
  const members = Object.keys(UNKNOWN_DETAIL) as (keyof RoleDetail)[];
  return Object.fromEntries(
    members.map((member) => {
      const shown = details.map((detail) => detail[member]).filter((value) => value !== null);
      const [first = null] = shown;
      const agree = new Set(shown.map((value) => JSON.stringify(value))).size === 1;
      return [member, agree ? first : null];
    }),
  ) as unknown as RoleDetail;
}

function sortedKeys(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const entries = Object.entries(tags);
  return entries.length < 2 ? tags : Object.fromEntries(entries.sort(byFirst));
}

function byFirst([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
