import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../../src/exposure/analyse.ts';
import { judgeGuarded, parseGuardrails, statementsFor } from '../../../src/exposure/guarded.ts';
import type { GuardrailStatement } from '../../../src/iam/guardrail-policy.ts';
import { evaluateRequest } from '../../../src/iam/oracle/evaluate.ts';
import { guardrailDenies } from '../../../src/iam/oracle/guardrail.ts';
import type { ConcreteRequest } from '../../../src/iam/oracle/request.ts';
import { mayExist } from '../random-policies.ts';
import {
  draftArbitrary,
  guardedPolicyArbitrary,
  guardrailsArbitrary,
  type RandomRole,
  requestFor,
  roleArbitrary,
} from './random-guardrails.ts';
import { attached, OWN } from './world.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);
const SEED = process.env['PROPERTY_SEED'];

/** The random requests of a counterexample would fill the screen; the policies say enough. */
function briefly<T>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<T>): void {
  if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
}
const OPTIONS = { numRuns: RUNS, ...(SEED !== undefined && { seed: Number(SEED) }) };

/** Of the texts those that AWS Organizations could hold: at random, a key is asked for twice in one block. */
function guardrailsOf(texts: readonly string[]): readonly GuardrailStatement[] {
  const policies = texts.map((text, index) => attached(`p-${index}`, text));
  const good = policies.filter((one) => parseGuardrails([one]).state === 'parsed');
  const guardrails = parseGuardrails(good);
  return guardrails.state === 'parsed' ? guardrails.statements : [];
}

function passes(policy: string, all: readonly GuardrailStatement[], request: ConcreteRequest, arn: string) {
  return (
    evaluateRequest(policy, request, 'aws') !== 'refused' &&
    all.every((one) => guardrailDenies(one.policy.content, one.statement.index, request, arn) !== true)
  );
}

/** What is known of a role does not contradict the value of a key in a request for it. */
function isPossible(
  key: string,
  value: string | readonly string[],
  account: string,
  { organization, tags }: RandomRole,
): boolean {
  if (key.toLowerCase().includes(':resourcetag/') && tags !== null)
    return Object.entries(tags).some(
      ([name, tag]) => key.toLowerCase().endsWith(`/${name.toLowerCase()}`) && tag === value,
    );
  if (organization === null) return true;
  const { id, members, membersWhole, managementAccount } = organization;
  const isOwn = [value].flat().every((text) => text === id || text.startsWith(`${id}/`));
  const path = (of: string): string | null => members.get(of)?.path ?? null;
  switch (key) {
    case 'aws:ResourceOrgID':
      return value === id;
    case 'aws:ResourceOrgPaths':
      return path(OWN) === null || String(value) === path(OWN);
    case 'aws:PrincipalOrgID':
    case 'aws:PrincipalOrgPaths':
      if (!members.has(account) && account !== managementAccount) return !isOwn || !membersWhole;
      return (
        isOwn && (key === 'aws:PrincipalOrgID' || path(account) === null || String(value) === path(account))
      );
    default:
      return true;
  }
}

describe('the guarded analysis against the concrete evaluator', { timeout: 300_000 }, () => {
  it('says no less than fail while some unguarded request of another account gets past all', () => {
    fc.assert(
      fc.property(
        guardedPolicyArbitrary,
        guardrailsArbitrary,
        roleArbitrary,
        fc.array(draftArbitrary, { minLength: 40, maxLength: 40 }),
        (policy, texts, role, drafts) => {
          const all = guardrailsOf(texts);
          const { arn, tags, organization } = role;
          const { statements } = statementsFor(all, arn);
          const { verdict } = judgeGuarded(
            policy,
            { account: OWN, partition: 'aws', tags, arn },
            { organization, statements },
          );
          expect(verdict).not.toBe('error');
          if (verdict === 'fail') return;
          const admitted = drafts
            .map((draft) => requestFor(draft, role))
            .find((request) => mayExist(policy, request) && passes(policy, all, request, arn));
          expect(admitted, `${verdict} for ${policy} with ${texts.join('\n')}`).toBeUndefined();
        },
      ),
      { ...OPTIONS, reporter: briefly },
    );
  });

  it('reports only witnesses that get past all, and whom it closes out the trust policy alone lets in', () => {
    fc.assert(
      fc.property(guardedPolicyArbitrary, guardrailsArbitrary, roleArbitrary, (policy, texts, role) => {
        const all = guardrailsOf(texts);
        const { arn, tags, organization } = role;
        const { statements } = statementsFor(all, arn);
        const found = judgeGuarded(
          policy,
          { account: OWN, partition: 'aws', tags, arn },
          { organization, statements },
        );
        const trust = analyseTrustPolicy(policy, OWN, 'aws');
        const { verdict, witness, notes, paths, closedBy } = found;
        if (trust.verdict === 'error') expect(verdict).toBe('error');
        if (trust.verdict === 'not-applicable') expect(verdict).toBe('not-applicable');
        if (trust.verdict === 'pass') expect(['pass', 'not-applicable']).toContain(verdict);
        if (verdict !== 'fail') {
          expect(witness).toBeNull();
          const closing = statements.filter(({ policy: { id }, statement: { index } }) =>
            closedBy.some((one) => one.id === id && one.statement === index),
          );
          expect(closing).toHaveLength(closedBy.length);
          const around = { organization, statements: closing };
          const byThem = judgeGuarded(policy, { account: OWN, partition: 'aws', tags, arn }, around);
          expect(byThem.verdict).not.toBe('fail');
          if (organization === null && tags === null)
            expect(closedBy.length > 0).toBe(trust.verdict === 'fail');
          return;
        }
        expect(closedBy).toEqual([]);
        const answers = [
          { allowed: true, undefined: null, refused: false }[evaluateRequest(policy, witness!, 'aws')],
          ...all.map((one) => {
            const answer = guardrailDenies(one.policy.content, one.statement.index, witness!, arn);
            return answer === null ? null : !answer;
          }),
        ];
        expect(answers).not.toContain(false);
        expect(answers.includes(null)).toBe(notes.includes('undefined-semantics'));
        expect(witness!.principalAccount).toMatch(/^\d{12}$/);
        expect(witness!.principalAccount).not.toBe(OWN);
        expect(witness!.context).not.toHaveProperty('sts:ExternalId');
        expect(witness!.context['aws:MultiFactorAuthPresent'] ?? 'false').toBe('false');
        expect(paths.some((path) => path.guards.length === 0)).toBe(true);
        for (const [key, value] of Object.entries(witness!.context))
          expect(isPossible(key, value, witness!.principalAccount, role), `${key}: ${value}`).toBe(true);
      }),
      { ...OPTIONS, reporter: briefly },
    );
  });
});
