import type { Witness } from '../../../model/exposure.ts';
import { GUARDRAILS_NARROW, type Guarded, isClosedByGuardrail } from '../../../model/guardrail.ts';
import type { GradedPath, VerdictObject } from '../../../model/verdict.ts';
import { relationWords } from '../labels.ts';

/** A piece of a sentence; what comes from evidence or request is told apart from our own words. */
export type StoryPiece = string | { readonly given: string };
/** One step of the story. */
export type StoryStep = readonly StoryPiece[];

interface Told extends Pick<VerdictObject, 'account' | 'paths' | 'notes'>, Partial<Guarded> {
  /** Null where only the policy is known. */
  readonly roleName: string | null;
}

/** What the story proves: the witness of a closed finding is past the trust policy alone, every other one past guardrails, too. */
export function storyTitle(role: Pick<Told, 'verdict' | 'guardrail'>): string {
  const judge = isClosed(role) ? 'the trust policy alone' : 'AWS';
  return `Proof: a request that ${judge} would let in`;
}

/** The witness as a story in plain words: who calls, how they signed in, what they send, and why they get in. */
export function witnessStory(witness: Witness, role: Told): readonly StoryStep[] {
  const context = new Map(Object.entries(witness.context).map(([key, value]) => [key.toLowerCase(), value]));
  const path = wayOf(witness, role.paths);
  return [
    caller(witness, path, role),
    signIn(witness, context.get('aws:multifactorauthpresent')),
    call(witness, context.get('sts:externalid')),
    ...circumstances(witness),
    [
      ...(path === null
        ? ['The trust policy lets the call through. ']
        : [
            `Statement ${path.statement} of the trust policy admits `,
            { given: path.principal },
            isClosed(role) ? ', and no Deny of it stops the call. ' : ', and no Deny stops the call. ',
          ]),
      ...(isClosed(role)
        ? ['But a guardrail of the organisation does.']
        : [
            'The caller now acts as ',
            role.roleName === null ? 'this role' : { given: role.roleName },
            ' in account ',
            { given: role.account },
            '.',
          ]),
    ],
  ];
}

function isNarrowed({ notes }: Pick<Told, 'notes'>): boolean {
  return notes.includes(GUARDRAILS_NARROW);
}

/** False where nothing is known of guardrails. */
function isClosed({ verdict, guardrail = null }: Partial<Guarded>): boolean {
  return verdict !== undefined && isClosedByGuardrail({ verdict, guardrail });
}

function caller({ principalArn, principalAccount }: Witness, path: GradedPath | null, role: Told): StoryStep {
  const session = /^arn:[^:]*:sts::[^:]*:assumed-role\//.test(principalArn);
  const name = path?.accountName ?? null;
  const relation = path === null || path.relation === 'any' ? '' : `, ${relationWords(path.relation)}`;
  return [
    session ? 'A session of a role, ' : 'A user, ',
    { given: principalArn },
    ', belongs to account ',
    { given: principalAccount },
    ...(name === null ? [] : [' (', { given: name }, `${relation})`]),
    ...(name === null && relation !== '' ? [` (${relation.slice(2)})`] : []),
    path?.account === '*' && !isNarrowed(role)
      ? ': an account like any other, because this way in is open to all of them.'
      : '.',
  ];
}

function signIn({ principalArn }: Witness, mfa: Witness['context'][string] | undefined): StoryStep {
  // Requests signed with a user's access key carry no MFA key at all; those of role sessions are another matter.
  const user = /^arn:[^:]*:iam::[^:]*:user\//.test(principalArn);
  if (mfa !== undefined) {
    return ['The credentials are temporary ones that report MFA as ', { given: shown(mfa) }, '.'];
  }
  return [
    user
      ? 'The request is signed with a long-term access key, so it says nothing about MFA.'
      : 'The credentials of such a session carry no word about MFA.',
  ];
}

function call(witness: Witness, externalId: Witness['context'][string] | undefined): StoryStep {
  return [
    'It calls ',
    ...witness.actions.flatMap((action, index) => [...(index === 0 ? [] : [' and ']), { given: action }]),
    ' for this role ',
    ...(externalId === undefined
      ? ['and sends no external ID.']
      : ['with the external ID ', { given: shown(externalId) }, '.']),
  ];
}

const TOLD: ReadonlySet<string> = new Set([
  'aws:multifactorauthpresent',
  'sts:externalid',
  'aws:principalaccount',
  'aws:principalarn',
]);

function circumstances({ context }: Witness): readonly StoryStep[] {
  const others = Object.entries(context).filter(([key]) => !TOLD.has(key.toLowerCase()));
  if (others.length === 0) return [];
  return [
    [
      'The request also has ',
      ...others.flatMap(([key, value], index) => [
        ...(index === 0 ? [] : [', ']),
        { given: `${key} = ${shown(value)}` },
      ]),
      '.',
    ],
  ];
}

/** The way in that the caller takes: one of its account where there is one, else one that is open to anybody. */
function wayOf({ principalAccount }: Witness, paths: readonly GradedPath[]): GradedPath | null {
  const open = paths.filter(({ guards }) => guards.length === 0);
  return (
    open.find(({ account }) => account === principalAccount) ??
    open.find(({ account }) => account === '*') ??
    null
  );
}

function shown(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A step as one text. */
export function storyText(step: StoryStep): string {
  return step.map((piece) => (typeof piece === 'string' ? piece : piece.given)).join('');
}
