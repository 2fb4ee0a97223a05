import { isClosedByGuardrail } from '../../../model/guardrail.ts';
import type { Privileges } from '../../../model/role-detail.ts';
import { outsiderOf } from '../../../model/third-party.ts';
import type { GradedPath, Relation, VerdictObject } from '../../../model/verdict.ts';
import { capital } from '../../../text/capital.ts';
import { formatCounted } from '../../../text/counted.ts';
import { exposedPaths, externalAccounts, worstPath } from '../paths.ts';
import { ANY_MEMBER_WORDS } from './outsider-words.ts';
import type { StoryPiece } from './witness-story.ts';

/** What is said; ids and names of roles are told apart, and so are the names that people go by. */
export type MatterPiece = StoryPiece | { readonly name: string };
type Sentence = readonly MatterPiece[];

interface Told
  extends Pick<
    VerdictObject,
    'verdict' | 'guardrail' | 'severity' | 'notes' | 'account' | 'roleName' | 'paths' | 'impact'
  > {
  /** Of the account that owns the role; null where it has none. */
  readonly accountName: string | null;
  /** The ways in that guardrails leave, where they leave some and not all. */
  readonly ways?: VerdictObject['paths'];
  /** What to do instead of a change that cannot be proposed, as part of a sentence; null where one is proposed. */
  readonly insteadOfFix?: string | null;
}

/**
 * What a finding means for a reader who does not know IAM, in two or three sentences: who can do what, what that leads
 * to, and the simplest way to close it. Empty where nobody gets in, and for rules that tell of no ways in.
 */
export function whyItMatters(finding: Told): readonly Sentence[] {
  const { verdict, paths, ways = paths } = finding;
  if (verdict === 'error') return [UNDECIDED];
  const path = worstPath(ways);
  if (path === null || verdict === 'not-applicable') return [];
  if (verdict === 'pass') return finding.severity === null ? [] : [weaklyGuarded(path)];
  const who: Sentence = [
    ...whoGetsIn(path, finding),
    ' can act as the role ',
    { given: finding.roleName },
    ' of ',
    ...accountWords(finding.account, finding.accountName),
    isThroughNetwork(finding) ? ', through a network that the trust policy names,' : ',',
    ' without a second factor (MFA) and without a secret agreed with them (an external ID).',
  ];
  const closed: readonly Sentence[] = isClosedByGuardrail(finding) ? [CLOSED] : [];
  return [...closed, who, ...impactWords(finding), ...closing(path, finding)];
}

const UNDECIDED: Sentence = [
  'Whether outsiders get in could not be read or decided. Until it is, take the role for open: what nobody could look at is not safe.',
];

const CLOSED: Sentence = [
  'A guardrail of the organisation stops this today. Were it lifted, this would hold:',
];

function weaklyGuarded(path: GradedPath): Sentence {
  return [
    ...accountOf(path, true),
    ' has to prove something before it gets in, but what it has to prove is weak. Replace it by a long, random external ID that is used for nothing else.',
  ];
}

function whoGetsIn(path: GradedPath, finding: Told): readonly MatterPiece[] {
  const { paths, ways = paths, notes } = finding;
  if (path.account === '*') {
    const isConfined = notes.includes('org-confined') || notes.includes('network-confined');
    return isConfined
      ? ['Whoever meets the conditions of the trust policy, from accounts that it does not name,']
      : ['Anybody with an AWS account'];
  }
  const open = exposedPaths(ways);
  const others = externalAccounts(open).filter((one) => one !== outsiderOf(path) && one !== '*');
  const same = open.filter((one) => outsiderOf(one) === outsiderOf(path));
  const more = others.length === 0 ? [] : [` (and those of ${formatCounted(others.length, 'more account')})`];
  if (path.anyMember === true) return [`Whoever uses ${ANY_MEMBER_WORDS}, `, ...example(path), ',', ...more];
  const isWhole = same.some(({ principal }) => principal === path.account || /:root$/.test(principal));
  if (isWhole) return ['Anybody whom ', ...accountOf(path, false), ' lets into its account', ...more];
  const count =
    same.length === 1 ? 'A user or role' : formatCounted(same.length, 'user or role', 'users and roles');
  return [`${count} of `, ...accountOf(path, false), ...more];
}

function accountOf(
  { account, accountName, anyMember }: GradedPath,
  atStart: boolean,
): readonly MatterPiece[] {
  if (account === '*') return [atStart ? 'Anybody' : 'anybody'];
  if (anyMember === true) return [atStart ? capital(ANY_MEMBER_WORDS) : ANY_MEMBER_WORDS];
  return accountWords(account, accountName, atStart);
}

