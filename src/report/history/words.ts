import type { ChangeCause } from '../../history/compare/change.ts';
import type {
  ChangeGroup,
  Diff,
  DiffChange,
  OutsideAccount,
  SideCaptures,
} from '../../history/compare/diff.ts';
import type { ToldDiff } from '../../history/report/sides.ts';
import { outsiderOf } from '../../model/third-party.ts';
import { capital } from '../../text/capital.ts';
import { formatCount, formatCounted } from '../../text/counted.ts';
import { relationWords, SEVERITIES, SEVERITY_LABEL, SEVERITY_MEANING, shownTime } from '../shared/labels.ts';
import { ANY_MEMBER_WORDS, exampleWords } from '../shared/words/outsider-words.ts';
import { undecidedWords } from './headline.ts';

/** Why a finding is what it is now, as a sentence without its end. */
export const CAUSE_SENTENCE: Readonly<Record<ChangeCause, string>> = {
  'role-created': 'the role was created',
  'policy-changed': 'its trust policy changed',
  'guard-added': 'the way in now demands MFA or an external ID',
  'path-removed': 'the unguarded ways in were removed',
  'role-deleted': 'the role was deleted',
  'role-recreated': 'the role was deleted and made anew under the same name',
  'guardrail-added': 'guardrails of the organisation now close it; the trust policy still fails',
  'guardrail-changed': 'the trust policy is the same, but guardrails of the organisation close other ways in',
  'guardrail-removed': 'guardrails of the organisation closed it before and no longer do',
  'guardrails-unknown': 'guardrails of the organisation are known on one side only',
  'account-not-covered': 'one side has no capture of the account',
  'incomplete-evidence': 'the evidence of one side is incomplete or could not be decided',
  'rule-changed': 'the rule did not judge on one side, or judged by another text',
};

/** How a side is called in a sentence. */
export function sideWords(label: string): string {
  if (label === 'previous') return 'the look before at each account';
  if (label === 'latest') return 'the latest look';
  return /^\d{1,7}$/.test(label) ? `run ${label}` : shownTime(label);
}

/** What the whole is, in one line: for a title or a subject. */
export function titleOf({ from, to }: Pick<Diff, 'from' | 'to'>): string {
  return `Changes from ${sideWords(from)} to ${sideWords(to)}`;
}

