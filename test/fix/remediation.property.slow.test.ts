import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { remediate } from '../../src/fix/remediate.ts';
import type { RemediationOptions } from '../../src/fix/remediation.ts';
import { externalIdPlaceholder, type Proposal } from '../../src/fix/remediation.ts';
import { evaluateRequest } from '../../src/iam/oracle/evaluate.ts';
import type { ConcreteRequest } from '../../src/iam/oracle/request.ts';
import { evaluateTrustPolicy } from '../../src/rules/judge.ts';
import { EXT, OWN } from '../exposure/cases/index.ts';
import { policyArbitrary, requestArbitrary } from '../exposure/random-policies.ts';

/** Fixed: docs/fix.md names a case that random policies meet now and then. */
const SEED = 20260501;
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 100);

const OPTIONS: RemediationOptions = {
  partition: 'aws',
  relationOf: () => 'unknown',
  guard: null,
  externalId: null,
  generateExternalId: null,
};
const optionsArbitrary: fc.Arbitrary<RemediationOptions> = fc
  .record({
    guard: fc.constantFrom(null, null, 'mfa' as const, 'external-id' as const),
    relation: fc.constantFrom('unknown' as const, 'third-party' as const, 'same-organisation' as const),
    externalId: fc.constantFrom(null, null, 'given-id-1'),
  })
  .map(({ guard, relation, externalId }) => ({ ...OPTIONS, guard, relationOf: () => relation, externalId }));

/** Policies that fail and for which a proposal is made. */
const proposals = proposalsWith({});

function proposalsWith(
  fixedOptions: Partial<RemediationOptions>,
): fc.Arbitrary<{ policy: string; fixed: Proposal }> {
  return fc
    .tuple(policyArbitrary, optionsArbitrary)
    .map(([policy, options]) => ({ policy, fixed: propose(policy, { ...options, ...fixedOptions }) }))
    .filter((one): one is { policy: string; fixed: Proposal } => one.fixed !== null);
}

function propose(policy: string, options: RemediationOptions): Proposal | null {
  if (evaluateTrustPolicy({ state: 'document', text: policy }, OWN).verdict !== 'fail') return null;
  const remediation = remediate(policy, OWN, options);
  return remediation.refused === null ? remediation : null;
}

/** The same request by a caller of the own account. */
function byOwn(request: ConcreteRequest): ConcreteRequest {
  const text = JSON.stringify(request).replaceAll(`::${request.principalAccount}:`, `::${OWN}:`);
  const moved = JSON.parse(text) as ConcreteRequest;
  return { ...moved, principalAccount: OWN, context: { ...moved.context, 'aws:PrincipalAccount': OWN } };
}

function withGuards(request: ConcreteRequest, externalId: string, age: string): ConcreteRequest {
  const context = {
    ...request.context,
    'sts:ExternalId': externalId,
    'aws:MultiFactorAuthPresent': 'true',
    'aws:MultiFactorAuthAge': age,
    'aws:TokenIssueTime': '2026-02-01T00:00:00Z',
  };
  return { ...request, context };
}

const ARN = 'aws:PrincipalArn';

function guardedForms(request: ConcreteRequest): readonly ConcreteRequest[] {
  const ids = [
    externalIdPlaceholder(request.principalAccount),
    'given-id-1',
    'alpha-1',
    'alpha-x',
    'beta-2',
    request.principalAccount,
    `arn:aws:iam::${EXT}:role/Deploy`,
  ];
  return ids.flatMap((id) => ['0', '30', '60', '4000'].map((age) => withGuards(request, id, age)));
}

const briefly = <T>({ failed, seed, counterexamplePath, errorInstance }: fc.RunDetails<T>): void => {
  if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
};

