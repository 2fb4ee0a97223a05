import type { DisagreementRow } from '../../model/completeness.ts';
import { namesAndMore } from './labels.ts';

/** The badge of a verdict that rests on files that disagree. */
export const DISAGREEING_WORDS = 'files disagree';

/** Files that a sentence names. */
const NAMED_FILES = 3;

/**
 * What files of one moment disagree on, and what stands, as a whole sentence that names the role.
 *
 * @param shown what comes from the evidence, as the output shows it
 */
export function disagreementSentence(
  row: DisagreementRow,
  shown: (text: string) => string = (text) => text,
): string {
  const { roleId, what } = row;
  const arn = shown(row.arn);
  const at = shown(row.capturedAt);
  const id = roleId === '' ? null : shown(roleId);
  const role = id === null ? arn : `${arn} (${id})`;
  const paths = shownBy(row);
  const files = namesAndMore(paths.slice(0, NAMED_FILES).map(shown), paths.length);
  const after = files === '' ? '' : `: ${files}`;
  const these = `${paths.length === 1 ? 'Records of one file' : 'Files'} of ${at}`;
  switch (what) {
    case 'policies':
      return `${these} show different trust policies of ${role}${after}; the worst verdict stands.`;
    case 'existence':
      return `Files of ${at} disagree on whether ${role} was there${files === '' ? '' : ` (shown by ${files})`}; it is taken to stand.`;
    case 'ids':
      return `${these} show several role ids of ${arn}${id === null ? '' : `, ${id} among them`}${after}; each is reported.`;
  }
}

/** Of the rows, those of the first roles, and how many roles these are: a role may have several, one after the other. */
export function ofFirstRoles(
  rows: Iterable<DisagreementRow>,
  limit: number,
): { readonly rows: readonly DisagreementRow[]; readonly roles: number } {
  const taken: DisagreementRow[] = [];
  let roles = 0;
  for (const row of rows) {
    const before = taken.at(-1);
    const isSame = before?.account === row.account && before.arn === row.arn && before.roleId === row.roleId;
    if (!isSame && roles === limit) break;
    if (!isSame) roles += 1;
    taken.push(row);
  }
  return { rows: taken, roles };
}

/** What they disagree on and what stands, for the cell of a table. */
export const DISAGREEMENT_MEANING: Readonly<Record<DisagreementRow['what'], string>> = {
  policies: 'different trust policies; the worst verdict stands',
  existence: 'whether it was there; it is taken to stand',
  ids: 'several role ids; each is reported',
};

/** The files that show the role, each once. */
export function shownBy({ sources }: DisagreementRow): readonly string[] {
  return [...new Set(sources.map(({ path }) => path))];
}
