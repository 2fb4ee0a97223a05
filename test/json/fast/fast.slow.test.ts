import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WRITERS } from '../../../bench/generate-formats.ts';
import { Organisation } from '../../../bench/generate-organisation.ts';
import { chooseReader } from '../../../src/json/choice.ts';
import { createFastReader } from '../../../src/json/fast/fast-reader.ts';
import {
  type JsonElement,
  type JsonEvent,
  MAX_DEPTH,
  MAX_FIELD,
  MAX_LEXEME,
  type ReadPlan,
} from '../../../src/json/reader.ts';
import { createReferenceReader } from '../../../src/json/reference/reference-reader.ts';
import {
  cutsOf,
  DOCUMENTS,
  hasTouchingScalars,
  LINES,
  mutate,
  mutation,
  NESTED,
  PLANS,
  text,
} from './arbitraries.ts';
import { numberScopes, readBoth, readWith } from './compare.ts';

const GAAD: ReadPlan = {
  sources: [
    { at: ['RoleDetailList'], shape: 'list', fields: [['Arn'], ['RoleId'], ['AssumeRolePolicyDocument']] },
    { at: ['UserDetailList'], shape: 'list', fields: [['Arn']] },
    { at: ['Policies'], shape: 'list', fields: [['Arn']] },
  ],
  facts: ['IsTruncated', 'Marker'],
  framing: 'stream',
};
const CONFIG: ReadPlan = {
  sources: [
    {
      at: ['configurationItems'],
      shape: 'list',
      fields: [
        ['resourceType'],
        ['ARN'],
        ['configuration', 'assumeRolePolicyDocument'],
        ['configurationStateId'],
      ],
    },
  ],
  facts: ['fileVersion', 'configSnapshotId'],
  framing: 'stream',
};
const CLOUDQUERY: ReadPlan = {
  sources: [{ at: [], shape: 'list', fields: [['arn'], ['account_id'], ['assume_role_policy_document']] }],
  facts: [],
  framing: 'lines',
};

function evidence(format: string, roles: number, unique = 0.1): Buffer {
  const recipe = { seed: 7, roles, accounts: 2, policies: 20, unique, crossAccount: 0.5 };
  const writer = WRITERS[format] as (typeof WRITERS)[string];
  return Buffer.from([...writer(new Organisation(recipe), () => roles / 2)].join(''));
}

function expectEqual(plan: ReadPlan, bytes: Uint8Array, cuts: readonly number[] = [], start = 0): void {
  const { fast, inPlace, reference } = readBoth(plan, bytes, cuts, start);
  expect(fast).toEqual(reference);
  expect(inPlace).toEqual(fast);
}

