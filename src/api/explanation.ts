import { type Json, JsonObject, JsonSyntaxError, parseJson } from '../iam/json.ts';
import { prettyPolicy } from '../iam/pretty-policy.ts';
import type { Outcome } from '../model/exposure.ts';
import type { GradedPath } from '../model/verdict.ts';
import { OUTCOME_MEANING } from '../report/shared/labels.ts';
import { storyText, witnessStory } from '../report/shared/words/witness-story.ts';
import { ALL_NOTE_SENTENCES } from '../rules/index.ts';
import type { Verdict } from './verdict.ts';

/** One of the two readings of a rule. */
export interface Reading {
  readonly verdict: Outcome;
  /** What that verdict says, as a part of a sentence. */
  readonly meaning: string;
}

/** A way in, with a line that tells who comes in how. */
export interface ExplainedPath extends GradedPath {
  readonly sentence: string;
}

/** A statement and what it lets in. */
export interface ExplainedStatement {
  /** Index into the policy's statements, from 0. */
  readonly index: number;
  /** As JSON, one entry a line. */
  readonly text: string;
  /** The ways in that lead through it. */
  readonly paths: readonly ExplainedPath[];
  /** Why none does, as a part of a sentence; null where one does. */
  readonly closed: string | null;
}

/** A request that AWS would let in, told step by step. */
export interface Proof {
  /** Sentences. */
  readonly steps: readonly string[];
  /** The request's context keys and their values; a key that is left out is absent from the request. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Why a policy has its verdict. */
export interface Explanation {
  /** What AWS would do: the verdict itself. */
  readonly sound: Reading;
  /** What the rule's own text says when taken at its word. */
  readonly literal: Reading;
  /** The notes of the verdict, each with its sentence. Those that begin with `literal-` say why the readings differ. */
  readonly notes: readonly { readonly code: string; readonly sentence: string }[];
  /** Null where there is no policy that can be read. */
  readonly statements: readonly ExplainedStatement[] | null;
  /** Null where nobody gets in unguarded. */
  readonly proof: Proof | null;
}

/** Explains a verdict on a policy. */
export function explainVerdict(
  verdict: Pick<Verdict, 'account' | 'roleName' | 'verdict' | 'literal' | 'notes' | 'paths' | 'witness'>,
  policyText: string | null,
): Explanation {
  const { notes, witness } = verdict;
  return {
    sound: { verdict: verdict.verdict, meaning: OUTCOME_MEANING[verdict.verdict] },
    literal: { verdict: verdict.literal, meaning: OUTCOME_MEANING[verdict.literal] },
    notes: notes.map((code) => ({ code, sentence: ALL_NOTE_SENTENCES[code] ?? '' })),
    statements: policyText === null ? null : statementsIn(policyText, verdict),
    proof:
      witness === null
        ? null
        : {
            steps: witnessStory(witness, verdict).map(storyText),
            context: witness.context,
          },
  };
}

function statementsIn(
  policyText: string,
  { verdict, paths }: Pick<Verdict, 'verdict' | 'paths'>,
): readonly ExplainedStatement[] {
  const byStatement = new Map<number, GradedPath[]>();
  for (const path of paths) {
    const group = byStatement.get(path.statement);
    if (group === undefined) byStatement.set(path.statement, [path]);
    else group.push(path);
  }
  return readStatements(policyText).map((statement, index) => {
    const through = byStatement.get(index) ?? [];
    return {
      index,
      text: prettyPolicy(statement),
      paths: through.map((path) => ({ ...path, sentence: pathSentence(path) })),
      closed: through.length === 0 ? whyClosed(statement, verdict) : null,
    };
  });
}

function readStatements(policy: string): readonly Json[] {
  try {
    const document = parseJson(policy);
    const value = document instanceof JsonObject ? document.all('Statement').at(-1) : undefined;
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly Json[]) : [value];
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [];
    throw error;
  }
}

function whyClosed(statement: Json, verdict: Outcome): string {
  if (verdict === 'error') return 'not judged';
  const effect = statement instanceof JsonObject ? statement.all('Effect').at(-1) : null;
  if (effect === 'Deny') return 'a Deny: it takes ways in away, it opens none';
  return 'no way in for a principal of another account';
}

function pathSentence(path: GradedPath): string {
  const account =
    path.account === '*'
      ? 'any account'
      : `account ${path.account}${path.accountName === null ? '' : ` (${path.accountName})`}`;
  const relation = path.relation === 'any' ? '' : `, relation ${path.relation}`;
  const guard =
    path.guards.length === 0
      ? 'OPEN: no guard'
      : `guarded by ${path.guards.map((one) => (one === 'mfa' ? 'MFA' : 'an external ID')).join(' or ')}`;
  return `${path.principal} -> ${account}${relation}: ${guard}`;
}
