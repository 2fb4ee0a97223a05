import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { orderedObject, renderJson, renderNdjson } from '../../../src/report/json/index.ts';
import { jsonText } from '../../../src/text/json-text.ts';
import { makeEvidence, makePath, makeVerdict, memorySource } from '../sample-source.ts';
import { renderToString } from '../sink.ts';

const KEYS = [
  'rule',
  'account',
  'partition',
  'arn',
  'roleName',
  'roleId',
  'verdict',
  'literal',
  'severity',
  'reason',
  'notes',
  'message',
  'paths',
  'witness',
  'evidence',
  'firstSeen',
  'lastSeen',
  'state',
  'suppressedBy',
  'guardrail',
  'impact',
  'carriedForward',
];

/** A member, a file and two records are missing; `a.json` was read twice, and its content had changed. */
const missing = memorySource({
  verdicts: [makeVerdict()],
  evidence: [
    makeEvidence({ path: 'a.json', sha256: 'a1' }),
    makeEvidence({ path: 'a.json', sha256: 'a2', recordsAccepted: 9, recordsRejected: 1 }),
    makeEvidence({
      path: 'b.json',
      sha256: 'bb',
      recordsAccepted: 9,
      recordsRejected: 1,
      status: 'incomplete',
      problems: [{ code: 'json-truncated', message: 'the JSON ends too early' }],
    }),
  ],
  rejects: [
    { path: 'a.json', offset: 5, pointer: '/Roles/3', code: 'arn-missing', message: 'no ARN' },
    { path: 'b.json', offset: 9, pointer: '', code: 'line-malformed', message: 'no JSON' },
  ],
  completeness: {
    gaps: [
      {
        account: '222233334444',
        name: 'Lost',
        why: 'never-complete',
        capturedAt: '2026-01-01T00:00:00Z',
        age: 1,
      },
    ],
  },
});

describe('json', () => {
  const verdicts = (['fail', 'pass', 'error', 'not-applicable'] as const).map((verdict) =>
    makeVerdict({
      verdict,
      roleName: `</script>\u2028${verdict}`,
      witness: verdict === 'fail' ? makeVerdict().object.witness : null,
    }),
  );
  const source = memorySource({ verdicts });
  const all = { outcomes: ['pass', 'fail', 'error', 'not-applicable'] as const };

  it('is one array of the verdict objects, unchanged', async () => {
    const text = await renderToString(renderJson, source, all);
    expect(JSON.parse(text)).toEqual(verdicts.map(({ object }) => ({ ...object, carriedForward: null })));
    expect(text.split('\n')).toHaveLength(verdicts.length + 3);
  });

  it('is an empty array when nothing matches', async () => {
    expect(JSON.parse(await renderToString(renderJson, memorySource({ verdicts: [] })))).toEqual([]);
  });

  it('is one object a line as ndjson', async () => {
    const lines = (await renderToString(renderNdjson, source, all)).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(
      verdicts.map(({ object }) => ({ ...object, carriedForward: null })),
    );
  });

  it('lists fail and error unless told otherwise', async () => {
    const listed = JSON.parse(await renderToString(renderJson, source)) as { verdict: string }[];
    expect(listed.map((object) => object.verdict)).toEqual(['fail', 'error']);
  });

  it('ends with an object for everything that is missing, with the keys of a verdict', async () => {
    const parsed = JSON.parse(await renderToString(renderJson, missing)) as Record<string, unknown>[];
    for (const object of parsed) expect(Object.keys(object)).toEqual(KEYS);
    const none = { arn: '', roleName: '', roleId: '', severity: null, paths: [], witness: null, state: null };
    const error = { rule: 'D9.AWS.IAM.99', verdict: 'error', literal: 'error', ...none };
    expect(parsed).toMatchObject([
      { verdict: 'fail', roleName: 'Partner' },
      {
        ...error,
        account: '222233334444',
        reason: 'account-gap',
        message:
          'Account 222233334444 (Lost) of the organisation is not covered: no capture of it is complete; latest capture 2026-01-01 00:00 UTC, 1 day before the newest of all.',
        evidence: { source: '', sha256: '', offset: null, capturedAt: '2026-01-01T00:00:00Z' },
      },
      {
        ...error,
        account: '111122223333',
        reason: 'evidence-unread',
        message: 'The evidence is incomplete: the JSON ends too early.',
        evidence: { source: 'b.json', sha256: 'bb', offset: null, capturedAt: '2026-02-01T00:00:00Z' },
      },
      {
        ...error,
        reason: 'arn-missing',
        message: 'A record at /Roles/3 was rejected: no ARN.',
        evidence: { source: 'a.json', sha256: 'a2', offset: 5, capturedAt: null },
      },
      {
        ...error,
        reason: 'line-malformed',
        message: 'A record was rejected: no JSON.',
        evidence: { source: 'b.json', sha256: 'bb', offset: 9, capturedAt: null },
      },
    ]);
    const lines = (await renderToString(renderNdjson, missing)).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(parsed);
  });

  it.each([
    [['fail'], 1],
    [['pass', 'not-applicable'], 0],
    [['error'], 4],
  ] as const)(
    'lists of what is missing and of verdicts with the status %j just %i',
    async (outcomes, count) => {
      expect(JSON.parse(await renderToString(renderJson, missing, { outcomes }))).toHaveLength(count);
    },
  );

  it('names no file whose loss was mended since', async () => {
    const mended = memorySource({
      verdicts: [],
      evidence: [makeEvidence({ status: 'unreadable' })],
      completeness: { unread: 0, reasons: [] },
    });
    expect(JSON.parse(await renderToString(renderJson, mended))).toEqual([]);
  });

  it('says how long an account is carried forward', async () => {
    const verdicts = [makeVerdict()];
    const accounts = [...memorySource({ verdicts }).accounts()].map((row) => ({
      ...row,
      carriedForward: 89,
    }));
    const text = await renderToString(renderJson, memorySource({ verdicts, accounts }));
    expect(JSON.parse(text)).toMatchObject([{ account: '111122223333', carriedForward: 89 }]);
  });

  it('writes the keys in the documented order, whatever order the object was built in', () => {
    const docs = readFileSync(new URL('../../../docs/reports.md', import.meta.url), 'utf8');
    const [, documented = ''] = /Every object has the keys ([^.]*), in this order\./.exec(docs) ?? [];
    expect([...documented.matchAll(/`(\w+)`/g)].map(([, key]) => key)).toEqual(KEYS);
    const { object } = makeVerdict({ paths: [makePath()] });
    const shuffled = Object.fromEntries(Object.entries(object).reverse()) as unknown as typeof object;
    const parsed = JSON.parse(jsonText(orderedObject(shuffled))) as typeof object;
    expect([...Object.keys(parsed), 'carriedForward']).toEqual(KEYS);
    expect(Object.keys(parsed.paths[0] ?? {})).toEqual([
      'statement',
      'sid',
      'principal',
      'account',
      'accountName',
      'relation',
      'guards',
    ]);
    expect(Object.keys(parsed.evidence)).toEqual(['source', 'sha256', 'offset', 'capturedAt']);
    expect(Object.keys(parsed.witness ?? {})).toEqual([
      'principalArn',
      'principalAccount',
      'actions',
      'context',
    ]);
  });
});
