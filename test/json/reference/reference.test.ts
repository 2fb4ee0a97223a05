import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type JsonElement,
  type JsonEvent,
  MAX_DEPTH,
  MAX_FIELD,
  type ReadPlan,
} from '../../../src/json/reader.ts';
import { createReferenceReader } from '../../../src/json/reference/reference-reader.ts';
import { readInPieces } from '../read-in-pieces.ts';

const PLAN: ReadPlan = {
  sources: [
    { at: ['roles'], shape: 'list', fields: [['arn'], ['trust'], ['conf', 'doc'], ['conf', 'id']] },
    { at: ['by', 'id'], shape: 'map', fields: [['arn']] },
  ],
  facts: ['more', 'marker'],
  framing: 'stream',
};
const ROOT: ReadPlan = {
  sources: [{ at: [], shape: 'list', fields: [['arn']] }],
  facts: [],
  framing: 'stream',
};
const LINES: ReadPlan = { ...ROOT, framing: 'lines' };

function read(
  plan: ReadPlan,
  input: string | Uint8Array,
  cuts: readonly number[] = [],
  start = 0,
): JsonEvent[] {
  return readInPieces(createReferenceReader, plan, Buffer.from(input), cuts, start);
}

function elements(events: readonly JsonEvent[]): JsonElement[] {
  return events.filter((event) => event.kind === 'element');
}

function fieldsOf(events: readonly JsonEvent[]): Record<string, string>[] {
  return elements(events).map(({ fields }) => Object.fromEntries(fields));
}

describe('elements', () => {
  it.each([
    [
      'wanted fields only, as compact JSON',
      '{"roles":[{"arn" : "a", "x":{"arn":"no"}, "trust": {"b" : [1, 2]}}]}',
      [{ arn: '"a"', trust: '{"b":[1,2]}' }],
    ],
    [
      'duplicates kept in source order',
      '{"roles":[{"trust":{"b":1,"a":2,"b":3}}]}',
      [{ trust: '{"b":1,"a":2,"b":3}' }],
    ],
    [
      'numbers as written',
      '{"roles":[{"trust":[1.0,1e400,12345678901234567890,-0]}]}',
      [{ trust: '[1.0,1e400,12345678901234567890,-0]' }],
    ],
    [
      'strings in one spelling',
      String.raw`{"roles":[{"trust":"\u0041\/\u00e9\ud83d\ude00\ud800"}]}`,
      [{ trust: String.raw`"A/é😀\ud800"` }],
    ],
    [
      'nested fields',
      '{"roles":[{"conf":{"z":{"doc":1},"doc":{"q":null},"id":true}}]}',
      [{ 'conf/doc': '{"q":null}', 'conf/id': 'true' }],
    ],
    [
      'a branch that is no object',
      '{"roles":[{"conf":"null"},{"conf":[{"doc":1}]}]}',
      [{ conf: '"null"' }, { conf: '[{"doc":1}]' }],
    ],
    [
      'any depth and several documents',
      '[{"roles":[{"arn":1}]},{"x":{"roles":[{"arn":2}]}}]{"roles":[{"arn":3}]}',
      [{ arn: '1' }, { arn: '2' }, { arn: '3' }],
    ],
    [
      'nothing from inside an element',
      '{"roles":[{"arn":1,"profiles":[{"roles":[{"arn":2}]}]}]}',
      [{ arn: '1' }],
    ],
    ['a list that is a single object', '{"roles":{"arn":1}}', [{ arn: '1' }]],
    [
      'a map',
      '{"by":{"id":{"k/1":{"arn":1},"k~2":{"arn":2}}},"id":{"k":{"arn":3}}}',
      [{ arn: '1' }, { arn: '2' }],
    ],
    ['the key __proto__', '{"__proto__":{"roles":[{"arn":{"__proto__":1}}]}}', [{ arn: '{"__proto__":1}' }]],
  ])('%s', (_, text, expected) => {
    const events = read(PLAN, text);
    expect(events.filter(({ kind }) => kind === 'malformed')).toEqual([]);
    expect(fieldsOf(events)).toEqual(expected);
  });

  it('tells which fields are repeated or too large', () => {
    const large = 'x'.repeat(MAX_FIELD);
    const text = `{"roles":[{"arn":"a","arn":"b","conf":{"doc":1},"conf":{"id":2},"trust":"${large}"}]}`;
    const [element] = elements(read(PLAN, text));
    expect(element?.repeated).toEqual(['arn', 'conf']);
    expect(element?.tooLarge).toEqual(['trust']);
    expect(element?.fields.get('arn')).toBe('"a"');
  });

  it('hands out what is no object with its type', () => {
    const types = elements(read(PLAN, '{"roles":[{},[{"arn":1}],"s",1.5,true,null]}')).map(
      ({ type }) => type,
    );
    expect(types).toEqual(['object', 'array', 'string', 'number', 'boolean', 'null']);
  });

  it('gives pointers', () => {
    const text = '{"a/b":[{"roles":[{},{}]}]}\n{"by":{"id":{"k~1":{}}}}';
    expect(elements(read(PLAN, text)).map(({ pointer }) => pointer)).toEqual([
      '/a~1b/0/roles/0',
      '/a~1b/0/roles/1',
      '#2/by/id/k~01',
    ]);
    expect(elements(read(ROOT, '{}[{},{}]')).map(({ pointer }) => pointer)).toEqual(['', '#2/0', '#2/1']);
  });

  it('counts offsets in bytes, from the start given', () => {
    const text = '{"é":"{[\\"","roles":[ {"arn":"é"},"s",\n -1 ,{}]}';
    const bytes = Buffer.from(text);
    const offsets = elements(read(PLAN, text, [], 3)).map(({ offset }) => offset - 3);
    expect(offsets.map((offset) => String.fromCharCode(bytes[offset] as number))).toEqual([
      '{',
      '"',
      '-',
      '{',
    ]);
    expect(offsets[0]).toBe(bytes.indexOf('{"arn"'));
    expect(offsets[3]).toBe(bytes.lastIndexOf('{}'));
  });
});

