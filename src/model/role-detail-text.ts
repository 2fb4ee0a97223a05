import type { RoleDetail } from './role-detail.ts';

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
