import { CLOSED_STATUSES, type MemberList } from '../../model/account-lists.ts';
import type { AccountGap, Completeness, RejectGroup } from '../../model/completeness.ts';
import { addsUp } from '../../model/record-counts.ts';
import type { AccountLook, MissingEvidence, StoreReader } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import type { DisagreementTally } from './disagreement-tally.ts';
import { organizationGaps } from './organizations.ts';
import { andMore, lack, NAMED, type Reason, shortReason } from './reason.ts';

/** What completeness is asked about. */
export interface CompletenessQuestion {
  /** Null for the whole store. */
  readonly run: number | null;
  /** The looks are those before the latest: that an account has none, or an old one, is no gap. */
  readonly before: boolean;
  /** The accounts in scope, each at its latest look, by id. */
  readonly looks: readonly AccountLook[];
  /** Days. */
  readonly staleAfter: number;
  /** Days; null: no account is too old. */
  readonly maxAge: number | null;
  /** Verdicts that are errors. */
  readonly undecided: number;
  /** What is counted as undecided. */
  readonly undecidedWhat: 'role' | 'verdict';
  readonly disagreements: DisagreementTally;
}

const DAY = 86_400;
const NOTHING_MISSING: MissingEvidence = { unread: 0, firstUnread: [], rejects: [] };

export function completenessOf(reader: StoreReader, question: CompletenessQuestion): Completeness {
  const { run, before, looks, staleAfter, disagreements } = question;
  const list = before ? null : reader.members();
  const maxAge = before ? null : question.maxAge;
  // What files lack is asked for with the latest looks.
  const missing = before ? NOTHING_MISSING : reader.missingEvidence(run, NAMED);
  const closed = (list?.members ?? []).filter(({ status }) => CLOSED_STATUSES.has(status));
  const gaps = gapsOf(looks, list, maxAge);
  const behind = daysBehind(looks, staleAfter);
  const unrecorded = looks.filter(
    ({ account, at, completeAt }) => completeAt === null && reader.isUnrecorded(account, at),
  );
  const newest = newestOf(looks);
  const ageOf = (time: string): number => Math.floor((newest - secondsOf(time)) / DAY);
  const organizations = organizationGaps(reader, looks, ageOf, { staleAfter, maxAge });
  const cut = looks.filter(({ completeAt, gapAt }) => (before || completeAt !== null) && gapAt !== null);
  const reasons = [
    ...evidenceReasons(before || looks.length > 0, list, gaps, maxAge, missing),
    ...(addsUp(reader.evidenceTotals(run)) ? [] : [shortReason('the counts of records do not add up')]),
    ...disagreements.reason(),
    ...organizations.reasons,
    ...accountReason('AWS Config recorded no role of', unrecorded),
    ...accountReason('roles may be missing in the latest evidence of', cut),
    ...undecidedReasons(question.undecided, question.undecidedWhat).map(shortReason),
  ];
  return {
    membersKnown: list !== null,
    membersWhole: list === null || list.whole,
    members: (list?.members.length ?? 0) - closed.length,
    gaps,
    closed,
    carriedForward: looks.filter(({ at }) => behind(at) !== null).length,
    accountsIncomplete: looks.filter(({ complete }) => !complete).length,
    staleAfter,
    maxAge,
    unread: missing.unread,
    rejects: missing.rejects,
    timedByModification: reader.timedByModification(run),
    disagreements: disagreements.count(),
    ...(organizations.guardrailsUnknown.length > 0 && { guardrailsUnknown: organizations.guardrailsUnknown }),
    ...(organizations.problems.length > 0 && { organizationProblems: organizations.problems }),
    ...(organizations.behind.length > 0 && { organizationsBehind: organizations.behind }),
    reasons: reasons.map(({ text }) => text),
    lacks: reasons.map(({ what, named, more }) => ({ what, named, more })),
  };
}

/** Why evidence is incomplete, as far as its files and the list of accounts tell. */
export function evidenceReasons(
  showsRoles: boolean,
  list: MemberList | null,
  gaps: readonly AccountGap[],
  maxAge: number | null,
  missing: MissingEvidence,
): readonly Reason[] {
  return [
    ...(showsRoles ? [] : [shortReason(NO_ROLE)]),
    ...gapReasons(gaps, maxAge),
    ...(list?.whole === false ? [shortReason('the list of the accounts ends before its last page')] : []),
    ...(missing.unread > 0 ? [unreadReason(missing.unread, missing.firstUnread)] : []),
    ...rejectReasons(missing.rejects),
  ];
}