describe('scopes', () => {
  it('gives facts and counts of each object', () => {
    const text = '{"w":{"marker":"m","roles":[{},{}],"more":true,"deep":{"more":false}},"roles":null}';
    const ends = read(PLAN, text).filter((event) => event.kind === 'scope-end');
    expect(
      ends.map(({ pointer, facts, counts }) => [pointer, Object.fromEntries(facts), [...counts]]),
    ).toEqual([
      ['/w/deep', { more: 'false' }, []],
      ['/w', { marker: '"m"', more: 'true' }, [[0, 2]]],
      ['', {}, [[0, 0]]],
    ]);
  });

  it('shows an element the facts before it', () => {
    const [element] = elements(read(PLAN, '{"marker":"m","roles":[{}],"more":true}'));
    expect(Object.fromEntries(element?.facts ?? [])).toEqual({ marker: '"m"' });
  });
});

describe('broken JSON', () => {
  it.each([
    ['a missing value', '{"roles":[{"arn":1},\n {"arn":}]}', 'syntax', 2, 9, 'expected a value'],
    ['a trailing comma', '{"roles":[{"arn":1},]}', 'syntax', 1, 21, "unexpected token ']'"],
    ['a misspelt literal', '{"roles":[{"arn":1},{"arn":nul}]}', 'syntax', 1, 28, 'expected a value'],
    ['a bare key', '{"roles":[{"arn":1}],x:1}', 'syntax', 1, 22, 'expected an object key'],
    [
      'a bad escape',
      '{"roles":[{"arn":1},{"arn":"\\x"}]}      ',
      'syntax',
      1,
      29,
      'a control character or a bad escape in a string',
    ],
    [
      'a line feed in a string',
      '{"roles":[{"arn":1},{"arn":"a\nbcdefgh"}]}',
      'syntax',
      1,
      30,
      'a control character or a bad escape in a string',
    ],
    [
      'an end in a string',
      '{"roles":[{"arn":1},\n{"arn":"ab',
      'truncated',
      2,
      11,
      'expected the rest of a string',
    ],
    [
      'an end in a list',
      '{"roles":[{"arn":1}\n',
      'truncated',
      2,
      1,
      'expected the end of 2 open arrays and objects',
    ],
    ['text behind', '{"roles":[{"arn":1}]}\nDone!', 'syntax', 2, 1, 'expected a value'],
    [
      'a number too long',
      '{"roles":[{"arn":1}]}\n007',
      'syntax',
      2,
      2,
      'expected a blank between two documents',
    ],
    [
      'two literals',
      '{"roles":[{"arn":1}]}\ntruenull',
      'syntax',
      2,
      5,
      'expected a blank between two documents',
    ],
    [
      'a misspelt literal and few lines',
      '{"roles":[{"arn":1},\nnwll\n}\n]}\n',
      'syntax',
      2,
      1,
      'expected a value',
    ],
  ])('%s: what stands before is kept', (_, text, reason, line, column, expected) => {
    const events = read(PLAN, text);
    expect(fieldsOf(events)[0]).toEqual({ arn: '1' });
    const broken = events.filter((event) => event.kind === 'malformed');
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatchObject({ reason, line, column, expected });
  });

  it('gives the byte offset behind characters of several bytes', () => {
    const text = '{"é😀":1,\n"roles":[{"arn":1},?]}';
    expect(read(PLAN, text).at(-1)).toMatchObject({
      offset: Buffer.from(text).indexOf('?'),
      line: 2,
      column: 20,
    });
  });

  it('reads text that is not UTF-8 with replacements', () => {
    const bytes = Buffer.concat([
      Buffer.from('{"roles":[{"arn":"'),
      Buffer.from([0xe9]),
      Buffer.from('"},?'),
    ]);
    const events = read(PLAN, bytes);
    expect(fieldsOf(events)).toEqual([{ arn: '"\ufffd"' }]);
    expect(events.at(-1)).toMatchObject({ offset: bytes.length - 1 });
  });

  it('stops at nesting deeper than the limit, wherever it stands', () => {
    const text = `{"roles":[{"arn":1},{"skip":${'['.repeat(100_000)}`;
    const events = read(PLAN, text, [10_000]);
    expect(fieldsOf(events)).toEqual([{ arn: '1' }]);
    expect(events.at(-1)).toMatchObject({
      kind: 'malformed',
      reason: 'too-deep',
      offset: 28 + MAX_DEPTH - 3,
    });
  });

  it('stops at an endless string without gathering it', () => {
    const reader = createReferenceReader(PLAN);
    const events: JsonEvent[] = [...reader.push(Buffer.from('{"roles":[{"arn":1},{"skip":"'))];
    const chunk = Buffer.alloc(1024 * 1024, 0x61);
    let pushed = 0;
    while (!reader.stopped && pushed < 100) {
      events.push(...reader.push(chunk));
      pushed++;
    }
    expect(pushed).toBe(32);
    expect(events.at(-1)).toMatchObject({ kind: 'malformed', reason: 'too-long', offset: 28 });
  });
});

