import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DisagreementRow } from '../../src/model/completeness.ts';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { writeEvidenceCsv } from '../../src/report/csv/files.ts';
import { renderHtml } from '../../src/report/html/index.ts';
import { renderJson, renderNdjson } from '../../src/report/json/index.ts';
import { renderMarkdown } from '../../src/report/markdown/index.ts';
import { renderOcsf } from '../../src/report/ocsf/index.ts';
import { renderSarif } from '../../src/report/sarif/index.ts';
import { disagreementSentence, ofFirstRoles } from '../../src/report/shared/disagreement.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { readCsv } from './csv/read-csv.ts';
import { makeDisagreement, makeVerdict, memorySource, OPTIONS, OWN, SHA } from './sample-source.ts';
import { renderToString } from './sink.ts';

const NOTE = 'conflicting-records';
const ARN = `arn:aws:iam::${OWN}:role/Partner`;
const POLICIES = makeDisagreement();
const EXISTENCE = makeDisagreement({
  ...{ arn: `arn:aws:iam::${OWN}:role/Sometimes`, roleId: '', what: 'existence' },
  sources: [{ path: 'gaad.json', sha256: SHA, offset: 9 }],
});
const IDS = makeDisagreement({ arn: `arn:aws:iam::${OWN}:role/Twice`, roleId: 'AROATWICE', what: 'ids' });
const ROWS = [POLICIES, EXISTENCE, IDS];
const SENTENCES = [
  `Files of 2026-02-01T00:00:00Z show different trust policies of ${ARN} (AROAEXAMPLE0000000000): config.json, gaad.json; the worst verdict stands.`,
  `Files of 2026-02-01T00:00:00Z disagree on whether arn:aws:iam::${OWN}:role/Sometimes was there (shown by gaad.json); it is taken to stand.`,
  `Files of 2026-02-01T00:00:00Z show several role ids of arn:aws:iam::${OWN}:role/Twice, AROATWICE among them: config.json, gaad.json; each is reported.`,
];

const source = (disagreements: readonly DisagreementRow[] = ROWS) =>
  memorySource({
    verdicts: [makeVerdict({ notes: [NOTE] }), makeVerdict({ roleName: 'Undisputed' })],
    disagreements,
  });
const many = (count: number) =>
  source(
    Array.from({ length: count }, (_, n) =>
      makeDisagreement({ arn: `arn:aws:iam::${OWN}:role/R${String(n).padStart(4, '0')}` }),
    ),
  );

describe('the sentence on files that disagree', () => {
  it('says what they disagree on, which files show the role, and what stands', () => {
    expect(ROWS.map((row) => disagreementSentence(row))).toEqual(SENTENCES);
  });

  it('names the first files and counts the rest, each file once', () => {
    const sources = ['a', 'b', 'b', 'c', 'd', 'e'].map((path) => ({ path, sha256: SHA, offset: 0 }));
    expect(disagreementSentence(makeDisagreement({ sources }))).toContain(': a, b, c and 2 more; the worst');
  });

  it('speaks of records where one file disagrees with itself', () => {
    const sources = [1, 2].map((offset) => ({ path: 'one.json', sha256: SHA, offset }));
    expect(disagreementSentence(makeDisagreement({ sources }))).toMatch(
      /^Records of one file of 2026-02-01T00:00:00Z show different .*: one\.json;/,
    );
  });
});

