import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/exposure/analyse.ts';
import { evaluateRequest } from '../../src/iam/oracle/evaluate.ts';
import { OWN } from './cases/index.ts';
import { mayExist, policyArbitrary, requestArbitrary } from './random-policies.ts';

const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 1000);

/** The random requests of a counterexample would fill the screen; the policy says enough. */
function briefly<T>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<T>): void {
  if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
}

describe('the guard analysis against the concrete evaluator', { timeout: 120_000 }, () => {
  it('calls a policy a fail whenever some unguarded request of another account gets in', () => {
    fc.assert(
      fc.property(
        policyArbitrary,
        fc.array(requestArbitrary, { minLength: 40, maxLength: 40 }),
        (policy, requests) => {
          const { verdict } = analyseTrustPolicy(policy, OWN, 'aws');
          expect(verdict).not.toBe('error');
          if (verdict === 'fail') return;
          const admitted = requests.find(
            (request) => mayExist(policy, request) && evaluateRequest(policy, request, 'aws') !== 'refused',
          );
          expect(admitted, `${verdict} for ${policy}`).toBeUndefined();
        },
      ),
      { numRuns: RUNS, reporter: briefly },
    );
  });

  it('reports only witnesses that get in, of another account and without a guard', () => {
    fc.assert(
      fc.property(policyArbitrary, fc.constantFrom('aws', 'aws-cn', null), (policy, partition) => {
        const { verdict, witness, notes, paths } = analyseTrustPolicy(policy, OWN, partition);
        if (verdict !== 'fail') {
          expect(witness).toBeNull();
          return;
        }
        expect(evaluateRequest(policy, witness!, partition ?? undefined)).toBe(
          notes.includes('undefined-semantics') ? 'undefined' : 'allowed',
        );
        expect(witness!.principalAccount).toMatch(/^\d{12}$/);
        expect(witness!.principalAccount).not.toBe(OWN);
        expect(witness!.context).not.toHaveProperty('sts:ExternalId');
        expect(witness!.context['aws:MultiFactorAuthPresent'] ?? 'false').toBe('false');
        expect(paths.some((path) => path.guards.length === 0)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('is a pure function of the policy and the owning account', () => {
    fc.assert(
      fc.property(policyArbitrary, (policy) => {
        expect(analyseTrustPolicy(policy, OWN)).toEqual(analyseTrustPolicy(policy, OWN));
      }),
      { numRuns: 200 },
    );
  });
});
