import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openFixer } from '../../src/cli/fix/fix-role.ts';
import { explanation } from '../../src/cli/output/explanation.ts';
import { FILE, sectionsText } from '../../src/cli/output/screen.ts';
import { summary } from '../../src/cli/scan/summary.ts';
import type { Report } from '../../src/history/report/report.ts';
import type { DisagreementRow } from '../../src/model/completeness.ts';
import { NO_RELATIONS } from '../../src/model/relations.ts';
import { makeDisagreement, makeVerdict, memorySource } from '../report/sample-source.ts';

const HIDING = '\u001b[2Jgaad\u202e.json';
const ROW = makeDisagreement({ sources: [{ path: HIDING, sha256: '', offset: 0 }] });
const SAID =
  'Records of one file of 2026-02-01T00:00:00Z show different trust policies of arn:aws:iam::111122223333:role/Partner (AROAEXAMPLE0000000000): ';

function screen(disagreements: readonly DisagreementRow[]): string {
  const report: Report = {
    ...memorySource({ verdicts: [makeVerdict()], disagreements }),
    ...{ furtherRules: [], accepted: [], ruleTotals: () => [], undecided: () => 0 },
  };
  const { reasons } = report.completeness();
  const outcome = { files: 1, records: 1, shard: null, reasons, db: 's.db', written: [] };
  return summary(report, outcome, { stdout: new PassThrough() });
}

it('names on the screen the roles on which files disagree, and does not call the evidence complete', () => {
  const text = screen([ROW]);
  expect(text).toContain(`files of one moment disagree on roles: 1\n  ${SAID}`);
  expect(text).not.toContain('evidence: complete');
  for (const hiding of ['\u001b', '\u202e']) expect(text).not.toContain(hiding);
  expect(screen([])).toContain('evidence: complete');
});

it('names the first twenty of them and counts the rest', () => {
  const rows = Array.from({ length: 23 }, (_, n) => makeDisagreement({ arn: `arn:role/${n}` }));
  const text = screen(rows);
  expect(text).toContain('disagree on roles: 23\n');
  expect(text.match(/show different trust policies/g)).toHaveLength(20);
  expect(text).toContain('  and 3 more roles\n');
});

it.each([
  ['a rule over trust policies', 'unguarded-external-path'],
  ['a rule of a rule file', 'rule-violated'],
])('explains it of a role, under %s', (_, reason) => {
  const verdict = makeVerdict({ notes: ['conflicting-records'], reason, verdict: 'pass', paths: [] });
  const fixOf = () => ({ object: verdict.object, remediation: null }) as never;
  const lines = explanation(verdict, {
    accepted: [],
    disagreements: [ROW],
    fixOf,
    fixCommand: () => '',
  });
  const text = sectionsText(lines, FILE);
  expect(text).toContain(`  ${SAID}`);
  for (const hiding of ['\u001b', '\u202e']) expect(text).not.toContain(hiding);
  expect(text).toContain('conflicting-records: Files of one moment disagree on this role');
});

it('is said before a proposal is applied, and only of the role concerned', () => {
  const fixer = openFixer(NO_RELATIONS, { guard: null, externalId: null, generate: false });
  const cautions = (notes: readonly string[]): readonly string[] => {
    const { remediation } = fixer(makeVerdict({ notes }));
    if (remediation === null || remediation.refused !== null) throw new Error('no proposal');
    return remediation.cautions;
  };
  const [first, ...others] = cautions(['conflicting-records']);
  expect(first).toContain('look first which one is in force');
  expect(cautions([])).toEqual(others);
});