describe('the first roles on which files disagree', () => {
  const ofRole = (name: string, what: DisagreementRow['what']) =>
    makeDisagreement({ arn: `arn:aws:iam::${OWN}:role/${name}`, what });
  const rows = [ofRole('A', 'policies'), ofRole('A', 'existence'), ofRole('B', 'ids'), ofRole('C', 'ids')];

  it('are counted as roles, whole, however many rows they have', () => {
    expect(ofFirstRoles(rows, 1)).toEqual({ rows: rows.slice(0, 2), roles: 1 });
    expect(ofFirstRoles(rows, 2)).toEqual({ rows: rows.slice(0, 3), roles: 2 });
    expect(ofFirstRoles(rows, 9)).toEqual({ rows, roles: 3 });
  });

  it('are as many in the tables as in the headline', async () => {
    const page = await renderToString(renderHtml, source(rows));
    expect(page).toContain('Files of one moment disagree on 3 roles, listed below');
    expect(page).toContain('on which files of one moment disagree <span class="count">3</span>');
    expect(page).toContain('3 roles are not the same in all files of one moment');
  });
});

describe('files that disagree, in every report', () => {
  it('are objects of JSON and NDJSON that no reader takes for verdicts', async () => {
    const array = JSON.parse(await renderToString(renderJson, source())) as VerdictObject[];
    const lines = (await renderToString(renderNdjson, source())).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(array);
    const told = array.filter(({ arn }) => arn === '');
    expect(told.map(({ message }) => message)).toEqual(SENTENCES);
    expect(told[0]).toMatchObject({
      ...{ account: OWN, roleName: '', roleId: '', verdict: 'error', literal: 'error', reason: NOTE },
      evidence: {
        ...{ source: 'config.json', sha256: 'cd'.repeat(32), offset: 77 },
        capturedAt: '2026-02-01T00:00:00Z',
      },
      firstSeen: null,
    });
    expect(array.filter(({ arn }) => arn !== '').map(({ notes }) => notes)).toEqual([[NOTE], []]);
    const passing = await renderToString(renderJson, source(), { outcomes: ['pass'] });
    expect(JSON.parse(passing)).toEqual([]);
  });

  it('are notifications of SARIF, and the run is no success', async () => {
    const log = JSON.parse(await renderToString(renderSarif, source())) as {
      runs: {
        tool: { driver: { notifications: { id: string }[] } };
        invocations: {
          executionSuccessful: boolean;
          toolExecutionNotifications: {
            descriptor: { id: string; index: number };
            message: { text: string };
          }[];
        }[];
        properties: { completeness: object };
      }[];
    };
    const [run] = log.runs;
    const [invocation] = run?.invocations ?? [];
    expect(invocation?.executionSuccessful).toBe(false);
    const said = (invocation?.toolExecutionNotifications ?? []).filter((one) => one.descriptor.id === NOTE);
    expect(said.map(({ message }) => message.text)).toEqual(SENTENCES);
    expect(said[0]).toMatchObject({
      level: 'warning',
      locations: [
        { physicalLocation: { artifactLocation: { uri: 'config.json' }, region: { byteOffset: 77 } } },
        { physicalLocation: { artifactLocation: { uri: 'gaad.json' }, region: { byteOffset: 8192 } } },
      ],
      properties: { account: OWN, arn: ARN, what: 'policies' },
    });
    expect(run?.tool.driver.notifications[said[0]?.descriptor.index ?? -1]?.id).toBe(NOTE);
    expect(run?.properties.completeness).toMatchObject({ complete: false, disagreements: 3 });
  });

  it('are findings of OCSF, each by a name of its own that does not change with the capture', async () => {
    const told = async (rows: readonly DisagreementRow[]) =>
      (await renderToString(renderOcsf, source(rows)))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { message: string; finding_info: { uid: string; title: string } })
        .filter(({ finding_info }) => finding_info.title === 'Evidence disagrees');
    const found = await told(ROWS);
    expect(found.map(({ message }) => message)).toEqual(SENTENCES);
    expect(found[0]).toMatchObject({
      compliance: { status_id: 2, status_code: NOTE },
      resources: [{ uid: ARN, type: 'AWS::IAM::Role' }],
      time: Date.parse('2026-02-01T00:00:00Z'),
      unmapped: { verdict: 'error', reason: NOTE, what: 'policies', sources: POLICIES.sources },
    });
    expect(new Set(found.map(({ finding_info }) => finding_info.uid)).size).toBe(3);
    const [later] = await told([{ ...POLICIES, capturedAt: '2026-03-01T00:00:00Z' }]);
    expect(later?.finding_info.uid).toBe(found[0]?.finding_info.uid);
  });

  it('stand in Markdown by name, the first fifty, and mark the finding', async () => {
    const text = await renderToString(renderMarkdown, source());
    expect(text).toContain(
      `- Files of \`2026-02-01T00:00:00Z\` show different trust policies of \`${ARN}\` (\`AROAEXAMPLE0000000000\`): \`config.json\`, \`gaad.json\`; the worst verdict stands.\n`,
    );
    expect(text).toContain('| `Partner` (files disagree) |');
    expect(text).toContain('| `Undisputed` |');
    expect(text).toContain('**Evidence incomplete**');
    const long = await renderToString(renderMarkdown, many(53));
    expect(long.match(/show different trust policies/g)).toHaveLength(50);
    expect(long).toContain('**Files disagree on 3 more roles**');
    expect(await renderToString(renderMarkdown, many(51))).toContain('**Files disagree on 1 more role**');
    expect(await renderToString(renderMarkdown, source([]))).not.toMatch(/Files .*disagree/);
  });
});

