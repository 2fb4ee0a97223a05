import type { AccountGap, Completeness, ReportSource } from '../../store/types.ts';
import { interruptedText } from './interrupted.ts';
import { formatCount, formatTime } from './labels.ts';

/** The option by which a member list is given, so that relations are graded and gaps are known. */
export const MEMBERS_OPTION = '--accounts';

/** What every output says when there is no member list; backticks mark code. */
export const MEMBERS_UNKNOWN = `the organisation's accounts were not given, so nobody can say which of them are missing, and relations are not graded; \`scan ${MEMBERS_OPTION} FILE\` takes the output of \`aws organizations list-accounts\``;

/** What is missing, and why the evidence is incomplete; the only place where that is asked for. */
export function missingOf(source: ReportSource): Completeness {
  const known = source.completeness();
  return { ...known, reasons: [...source.interrupted.map(interruptedText), ...known.reasons] };
}

/** `unknown`: nothing is known to be missing, but without a member list nobody can say that nothing is. */
export type Standing = 'complete' | 'incomplete' | 'unknown';

export function standingOf({
  membersKnown,
  reasons,
}: Pick<Completeness, 'membersKnown' | 'reasons'>): Standing {
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

/** Why an account is a gap, as a clause with its latest capture where there is one. */
export function gapWhy({ why, capturedAt, age }: AccountGap, maxAge: number | null): string {
  const reason = {
    'no-evidence': 'no evidence of it was read',
    'never-complete': 'no capture of it is complete',
    'too-old': `its latest complete capture is older than ${maxAge === null ? 'allowed' : days(maxAge)}`,
  }[why];
  if (capturedAt === null) return reason;
  const old = age === null || age === 0 ? '' : `, ${days(age)} before the newest of all`;
  return `${reason}; latest capture ${formatTime(capturedAt)}${old}`;
}

/** The same as a whole sentence that names the account. */
export function gapSentence(gap: AccountGap, maxAge: number | null): string {
  const name = gap.name === null ? '' : ` (${gap.name})`;
  return `Account ${gap.account}${name} of the organisation is not covered: ${gapWhy(gap, maxAge)}.`;
}

/** The badge of an account that stands as last captured, long before the newest capture. */
export function carriedWords(age: number): string {
  return `carried forward, ${days(age)}`;
}

/** A capture time that a copy of the file may have changed, as a sentence without its end. */
export function timedWords(files: number): string {
  return `${formatCount(files)} ${files === 1 ? 'file has' : 'files have'} no capture time but the modification time of the file, which may be the time of a copy`;
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
    reasons,
  };
}

/** A sentence of our own without the backticks that mark code. */
export function plainText(sentence: string): string {
  return sentence.replaceAll('`', '');
}

export function days(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'day' : 'days'}`;
}
