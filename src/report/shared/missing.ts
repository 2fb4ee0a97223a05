import type {
  AccountGap,
  Completeness,
  InterruptedRun,
  Lack,
  MissingParts,
  OrganizationBehind,
  UnknownGuardrails,
} from '../../model/completeness.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { shownTime } from './labels.ts';

/** The option by which a member list is given, so that relations are graded and gaps are known. */
export const MEMBERS_OPTION = '--accounts';

/** What every output says when there is no member list, in short. */
export const MEMBERS_NOT_GIVEN =
  "the organisation's accounts were not given, so nobody can say which of them are missing";

/** The same with what follows from it and what to do; backticks mark code. */
export const MEMBERS_UNKNOWN = `${MEMBERS_NOT_GIVEN}, and relations are not graded; \`scan ${MEMBERS_OPTION} FILE\` takes the output of \`aws organizations list-accounts\``;

/** What is missing, and why the evidence is incomplete; the only place where that is asked for. */
export function missingOf(source: ReportSource): Completeness {
  const known = source.completeness();
  const interrupted = source.interrupted.map(({ id, paths }): Lack => {
    const named = paths.slice(0, SHOWN_PATHS);
    return {
      what: `scan ${id} was interrupted or is still under way`,
      named,
      more: paths.length - named.length,
    };
  });
  const parts = source.missingParts.map(
    (one): Lack => ({ what: missingPartsWords(one), named: [], more: 0 }),
  );
  return {
    ...known,
    reasons: [...unreadScans(source), ...known.reasons],
    lacks: [...interrupted, ...parts, ...lacksOf(known)],
  };
}

/**
 * What scans were to read and did not: those that did not come to their end, and parts of a list that were not scanned. Each as
 * part of a sentence; whatever is told of a store may be half of it then.
 */
export function unreadScans({
  interrupted,
  missingParts,
}: Pick<ReportSource, 'interrupted' | 'missingParts'>): readonly string[] {
  return [...interrupted.map(interruptedText), ...missingParts.map(missingPartsText)];
}

/** Why the evidence is incomplete, in short; a reason that has no short form stands whole. */
export function lacksOf({ reasons, lacks = [] }: Pick<Completeness, 'reasons' | 'lacks'>): readonly Lack[] {
  return lacks.length === reasons.length ? lacks : reasons.map((what) => ({ what, named: [], more: 0 }));
}

/** `unknown`: nothing is known to be missing, but without a member list nobody can say that nothing is. */
export type EvidenceStanding = 'complete' | 'incomplete' | 'unknown';

export function standingOf({
  membersKnown,
  reasons,
}: Pick<Completeness, 'membersKnown' | 'reasons'>): EvidenceStanding {
  if (reasons.length > 0) return 'incomplete';
  return membersKnown ? 'complete' : 'unknown';
}

/** Whether the evidence is complete, as a sentence without its end; null when it is. */
export function standingWords(missing: Completeness): string | null {
  switch (standingOf(missing)) {
    case 'complete':
      return null;
    case 'incomplete':
      return `Evidence incomplete: ${missing.reasons.join('; ')}`;
    case 'unknown':
      return `Completeness not known: ${plainText(MEMBERS_UNKNOWN)}`;
  }
}

/**
 * What complete evidence is, as a sentence without its end.
 *
 * @param where of what it is complete, behind a blank; empty for all that is told
 */
export function completeWords({ members }: Completeness, where = ''): string {
  return `every account of the organisation (${formatCount(members)}) is covered whole${where}, and no part of the evidence is missing`;
}

/** Why an account is a gap, as a clause with its latest capture where there is one. */
export function gapWhy({ why, capturedAt, age }: AccountGap, maxAge: number | null): string {
  const reason = {
    'no-evidence': 'no evidence of it was read',
    'never-complete': 'no capture of it is complete',
    'too-old': `its latest complete capture is older than ${maxAge === null ? 'allowed' : days(maxAge)}`,
  }[why];
  if (capturedAt === null) return reason;
  const old = age === null || age === 0 ? '' : `, ${days(age)} before the newest of all`;
  return `${reason}; latest capture ${shownTime(capturedAt)}${old}`;
}

/** The same as a whole sentence that names the account. */
export function gapSentence(gap: AccountGap, maxAge: number | null): string {
  const name = gap.name === null ? '' : ` (${gap.name})`;
  return `Account ${gap.account}${name} of the organisation is not covered: ${gapWhy(gap, maxAge)}.`;
}

/** Why guardrails of an account count for nothing. */
export function guardrailsSentence({ account, lack }: UnknownGuardrails): string {
  return `Not every resource control policy of account ${account} is known with its text: the evidence does not show ${lack}.`;
}

/** A problem of evidence of organisations as a sentence of its own. */
export function problemSentence(message: string): string {
  return `${message.slice(0, 1).toUpperCase()}${message.slice(1)}.`;
}

