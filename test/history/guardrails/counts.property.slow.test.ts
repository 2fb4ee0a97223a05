import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Diff, diffStore } from '../../../src/history/compare/diff.ts';
import { openReport } from '../../../src/history/report/report.ts';
import { trendOf } from '../../../src/history/trend/trend.ts';
import { effectiveVerdict, isClosedByGuardrail } from '../../../src/model/guardrail.ts';
import { openStore } from '../../../src/store/index.ts';
import { AT } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import {
  CLOSED,
  day,
  demandsId,
  GUARDED,
  MANAGEMENT,
  OPEN,
  OWN,
  organizationOf,
  RULE,
  scanCaptures,
  VENDOR,
  WIDER,
  withAround,
} from './organisation.ts';

const folder = temporaryFolder();
let stores = 0;

const NAMES = ['A', 'B', 'C', 'D', 'E', 'aws-service-role/x.amazonaws.com/L'];
const capture = fc.record({
  account: fc.constantFrom(OWN, OWN, MANAGEMENT),
  at: fc.integer({ min: 1, max: 9 }).map(day),
  roles: fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(OPEN, WIDER, CLOSED, GUARDED)),
});
/** Which roles with an open policy each closes. */
const GUARDRAILS: readonly (readonly [
  contents: readonly string[] | null,
  closes: (role: string) => boolean,
])[] = [
  [null, () => false],
  [[], () => false],
  [[demandsId()], () => true],
  [[demandsId({ except: VENDOR })], () => false],
  [[demandsId({ byTag: true })], (role) => role === 'B' || role === 'C'],
  [[demandsId({ resource: `arn:aws:iam::${OWN}:role/A` })], (role) => role === 'A'],
];
const evidence = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: 9 }), fc.constantFrom(...GUARDRAILS)), {
  selector: ([at]) => at,
});
const details = { A: { tags: { keep: 'yes' } }, B: { tags: {} }, C: { tags: { keep: 'no' } } };

describe('guardrails', () => {
  it('count roles by policy as one by one, and compare them likewise', { timeout: 120_000 }, () => {
    const captures = fc.uniqueArray(capture, {
      minLength: 1,
      maxLength: 6,
      selector: ({ account, at }) => `${account} ${at}`,
    });
    fc.assert(
      fc.property(captures, evidence, (all, given) => {
        const inOrder = [...given].sort(([a], [b]) => a - b);
        const organizations = inOrder.map(
          ([at, [contents]]) => [day(at), organizationOf(contents, day(at))] as const,
        );
        const closes = inOrder.at(-1)?.[1][1] ?? (() => false);
        const plain = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
        for (const one of all) scanCaptures(plain, [one]);
        const store = withAround(plain, { organizations, details });
        const report = openReport(store, { asOf: AT });
        const verdicts = [...report.verdicts({})].map(({ object }) => object);
        for (const object of verdicts) {
          const isCovered = object.account === OWN && object.roleName !== 'L';
          const isClosed = object.verdict === 'fail' && isCovered && closes(object.roleName);
          expect(isClosedByGuardrail(object), object.arn).toBe(isClosed);
        }
        const { verdicts: counts, closed } = report.totals();
        const count = (outcome: string): number =>
          verdicts.filter((object) => effectiveVerdict(object) === outcome).length;
        for (const outcome of ['pass', 'fail', 'not-applicable', 'error'] as const) {
          expect(counts[outcome]).toBe(count(outcome));
        }
        expect(closed).toBe(verdicts.filter(isClosedByGuardrail).length);
        const counted = [...report.verdictCounts()];
        expect(counted.reduce((sum, one) => sum + one.count, 0)).toBe(
          verdicts.length - count('fail') - count('error'),
        );
        const states = verdicts.filter(({ state }) => state !== null && state !== 'baseline');
        const changes = report.changes();
        expect(changes.new + changes.reopened + changes.changed + changes.unchanged).toBe(
          states.filter(({ state }) => state !== 'not-comparable').length,
        );
        const latest = { label: 'latest', scope: { kind: 'all' } } as const;
        const previous = { label: 'previous', scope: { kind: 'previous' } } as const;
        const summary = (options: object): Pick<Diff, 'summary' | 'baseline'> => {
          const diff = diffStore(store, previous, latest, options);
          return { summary: diff.summary, baseline: diff.baseline };
        };
        const { baseline, ...told } = changes;
        expect(summary({})).toEqual({ summary: told, baseline });
        expect(summary({ all: true })).toEqual(summary({}));
        expect(trendOf(store.reader, { kind: 'all' }, RULE, 'day').at(-1)?.fail).toBe(counts.fail);
        store.close();
      }),
      { numRuns: 60 },
    );
  });
});
