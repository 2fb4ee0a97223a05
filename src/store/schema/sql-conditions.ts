import { HARMLESS } from '../../model/capture.ts';

/** SQL: true for the id of a ledger, false for that of an account. `column` must not come from outside. */
export function isLedger(column: string): string {
  return `length(${column}) > 12`;
}

/** SQL: `isHarmless` of the column `reason` of a file that does not claim to show all roles. */
export function isHarmlessIn(column: string): string {
  const rest = [...HARMLESS].reduce(
    (text, reason) => `replace(${text}, '${reason},', '')`,
    `${column} || ','`,
  );
  return `${rest} = ''`;
}

/**
 * SQL: the row, of captures or of their sources, shows something of roles. A snapshot of AWS Config without any says
 * nothing of them: it is a capture only of an account that has no other.
 */
export function showsRoles(reason: string): string {
  return `${reason} IS NOT 'no-iam-recorded'`;
}

/** SQL: the latest time of a group of such rows, of those that show roles where there is one. */
export function latestTime(time: string, reason: string): string {
  return `coalesce(max(CASE WHEN ${showsRoles(reason)} THEN ${time} END), max(${time}))`;
}

/** SQL that holds for some of the files `e`. */
export type FileCondition = (e: string) => string;
const ANY_FILE: FileCondition = () => '1';

const lastRun = (evidence: string): string =>
  `(SELECT max(x.run_id) FROM run_evidence x WHERE x.evidence_id = ${evidence}.id)`;

/** SQL: the file `e` was lost with a store, see `evidence-not-rebuilt`: what it showed is in no later file of its path. */
const isLost = (e: string): string => `instr(${e}.problem_codes, '"evidence-not-rebuilt"') > 0`;

/**
 * SQL: the file `e` is a folder that could not be listed, and a later run that read all that its paths lead to found files in
 * it. A file has nothing below it.
 */
const isListedSince = (e: string, known: FileCondition): string => `EXISTS (
  SELECT 1 FROM run r, json_each(r.options, '$.paths') p
  WHERE r.id > ${lastRun(e)} AND r.status IN ('complete', 'incomplete')
    AND NOT EXISTS (SELECT 1 FROM shard t WHERE t.run_id = r.id AND t.parts > 1)
    AND substr(${e}.path || '/', 1, length(rtrim(p.value, '/')) + 1) = rtrim(p.value, '/') || '/'
    AND EXISTS (
      SELECT 1 FROM evidence below JOIN run_evidence x ON x.evidence_id = below.id AND x.run_id = r.id
      WHERE ${known('below')} AND below.path > ${e}.path || '/' AND below.path < ${e}.path || '0'))`;

/**
 * SQL: a later run read the path `e` again. Standard input is no path, and what was left aside as no evidence at all
 * brings nothing back. Or it is a folder that was listed since.
 */
const isReplaced = (
  e: string,
  known: FileCondition,
): string => `${e}.path <> '-' AND NOT ${isLost(e)} AND (EXISTS (
  SELECT 1 FROM evidence later
  WHERE ${known('later')} AND later.path = ${e}.path AND later.id <> ${e}.id AND NOT (later.status = 'complete' AND later.format IS NULL)
    AND ${lastRun('later')} > ${lastRun(e)}) OR ${isListedSince(e, known)})`;

/** SQL: whole files show all that the file `e` shows, at the same accounts and times. */
const isCovered = (e: string): string =>
  `EXISTS (SELECT 1 FROM capture_source s WHERE s.evidence_id = ${e}.id)
   AND NOT EXISTS (SELECT 1 FROM capture_source s WHERE s.evidence_id = ${e}.id AND s.covered = 0)`;

/**
 * SQL: what the file `e` lacks was read since, so that nothing is missing on its account.
 *
 * @param known which files count as read since
 */
export const isMended = (e: string, known: FileCondition = ANY_FILE): string =>
  `(${isReplaced(e, known)}) OR (${isCovered(e)})`;

/**
 * SQL: a report of the whole store lists the file `e`: all but those that showed nothing and were read again since.
 * A function of the evidence and of which reading of a path came last, not of how the evidence was dealt into runs.
 */
export const isListed = (e: string, known: FileCondition = ANY_FILE): string => `(${e}.whole = 1
  OR EXISTS (SELECT 1 FROM capture_source s WHERE s.evidence_id = ${e}.id)
  OR EXISTS (SELECT 1 FROM organization_fact o WHERE o.evidence_id = ${e}.id) OR NOT (${isReplaced(e, known)}))`;