describe('one document per line', () => {
  it('loses a bad line and nothing else', () => {
    const text = '{"arn":1}\n{"arn":\n\n{"arn":"x\n{"arn":2}\r\nfoo {\n{"arn":3}{"arn":4}\n{"arn":5';
    const events = read(LINES, text);
    expect(elements(events).map(({ pointer, fields }) => [pointer, fields.get('arn')])).toEqual([
      ['#1', '1'],
      ['#5', '2'],
      ['#7', '3'],
      ['#7', '4'],
    ]);
    const broken = events.filter((event) => event.kind === 'malformed');
    expect(broken.map(({ pointer, reason, start }) => [pointer, reason, start])).toEqual([
      ['#2', 'truncated', 10],
      ['#4', 'truncated', 19],
      ['#6', 'syntax', 40],
      ['#8', 'truncated', 65],
    ]);
  });
});

const json = fc.json({ maxDepth: 6, stringUnit: 'binary' });
const role = fc
  .tuple(json, json)
  .map(([arn, trust]) => `{"x":${trust},"arn":${arn},"conf":{"doc":${trust}},"roles":[{"arn":1}]}`);
const document = fc
  .tuple(fc.array(role, { maxLength: 4 }), json, fc.constantFrom('', ' ', '\n', '\r\n\t'))
  .map(
    ([roles, other, space]) =>
      `${space}{"o":${other},"roles":[${roles.join(`,${space}`)}],"marker":"m"}${space}`,
  );

describe('properties', () => {
  it('gives the same events however the bytes are cut, also when they break off', () => {
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 3 }),
        fc.nat(),
        fc.infiniteStream(fc.nat(7)),
        (documents, end, steps) => {
          const whole = Buffer.from(documents.join(''));
          const bytes = end % 2 === 0 ? whole : whole.subarray(0, end % (whole.length + 1));
          const cuts: number[] = [];
          for (let at = 0; at < bytes.length; at += steps.next().value) cuts.push(at);
          for (const plan of [PLAN, ROOT, LINES]) {
            expect(read(plan, bytes, cuts)).toEqual(read(plan, bytes));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  it('finds every role at its offset, with its fields as JSON.parse sees them', () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 3 }), (documents) => {
        const bytes = Buffer.from(documents.join(''));
        const events = read(PLAN, bytes);
        const roles = documents.flatMap(
          (text) => (JSON.parse(text) as { roles: { arn: unknown; x: unknown }[] }).roles,
        );
        const found = elements(events).filter(({ pointer }) => /^(#\d+)?\/roles\//.test(pointer));
        expect(found.map(({ fields }) => JSON.parse(fields.get('arn') as string))).toEqual(
          roles.map(({ arn }) => arn),
        );
        expect(found.map(({ fields }) => JSON.parse(fields.get('conf/doc') as string))).toEqual(
          roles.map(({ x }) => x),
        );
        for (const { offset } of found) expect(bytes.toString('latin1', offset, offset + 5)).toBe('{"x":');
      }),
      { numRuns: 150 },
    );
  });
});