/** What evidence without any role comes to. */
const NO_ROLE = 'no role was found in the evidence';

/** What could not be decided. `what`: what is counted. */
export function undecidedReasons(count: number, what: 'role' | 'verdict'): readonly string[] {
  return count > 0 ? [`${counted(count, what)} could not be decided`] : [];
}

/** Whole days that a capture is older than the newest, when it is more than `days` older; else null. */
export function daysBehind(
  looks: readonly Pick<AccountLook, 'at'>[],
  days: number,
): (at: string) => number | null {
  const newest = newestOf(looks);
  return (at) => {
    const seconds = newest - secondsOf(at);
    return seconds > days * DAY ? Math.floor(seconds / DAY) : null;
  };
}

/**
 * Accounts without complete evidence that should have some. The view `v_account_gap` says the same in SQL; a test holds
 * the two together.
 */
export function gapsOf(
  looks: readonly Pick<AccountLook, 'account' | 'name' | 'at' | 'completeAt'>[],
  list: MemberList | null,
  maxAge: number | null,
): readonly AccountGap[] {
  const newest = newestOf(looks);
  const isTooOld = (at: string): boolean => maxAge !== null && newest - secondsOf(at) > maxAge * DAY;
  const seen = new Map(looks.map((look) => [look.account, look]));
  const listed = new Map((list?.members ?? []).map((member) => [member.account, member]));
  const gaps: AccountGap[] = [];
  for (const account of [...new Set([...listed.keys(), ...seen.keys()])].sort()) {
    const member = listed.get(account);
    const look = seen.get(account);
    if (member !== undefined && CLOSED_STATUSES.has(member.status)) continue;
    const name = member?.name ?? look?.name ?? null;
    if (look === undefined) {
      gaps.push({ account, name, why: 'no-evidence', capturedAt: null, age: null });
      continue;
    }
    const { at, completeAt } = look;
    const age = Math.floor((newest - secondsOf(at)) / DAY);
    const why =
      member !== undefined && completeAt === null
        ? 'never-complete'
        : isTooOld(completeAt ?? at)
          ? 'too-old'
          : null;
    if (why !== null) gaps.push({ account, name, why, capturedAt: `${at}Z`, age });
  }
  return gaps;
}

function newestOf(looks: readonly Pick<AccountLook, 'at'>[]): number {
  const newest = looks
    .map(({ at }) => at)
    .sort()
    .at(-1);
  return newest === undefined ? 0 : secondsOf(newest);
}

/** Fractions are left out, as SQLite does, so that the views count the same days. */
function secondsOf(columnTime: string): number {
  return Math.floor(Date.parse(`${columnTime}Z`) / 1000);
}

function gapReasons(gaps: readonly AccountGap[], maxAge: number | null): readonly Reason[] {
  const of = (why: AccountGap['why']): readonly AccountGap[] => gaps.filter((gap) => gap.why === why);
  return [
    ...accountReason('there is no evidence of', of('no-evidence')),
    ...accountReason('there never was complete evidence of', of('never-complete')),
    ...accountReason(
      `there is no complete evidence of the last ${maxAge === 1 ? 'day' : `${maxAge} days`} of`,
      of('too-old'),
    ),
  ];
}

function accountReason(what: string, accounts: readonly { readonly account: string }[]): readonly Reason[] {
  if (accounts.length === 0) return [];
  const names = accounts.slice(0, NAMED).map(({ account }) => account);
  const count = accounts.length;
  return [
    {
      text: `${what} ${count === 1 ? 'account' : 'accounts'} ${andMore(names, count)}`,
      ...lack(`${what} ${counted(count, 'account')}`, names, count),
    },
  ];
}

function unreadReason(count: number, first: readonly string[]): Reason {
  return {
    text: `some evidence could not be read in full (${counted(count, 'file')}: ${andMore(first, count)})`,
    ...lack(`${counted(count, 'file')} could not be read in full`, first, count),
  };
}

function rejectReasons(groups: readonly RejectGroup[]): readonly Reason[] {
  if (groups.length === 0) return [];
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const codes = groups.map(({ code }) => code);
  const what = `${counted(count, 'record was', 'records were')} rejected`;
  return [{ text: `${what} (${andMore(codes.slice(0, NAMED), codes.length)})`, ...lack(what, codes) }];
}