describe('proposals for random trust policies', { timeout: 120_000 }, () => {
  it('no longer fail, and are savable', () => {
    fc.assert(
      fc.property(proposals, ({ fixed }) => {
        const after = evaluateTrustPolicy({ state: 'document', text: fixed.compact }, OWN);
        expect(['pass', 'not-applicable']).toContain(after.verdict);
        expect(after.notes).not.toContain('iam-would-reject');
        expect(JSON.parse(fixed.pretty)).toEqual(JSON.parse(fixed.compact));
        expect(fixed.changes.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('never let in what was refused before', () => {
    fc.assert(
      fc.property(
        proposals,
        fc.array(requestArbitrary, { minLength: 20, maxLength: 20 }),
        ({ policy, fixed }, requests) => {
          for (const request of requests.flatMap((one) => [one, byOwn(one), ...guardedForms(one)])) {
            if (evaluateRequest(fixed.compact, request) === 'refused') continue;
            expect(evaluateRequest(policy, request), `${policy}\n${fixed.compact}`).not.toBe('refused');
          }
        },
      ),
      { numRuns: RUNS, seed: SEED, reporter: briefly },
    );
  });

  it('change nothing for the own account', () => {
    fc.assert(
      fc.property(
        proposals,
        fc.array(requestArbitrary, { minLength: 20, maxLength: 20 }),
        ({ policy, fixed }, requests) => {
          for (const request of requests.flatMap((one) => [
            byOwn(one),
            withGuards(byOwn(one), 'alpha-1', '60'),
          ])) {
            const before = evaluateRequest(policy, request);
            // What AWS does not define may become defined.
            if (before === 'undefined') continue;
            expect(evaluateRequest(fixed.compact, request), `${policy}\n${fixed.compact}`).toBe(before);
          }
        },
      ),
      { numRuns: RUNS, seed: SEED, reporter: briefly },
    );
  });

  it('leave services and federated identities their statements as they were', () => {
    fc.assert(
      fc.property(proposals, ({ policy, fixed }) => {
        expect(servicesOf(fixed.compact)).toEqual(servicesOf(policy));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('let in with the guard whoever got in before', () => {
    let checked = 0;
    fc.assert(
      fc.property(
        // An external ID that the policy contradicts elsewhere is the caller's own choice.
        proposalsWith({ externalId: null }),
        fc.array(requestArbitrary, { minLength: 20, maxLength: 20 }),
        ({ policy, fixed }, requests) => {
          const narrowed = fixed.changes.some(({ kind }) => kind === 'principal-narrowed');
          for (const request of requests) {
            if (narrowed && !fixed.compact.includes(request.principalAccount)) continue;
            // A crafted path that a pattern for another account let in is what narrowing closes.
            if (narrowed && String(request.context[ARN]).includes(OWN)) continue;
            const before = guardedForms(request).filter(
              (form) => evaluateRequest(policy, form) === 'allowed',
            );
            if (before.length === 0) continue;
            checked++;
            const after = before.filter((form) => evaluateRequest(fixed.compact, form) === 'allowed');
            expect(after.length, `${policy}\n${fixed.compact}\n${JSON.stringify(before[0])}`).toBeGreaterThan(
              0,
            );
          }
        },
      ),
      { numRuns: RUNS, seed: SEED, reporter: briefly },
    );
    expect(checked).toBeGreaterThan(RUNS / 4);
  });

  it('are a pure function of the policy, the account and the options', () => {
    fc.assert(
      fc.property(policyArbitrary, optionsArbitrary, (policy, options) => {
        expect(remediate(policy, OWN, options)).toEqual(remediate(policy, OWN, options));
      }),
      { numRuns: 100 },
    );
  });
});

/** What each statement for a service or an identity provider says, in order. */
function servicesOf(policy: string): readonly unknown[] {
  const { Statement } = JSON.parse(policy) as { Statement: readonly Record<string, unknown>[] };
  return Statement.flatMap(({ Sid: _, Principal, ...rest }) => {
    const { Service, Federated } = (Principal ?? {}) as Record<string, unknown>;
    return Service === undefined && Federated === undefined ? [] : [{ ...rest, Service, Federated }];
  });
}