/** Evidence of an organisation that is older than most, as a sentence without its end. */
export function behindWords({ organization, age, capturedAt }: OrganizationBehind): string {
  return `evidence of organisation ${organization} is ${carriedWords(age)}: captured ${shownTime(capturedAt)}`;
}

/** What the latest capture of an account lacks. */
export const ACCOUNT_NOT_WHOLE = 'not covered whole: roles may be missing';

/** The badge of an account that stands as last captured, long before the newest capture. */
export function carriedWords(age: number): string {
  return `carried forward, ${days(age)}`;
}

/** A capture time that a copy of the file may have changed, as a sentence without its end. */
export function timedWords(files: number): string {
  return `${formatCounted(files, 'file has', 'files have')} no capture time but the modification time of the file, which may be the time of a copy`;
}

/** Ages in days of the accounts that are carried forward. */
export function carriedAccounts(source: ReportSource): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  for (const { account, carriedForward } of source.accounts()) {
    if (carriedForward !== null) ages.set(account, carriedForward);
  }
  return ages;
}

/** What is missing as properties of a log: the numbers, and the lists that are short. */
export function completenessFacts(missing: Completeness): object {
  const { membersKnown, members, closed, carriedForward, accountsIncomplete, reasons } = missing;
  const { staleAfter, maxAge, unread, timedByModification, disagreements, gaps } = missing;
  const { guardrailsUnknown, organizationsBehind } = missing;
  return {
    complete: standingOf(missing) === 'complete',
    membersKnown,
    members,
    gaps: gaps.length,
    closed,
    accountsIncomplete,
    carriedForward,
    staleAfter,
    maxAge,
    unread,
    timedByModification,
    disagreements,
    ...(guardrailsUnknown !== undefined && { guardrailsUnknown: guardrailsUnknown.length }),
    ...(organizationsBehind !== undefined && { organizationsBehind }),
    reasons,
  };
}

/** A sentence of our own without the backticks that mark code. */
export function plainText(sentence: string): string {
  return sentence.replaceAll('`', '');
}

export function days(count: number): string {
  return formatCounted(count, 'day');
}

const SHOWN_PATHS = 3;

/** What a run that did not come to its end means, as part of a sentence. Paths are shown as they were given. */
export function interruptedText({ id, paths }: InterruptedRun): string {
  const more = paths.length - SHOWN_PATHS;
  const of = paths.slice(0, SHOWN_PATHS).join(', ') + (more > 0 ? ` and ${more} more` : '');
  // What came through a pipe has no path by which a later scan could be known to have read it again.
  const end = paths.includes('-')
    ? `\`trustsieve runs forget ${id}\` takes it back`
    : 'the same paths are scanned to the end';
  return `scan ${id}${of === '' ? '' : ` of ${of}`} was interrupted or is still under way, so evidence may be missing until ${end}`;
}

/** Stretches of missing parts that are named. */
const SHOWN_PARTS = 8;

/** Which parts of a list are missing, and what to do about it, as part of a sentence. */
export function missingPartsText(missing: MissingParts): string {
  const { parts, run, missing: stretches } = missing;
  const words = missingPartsWords(missing);
  if (run !== null) return `${words}; \`trustsieve report\` without --run speaks of all parts in the store`;
  const [first] = stretches[0] ?? [1];
  return `${words}: merge their stores (\`trustsieve merge\`), or scan them (\`trustsieve scan --shard ${first}/${parts}\`)`;
}

/** The same in short. */
export function missingPartsWords({ list, parts, missing, run }: MissingParts): string {
  const named = missing.slice(0, SHOWN_PARTS).flatMap(stretchWords);
  const count = missing.reduce((sum, [first, last]) => sum + last - first + 1, 0);
  const more = missing.slice(SHOWN_PARTS).reduce((sum, [first, last]) => sum + last - first + 1, 0);
  if (more > 0) named.push(`${formatCount(more)} more`);
  const end = named.pop() ?? '';
  const which = named.length === 0 ? end : `${named.join(', ')} and ${end}`;
  const where = run === null ? 'not in this store' : `not what scan ${run} read`;
  return `${count === 1 ? 'part' : 'parts'} ${which} of ${formatCount(parts)} of a scan (list ${list.slice(0, 12)}) ${count === 1 ? 'is' : 'are'} ${where}`;
}

/** The same as a whole sentence. */
export function missingPartsSentence(missing: MissingParts): string {
  const text = missingPartsText(missing);
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

function stretchWords([first, last]: MissingParts['missing'][number]): readonly string[] {
  const [from, to] = [formatCount(first), formatCount(last)];
  if (last - first > 1) return [`${from} to ${to}`];
  return last > first ? [from, to] : [from];
}