function example({ account, accountName }: GradedPath): readonly MatterPiece[] {
  return ['for example ', ...accountWords(account, accountName)];
}

function accountWords(account: string, name: string | null, atStart = false): readonly MatterPiece[] {
  if (name === null) return [atStart ? 'Account ' : 'account ', { given: account }];
  return [{ name }, ' (account ', { given: account }, ')'];
}

/** What the role can do, as far as the evidence shows it. */
const LEADS_TO: Readonly<Record<Privileges, string>> = {
  administrator:
    'That role may do everything in its account: read and delete all data, make new users, and lock you out.',
  'can-become-administrator':
    'That role can give itself every permission, so whoever gets in can read and delete all data of the account and lock you out.',
  limited: 'What they can do is what the policies of that role allow, which is less than everything.',
  none: 'That role has no permissions now, but whatever it is given later stands open as well.',
  unknown: 'The evidence does not show what that role may do, so take it for much.',
};

function impactWords({ impact }: Told): readonly Sentence[] {
  return impact === null ? [] : [[LEADS_TO[impact.privileges]]];
}

/** The simplest way to close it: for every account that gets in, because one left out keeps it open. */
function closing(path: GradedPath, finding: Told): readonly Sentence[] {
  const { paths, ways = paths, insteadOfFix = null } = finding;
  const accounts = externalAccounts(exposedPaths(ways)).length;
  const network: readonly Sentence[] = isThroughNetwork(finding) ? [NETWORK] : [];
  if (insteadOfFix !== null) return [instead(insteadOfFix, accounts), ...network];
  const { relation } = path;
  const close = accounts === 1 || relation === 'any' ? closingOfOne(path) : closingOfAll(relation, accounts);
  return [close, ...network];
}

function isThroughNetwork({ notes }: Told): boolean {
  return notes.includes('network-confined');
}

const NETWORK: Sentence = ['The condition on the network does not close it: it proves nothing of who calls.'];

/** Backticks mark code in the advice. */
function instead(advice: string, accounts: number): Sentence {
  const pieces = `Simplest fix, as no change of this policy can be proposed: ${advice}.`.split('`');
  const each = ` ${formatCounted(accounts, 'account')} get in: keep those that need the role, and demand an external ID of each.`;
  return [
    ...pieces.map((piece, index): MatterPiece => (index % 2 === 1 ? { given: piece } : piece)),
    ...(accounts > 1 ? [each] : []),
  ];
}

function closingOfAll(relation: Exclude<Relation, 'any'>, accounts: number): Sentence {
  const each = `each of the ${formatCounted(accounts, 'account')} that get in`;
  const closings: Readonly<Record<typeof relation, Sentence>> = {
    'third-party': [
      `Simplest fix: agree on an external ID with ${each} and demand it in the trust policy, or take out those that nobody needs; one account left without keeps the role open.`,
    ],
    unknown: [
      `Simplest fix: find out whose account ${each} is. Take those that nobody needs out of the trust policy; agree on an external ID with the owners of the others and demand it.`,
    ],
    'same-organisation': [
      `Simplest fix: demand MFA where people come in, or an external ID where programs do, of ${each}; then who takes over one of them does not have this role, too.`,
    ],
  };
  return closings[relation];
}

function closingOfOne(path: GradedPath): Sentence {
  const them =
    path.accountName === null
      ? ['the owner of account ', { given: path.account }]
      : [{ name: path.accountName }];
  const closings: Readonly<Record<Relation, Sentence>> = {
    any: [
      'Simplest fix: name in the trust policy the accounts that need the role, and demand an external ID of them.',
    ],
    'third-party': [
      'Simplest fix: agree on an external ID with ',
      ...them,
      ' and demand it in the trust policy; then neither its other customers nor leaked credentials alone open the role.',
    ],
    unknown: [
      'Simplest fix: find out whose account it is. If nobody needs it, take it out of the trust policy; else agree on an external ID with ',
      ...them,
      ' and demand it.',
    ],
    'same-organisation': [
      'Simplest fix: demand MFA where people come in, or an external ID where programs do; then who takes over ',
      ...(path.anyMember === true
        ? ['one of these accounts']
        : path.accountName === null
          ? ['that account']
          : [{ name: path.accountName }]),
      ' does not have this role, too.',
    ],
  };
  return closings[path.relation];
}