describe('the fast reader gives the events of the reference reader', () => {
  it('for any JSON, however it is cut, mutated and broken off', { timeout: 180_000 }, () => {
    fc.assert(
      fc.property(
        text,
        fc.array(mutation, { maxLength: 2 }),
        fc.option(fc.nat()),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (whole, mutations, end, lengths) => {
          let bytes = mutations.reduce(mutate, whole);
          if (end !== null) bytes = bytes.subarray(0, end % (bytes.length + 1));
          fc.pre(!hasTouchingScalars(bytes));
          for (const plan of PLANS) expectEqual(plan, bytes, cutsOf(lengths, bytes.length), 7);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('for one document per line with bad lines among them', () => {
    const line = fc.oneof(
      { weight: 3, arbitrary: text.map((bytes) => bytes.toString('latin1').replaceAll(/[\r\n]/g, ' ')) },
      { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 6 }),
        fc.array(fc.nat(200), { maxLength: 6 }),
        (lines, lengths) => {
          const bytes = Buffer.from(lines.join('\n'), 'latin1');
          fc.pre(!lines.some((one) => hasTouchingScalars(Buffer.from(one, 'latin1'))));
          expectEqual(LINES, bytes, cutsOf(lengths, bytes.length));
          expectEqual({ ...NESTED, framing: 'lines' }, bytes, cutsOf(lengths, bytes.length));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('for any few tokens in a row, right or wrong', { timeout: 60_000 }, () => {
    const tokens = ['{', '}', '[', ']', ':', ',', '"a"', '1', 'tru'];
    const sequences = (length: number): string[] =>
      length === 0 ? [''] : sequences(length - 1).flatMap((left) => tokens.map((token) => left + token));
    for (const before of ['', '[', '["",', '{', '{"x":', '{"x":"",', '{"x":{}', '[{}']) {
      for (const sequence of sequences(3)) {
        // The tokens stand on both sides of the border between two of the scanner's blocks.
        const bytes = Buffer.from(`${before}${' '.repeat(62 - before.length)}${sequence}`);
        if (hasTouchingScalars(bytes)) continue;
        expectEqual(DOCUMENTS, bytes);
        expectEqual(DOCUMENTS, Buffer.concat([bytes, Buffer.alloc(200, 0x20)]));
      }
    }
  });

  it('for escapes across the border of a block', () => {
    for (let shift = 40; shift < 70; shift++) {
      for (const string of [
        '\\u00e9',
        '\\u00e9\\x',
        '\\u00',
        '\\u00g0',
        '\\\\u12',
        '\\\\\\"\\',
        '\\n\u0007',
      ]) {
        for (const rest of ['"}]}', '",tru}', '"', '']) {
          const bytes = Buffer.from(`${' '.repeat(shift)}{"roles":[{"arn":"${string}${rest}`);
          expectEqual(NESTED, bytes);
          expectEqual(NESTED, Buffer.concat([bytes, Buffer.alloc(100, 0x20)]));
        }
      }
    }
  });

  it('at every boundary between two chunks', () => {
    const tricky = String.raw`{"x":[[{"\"":"\\\\"}],-1.5e+7 ,true],"roles":[ {"arn":"\u00e9\ud83d\ude00é😀","conf" : {"id":[1 , {"a":"b c"}],"doc":null}},
      "s",12,{"arn":"last","trust":{"é":"\\","a":[],"b":{}}}],"more":true}[{"arn":1}]{"by":{"id":{"k/1":{"arn":false}}}}`;
    const bytes = Buffer.from(tricky);
    for (let cut = 0; cut <= bytes.length; cut++) {
      expectEqual(NESTED, bytes, [cut]);
      expectEqual(DOCUMENTS, bytes, [cut, Math.min(bytes.length, cut + 1)]);
      expectEqual(NESTED, bytes.subarray(0, cut));
    }
    expectEqual(NESTED, bytes, Array.from(bytes.keys()));
  });

  it.each([
    ['gaad', GAAD],
    ['gaad-compact', GAAD],
    ['cloudquery', CLOUDQUERY],
    ['config', CONFIG],
  ])('for evidence in the format %s, larger than the window', (format, plan) => {
    const bytes = evidence(format, 400);
    const cuts = cutsOf(Array(40).fill(70_001), bytes.length);
    const { fast, inPlace, reference } = readBoth(plan, bytes, cuts);
    expect(fast.length).toBeGreaterThanOrEqual(400);
    expect(fast).toEqual(reference);
    expect(inPlace).toEqual(fast);
  });

  it('for evidence with single bytes changed, wherever they stand', { timeout: 120_000 }, () => {
    const dumps = [
      { plan: GAAD, bytes: evidence('gaad', 2) },
      { plan: GAAD, bytes: evidence('gaad-compact', 2) },
      { plan: CONFIG, bytes: evidence('config', 2) },
      { plan: CLOUDQUERY, bytes: evidence('cloudquery', 6) },
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...dumps),
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (dump, changes) => {
          const bytes = changes.reduce(mutate, dump.bytes);
          fc.pre(!hasTouchingScalars(bytes));
          expectEqual(dump.plan, bytes, [5000]);
        },
      ),
      { numRuns: 250 },
    );
  });

  it('when trust policies recur and when none does, beyond what is remembered', { timeout: 60_000 }, () => {
    for (const unique of [0, 1]) {
      const bytes = Buffer.concat([
        evidence('cloudquery', 3000, unique),
        evidence('cloudquery', 3000, unique),
      ]);
      const policies = Array.from({ length: 2000 }, (_, index) => {
        const trust = `{"n" : ${index % 700}, "pad":"${'x'.repeat(1500)}é"}`;
        return `{"arn":"r${index}","assume_role_policy_document":${trust}}\n`;
      });
      expectEqual(CLOUDQUERY, Buffer.concat([bytes, Buffer.from(policies.join(''))]));
    }
  });

  it('for bytes that are not UTF-8', () => {
    const parts = [
      '{"roles":[{"arn":"',
      [0xe9],
      '","trust":{"',
      [0xff, 0xe2, 0x82],
      '": "\\n',
      [0xc3],
      '"}}]}',
    ];
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    expectEqual(NESTED, bytes);
    expect((readWith(createFastReader, NESTED, bytes)[0] as JsonElement).fields.get('arn')).toBe('"\ufffd"');
  });

  it('for documents that are no arrays or objects', () => {
    for (const bytes of [
      '1 "a"\n{"arn":1}\nnull [{"arn":2}]',
      '{"more":1}  "x" {"roles":[{}]} ?',
      'Done!',
    ].map((plain) => Buffer.from(plain))) {
      for (const plan of PLANS) for (let cut = 0; cut <= bytes.length; cut++) expectEqual(plan, bytes, [cut]);
    }
  });
});

describe('limits', () => {
  it('are those of the reference reader for nesting', () => {
    for (const depth of [MAX_DEPTH - 2, MAX_DEPTH - 1, MAX_DEPTH]) {
      for (const open of ['[', '{"a":', '[{"a":']) {
        const levels = open === '[{"a":' ? depth >> 1 : depth;
        expectEqual(NESTED, Buffer.from(`{"roles":[{"arn":1}],"skip":${open.repeat(levels)}`), [40, 1000]);
      }
    }
  });

  it('are those of the reference reader for strings', { timeout: 60_000 }, () => {
    for (const length of [MAX_LEXEME - 2, MAX_LEXEME - 1]) {
      const bytes = Buffer.concat([
        Buffer.from('{"roles":[{"arn":1},\n{"skip":"'),
        Buffer.alloc(length, 0x61),
        Buffer.from('"},{"arn":2}]}'),
      ]);
      expectEqual(NESTED, bytes, cutsOf(Array(40).fill(1_000_000), bytes.length));
    }
  });

  it('are those of the reference reader for facts', () => {
    const plan: ReadPlan = { ...NESTED, facts: ['Marker'] };
    for (const length of [1023, 1024, 1025]) {
      for (const letter of ['a', 'é', '\\n']) {
        expectEqual(plan, Buffer.from(`{"Marker":"${letter.repeat(length)}","roles":[{"arn":1}]}`), [500]);
      }
    }
  });

  it('are those of the reference reader for fields, which are kept compact whatever their length', {
    timeout: 120_000,
  }, () => {
    for (const length of [300_000, MAX_FIELD - 10, MAX_FIELD]) {
      const long = `{ "a\\u0062" : [ "${'é'.repeat(length >> 2)}" ,\n${' '.repeat(300_000)}"${'x'.repeat(length - (length >> 2))}" ] }`;
      const bytes = Buffer.from(
        `{"roles":[{"trust":${long},"arn":"\\u0061${'y'.repeat(length)}"},{"arn":1}]}`,
      );
      expectEqual(NESTED, bytes);
      expectEqual(NESTED, bytes, cutsOf(Array(200).fill(100_003), bytes.length));
    }
  });
});

describe('the scanner', () => {
  it('serves several readers at once, and others after a fault', () => {
    const bytes = evidence('gaad', 20);
    const expected = readWith(createReferenceReader, GAAD, bytes);
    for (let round = 0; round < 3; round++) {
      const [one, two] = [createFastReader(GAAD), createFastReader(GAAD)];
      const events: [JsonEvent[], JsonEvent[]] = [[], []];
      for (let from = 0; from < bytes.length; from += 9999) {
        events[0].push(...one.push(bytes.subarray(from, from + 9999)));
        events[1].push(...two.push(bytes.subarray(from, from + 9999)));
      }
      events[0].push(...one.end());
      events[1].push(...two.end());
      expect(numberScopes(events[0])).toEqual(expected);
      expect(numberScopes(events[1])).toEqual(expected);
      const broken = createFastReader(NESTED);
      expect(broken.push(Buffer.from('{"roles":[{"arn":1},x'.padEnd(200)))).toHaveLength(2);
      expect(broken.stopped).toBe(true);
      expect(broken.push(Buffer.from('{}'))).toEqual([]);
      expect(broken.end()).toEqual([]);
    }
  });

  it('is chosen where it runs, and what replaces it is said', () => {
    expect(chooseReader('auto', true)).toMatchObject({ name: 'fast', note: null });
    expect(chooseReader('reference', true)).toMatchObject({ name: 'reference', note: null });
    expect(chooseReader('auto', false)).toMatchObject({
      name: 'reference',
      note: 'this runtime has no WebAssembly SIMD: JSON is read by the slower reference reader',
    });
    expect(() => chooseReader('fast', false)).toThrow('use `--reader auto`');
    expect(chooseReader('auto').name).toBe('fast');
  });
});
