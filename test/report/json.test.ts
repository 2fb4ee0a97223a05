import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderJson, renderNdjson, verdictJson } from '../../src/report/json.ts';
import { jsonText } from '../../src/report/shared/json-text.ts';
import { makePath, makeVerdict, memorySource } from './sample-source.ts';
import { renderToString } from './sink.ts';

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
];

describe('jsonText', () => {
  it('is the same value with nothing in it that a terminal or an editor would obey', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, indent) => {
        const text = jsonText(value, indent);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
        expect(text.split('\n')).toHaveLength(JSON.stringify(value, null, indent).split('\n').length);
      }),
      { examples: [['\u009b31m\u202e\u2028\ud800\u{E0041}', 0]] },
    );
  });
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
    expect(JSON.parse(text)).toEqual(verdicts.map(({ object }) => object));
    expect(text.split('\n')).toHaveLength(verdicts.length + 3);
  });

  it('is an empty array when nothing matches', async () => {
    expect(JSON.parse(await renderToString(renderJson, memorySource({ verdicts: [] })))).toEqual([]);
  });

  it('is one object a line as ndjson', async () => {
    const lines = (await renderToString(renderNdjson, source, all)).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(verdicts.map(({ object }) => object));
  });

  it('lists fail and error unless told otherwise', async () => {
    const listed = JSON.parse(await renderToString(renderJson, source)) as { verdict: string }[];
    expect(listed.map((object) => object.verdict)).toEqual(['fail', 'error']);
  });

  it('writes the keys in the documented order, whatever order the object was built in', () => {
    const docs = readFileSync(new URL('../../docs/reports.md', import.meta.url), 'utf8');
    const [, documented = ''] = /Every object has the keys ([^.]*), in this order\./.exec(docs) ?? [];
    expect([...documented.matchAll(/`(\w+)`/g)].map(([, key]) => key)).toEqual(KEYS);
    const { object } = makeVerdict({ paths: [makePath()] });
    const shuffled = Object.fromEntries(Object.entries(object).reverse()) as unknown as typeof object;
    const parsed = JSON.parse(verdictJson(shuffled)) as typeof object;
    expect(Object.keys(parsed)).toEqual(KEYS);
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