/** The comparison in words for those who read nothing else; whole sentences. */
export function paragraphOf(diff: ToldDiff): readonly string[] {
  const { summary, groups, baseline } = diff;
  const undecided = undecidedWords(diff.undecided);
  const { changed } = groups;
  const came = [
    ...(summary.new > 0
      ? [`${formatCounted(summary.new, 'finding is', 'findings are')} new${where(groups.new)}`]
      : []),
    ...(summary.reopened > 0
      ? [
          `${formatCount(summary.reopened)} ${summary.reopened === 1 ? 'is' : 'are'} back after having been resolved${where(groups.reopened)}`,
        ]
      : []),
    ...(changed.directions.worse > 0
      ? [
          `${formatCount(changed.directions.worse)} changed so that more accounts get in or the exposure weighs more`,
        ]
      : []),
  ];
  const went = [
    ...(summary.resolved > 0
      ? [
          `${formatCounted(summary.resolved, 'finding is', 'findings are')} resolved${where(groups.resolved)}, ${causesOf(groups.resolved, RESOLVED)}`,
        ]
      : []),
    ...(changed.directions.better > 0
      ? [
          `${formatCount(changed.directions.better)} changed so that fewer accounts get in or the exposure weighs less`,
        ]
      : []),
  ];
  const { other } = changed.directions;
  return [
    ...diff.remarks.map((remark) => `${capital(remark.replaceAll('`', ''))}.`),
    ...(came.length > 0 ? [`For the worse: ${came.join('; ')}.`] : []),
    ...(went.length > 0 ? [`For the better: ${went.join('; ')}.`] : []),
    ...(other > 0
      ? [`${formatCounted(other, 'finding')} changed without being clearly worse or better.`]
      : []),
    ...(summary.unchanged > 0
      ? [`${formatCounted(summary.unchanged, 'finding is', 'findings are')} unchanged.`]
      : []),
    ...(summary.notComparable > 0
      ? [
          `${formatCounted(summary.notComparable, 'finding')}${inAccounts(groups['not-comparable'])} cannot be compared: ${causesOf(groups['not-comparable'], APART)}.${baselineWords(baseline)}`,
        ]
      : []),
    ...(undecided === null
      ? []
      : [
          `${undecided}: nobody knows whether they fail, so they are neither for the worse nor for the better.`,
        ]),
    coverageWords(diff),
  ];
}

/** Of what complete evidence is complete, in the words of `completeWords`. */
export function wholeWhere({ from, coverage }: Pick<Diff, 'from' | 'coverage'>): string {
  // That an account was not looked at before is no gap.
  return from === 'previous' && coverage.accounts.onlyTo > 0 ? ' on the second side' : ' on both sides';
}

/** Findings of which reports say `baseline`. */
function baselineWords(baseline: number): string {
  if (baseline === 0) return '';
  return ` For ${formatCount(baseline)} of these there is no earlier look at the account and rule (reports call ${baseline === 1 ? 'it' : 'them'} baseline).`;
}

function where({ severities, ...group }: ChangeGroup): string {
  const worst = SEVERITIES.find((severity) => severities[severity] > 0);
  const graded =
    worst === undefined
      ? ''
      : ` (${formatCount(severities[worst])} ${SEVERITY_LABEL[worst].toLowerCase()}: ${SEVERITY_MEANING[worst]})`;
  return `${inAccounts(group)}${graded}`;
}

function inAccounts({ accounts }: Pick<ChangeGroup, 'accounts'>): string {
  return ` in ${formatCounted(accounts, 'account')}`;
}

type CauseWords = Readonly<Partial<Record<ChangeCause, (count: number) => string>>>;

const RESOLVED: CauseWords = {
  'guard-added': () => 'by a guard that was added',
  'path-removed': () => 'because the way in was removed',
  'role-deleted': (count) => `because the ${count === 1 ? 'role was' : 'roles were'} deleted`,
  'role-recreated': (count) => `because the ${count === 1 ? 'role was' : 'roles were'} made anew`,
  'guardrail-added': () => 'by guardrails of the organisation',
  'policy-changed': () => 'because what the rule judges changed',
};

const APART: CauseWords = {
  'account-not-covered': () => 'because one side has no capture of the account',
  'incomplete-evidence': () => 'because the evidence of one side is incomplete or could not be decided',
  'rule-changed': () => 'because the rule did not judge on one side, or judged by another text',
  'guardrails-unknown': () => 'because guardrails of the organisation are known on one side only',
};

function causesOf({ causes }: ChangeGroup, words: CauseWords): string {
  return Object.entries(causes)
    .map(([cause, count]) => `${formatCount(count)} ${words[cause as ChangeCause]?.(count) ?? cause}`)
    .join(', ');
}

/** On which captures the two sides rest, and how far. */
function coverageWords({ captures, coverage: { accounts } }: Diff): string {
  const limits = [
    ...(accounts.carriedForward > 0
      ? [
          `${formatCounted(accounts.carriedForward, 'account has', 'accounts have')} no newer capture on the second side and ${accounts.carriedForward === 1 ? 'stands' : 'stand'} as last captured`,
        ]
      : []),
    ...(accounts.incomplete > 0
      ? [`of ${formatCounted(accounts.incomplete, 'account')} the evidence may not show all roles`]
      : []),
    ...(accounts.onlyFrom > 0
      ? [`${formatCounted(accounts.onlyFrom, 'account is', 'accounts are')} on the first side only`]
      : []),
    ...(accounts.onlyTo > 0
      ? [`${formatCounted(accounts.onlyTo, 'account is', 'accounts are')} on the second side only`]
      : []),
  ];
  const both = `The first side rests on ${capturesWords(captures.from)}, the second on ${capturesWords(captures.to)}.`;
  return limits.length === 0 ? both : `${both} ${capital(limits.join('; '))}.`;
}

function capturesWords(side: SideCaptures | null): string {
  if (side === null) return 'no capture';
  const { first, last, accounts } = side;
  const span = first === last ? shownTime(first) : `${shownTime(first)} to ${shownTime(last)}`;
  return `captures of ${formatCounted(accounts, 'account')} of ${span}`;
}

/** An account that gets in, as text of a sentence: `Example Vendor (444455556666, third party)`. */
export function outsideWords({ account, anyMember, name, relation }: OutsideAccount): string {
  if (account === '*') return 'anyone';
  if (anyMember === true) return `${ANY_MEMBER_WORDS} (${exampleWords(account, name)})`;
  return name === null
    ? `${account} (${relationWords(relation)})`
    : `${name} (${account}, ${relationWords(relation)})`;
}

/** Part of a sentence that names accounts. */
export interface WhoClause {
  readonly before: string;
  readonly who: readonly OutsideAccount[];
  readonly after: string;
}

/** Who gets in, or got in, and what became of that, clause by clause; empty where nothing is known. */
export function whoClauses({ change, fromWho, toWho }: DiffChange): readonly WhoClause[] {
  if (change === 'resolved' || toWho.length === 0) return clause('', fromWho, ' got in unguarded');
  if (change !== 'changed') return clause('', toWho, ' gets in unguarded', ' get in unguarded');
  const isAnyone = ({ account }: OutsideAccount): boolean => account === '*';
  const only = (who: readonly OutsideAccount[]): string =>
    who.some(({ anyMember }) => anyMember === true) ? '' : 'only ';
  const came = without(toWho, fromWho);
  const gone = without(fromWho, toWho);
  if (came.some(isAnyone)) {
    return [
      ...clause('now ', came.filter(isAnyone), ' gets in unguarded'),
      ...clause(`before ${only(fromWho)}`, fromWho, ''),
    ];
  }
  if (gone.some(isAnyone)) {
    return [
      ...clause(`now ${only(toWho)}`, toWho, ' gets in unguarded', ' get in unguarded'),
      ...clause('before ', gone.filter(isAnyone), ''),
    ];
  }
  if (came.length + gone.length === 0) {
    return clause('as before, ', toWho, ' gets in unguarded', ' get in unguarded');
  }
  return [
    ...clause('now also ', came, ' gets in unguarded', ' get in unguarded'),
    ...clause('no longer ', gone, ''),
    ...clause('as before ', without(toWho, came), ''),
  ];
}

function clause(
  before: string,
  who: readonly OutsideAccount[],
  one: string,
  many = one,
): readonly WhoClause[] {
  return who.length === 0 ? [] : [{ before, who, after: who.length === 1 ? one : many }];
}

function without(
  these: readonly OutsideAccount[],
  others: readonly OutsideAccount[],
): readonly OutsideAccount[] {
  const known = new Set(others.map(outsiderOf));
  return these.filter((one) => !known.has(outsiderOf(one)));
}

/** `High → Critical` where a change weighs otherwise than before; null where it does not. */
export function severityMove({ change, fromSeverity, toSeverity }: DiffChange): string | null {
  if (change !== 'changed' || fromSeverity === null || toSeverity === null || fromSeverity === toSeverity)
    return null;
  return `${SEVERITY_LABEL[fromSeverity]} → ${SEVERITY_LABEL[toSeverity]}`;
}