describe('files that disagree, beside the CSV report', () => {
  const folder = temporaryFolder();

  it('have a row each, all of them', async () => {
    await writeEvidenceCsv(join(folder, 'findings.csv'), source(), OPTIONS);
    const [titles = [], ...rows] = readCsv(readFileSync(join(folder, 'findings.evidence.csv'), 'utf8'));
    const told = rows
      .map((row) => Object.fromEntries(titles.map((title, index) => [title, row[index] ?? ''])))
      .filter(({ kind }) => kind === NOTE);
    expect(told.map(({ messages }) => messages?.replaceAll('\\;', ';'))).toEqual(SENTENCES);
    expect(told[0]).toMatchObject({
      ...{ path: 'config.json', sha256: 'cd'.repeat(32), offset: '77', account: OWN, arn: ARN },
      ...{ role_id: 'AROAEXAMPLE0000000000', captured_at: '2026-02-01T00:00:00Z' },
      ...{ status: 'policies', codes: NOTE },
    });
    expect(told.map(({ status }) => status)).toEqual(['policies', 'existence', 'ids']);
  });
});

describe('files that disagree, on the page', () => {
  it('stand under coverage with their files, and mark the finding without a script', async () => {
    const page = await renderToString(renderHtml, source());
    const coverage = /<section id="coverage"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
    expect(coverage).toContain('Roles on which files of one moment disagree <span class="count">3</span>');
    expect(coverage).toContain(
      `<td class="long"><code>${ARN}</code><br><code class="muted">AROAEXAMPLE0000000000</code></td><td>2026-02-01 00:00 UTC</td><td>different trust policies; the worst verdict stands</td><td class="long"><code>config.json</code><br><code>gaad.json</code><br></td>`,
    );
    expect(coverage).toContain('<td>whether it was there; it is taken to stand</td>');
    expect(coverage).toContain('<td>several role ids; each is reported</td>');
    expect(coverage).toContain('Files of one moment disagree on 3 roles, listed below.');
    expect(page).toContain('<code>Partner</code> <span class="badge carried">files disagree</span>');
    expect(page).toContain('<code>Undisputed</code></td>');
  });

  it('are named as far as a page goes, and counted beyond', async () => {
    const page = await renderToString(renderHtml, many(2_001));
    expect(page.split('different trust policies; the worst verdict stands')).toHaveLength(2_001);
    expect(page).toContain('<strong>Showing 2,000 of 2,001</strong>');
  });

  it('are no section where there are none', async () => {
    const page = await renderToString(renderHtml, source([]));
    expect(page).not.toContain('Roles on which files of one moment disagree');
  });
});
