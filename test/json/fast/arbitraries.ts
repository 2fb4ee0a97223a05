import fc from 'fast-check';
import { ANY_ACCOUNT, type ReadPlan } from '../../../src/json/reader.ts';

export const NESTED: ReadPlan = {
  sources: [
    { at: ['roles'], shape: 'list', fields: [['arn'], ['trust'], ['conf', 'doc'], ['conf', 'id']] },
    { at: ['by', 'id'], shape: 'map', fields: [['arn']] },
  ],
  facts: ['more', 'marker'],
  framing: 'stream',
};
export const DOCUMENTS: ReadPlan = {
  sources: [{ at: [], shape: 'list', fields: [['arn'], ['trust']] }],
  facts: [],
  framing: 'stream',
};
const MEMBERS: ReadPlan = {
  sources: [{ at: [], shape: 'map', fields: [['arn'], ['trust']] }],
  facts: [],
  framing: 'stream',
};
export const LINES: ReadPlan = { ...DOCUMENTS, framing: 'lines' };

const WHOLE: ReadPlan = {
  sources: [
    { at: ['roles'], shape: 'list', fields: [], whole: true },
    { at: ['by', 'id'], shape: 'map', fields: [], whole: true },
    { at: ['conf'], shape: 'list', fields: [['arn']] },
  ],
  facts: ['more'],
  framing: 'stream',
};

const ACCOUNTS: ReadPlan = {
  sources: [
    { at: [ANY_ACCOUNT], shape: 'list', fields: [['arn'], ['trust']] },
    { at: ['by', ANY_ACCOUNT], shape: 'map', fields: [['arn']] },
    { at: [ANY_ACCOUNT, 'roles'], shape: 'list', fields: [['arn']] },
  ],
  facts: ['more'],
  framing: 'stream',
};

export const PLANS: readonly ReadPlan[] = [
  NESTED,
  ACCOUNTS,
  WHOLE,
  { ...DOCUMENTS, sources: [{ at: [], shape: 'list', fields: [], whole: true }] },
  DOCUMENTS,
  MEMBERS,
  { ...NESTED, framing: 'lines' },
  LINES,
];

const key = fc.constantFrom(
  ...['roles', 'arn', 'trust', 'conf', 'doc', 'id', 'by', 'more', 'marker', 'x', '', 'a/b', '~', 'é'],
  ...['111122223333', '11112222333', '\\u003111122223333'],
  ...['\\u0061rn', 'tr\\u0075st', 'k\\"'],
  ...['AssumeRolePolicyDocument', 'assumeRolePolicyDocument', 'AssumeRolePolicyDocumenT'],
  ...['\\u0061ssumeRolePolic\\u0079Document', 'AssumeRolePolicyDocument\\u0020'],
);
const space = fc.constantFrom('', '', '', ' ', '\n', '\r\n', '\t', '\n    ', ' '.repeat(70));
const string = fc.oneof(
  fc.constantFrom(
    ...['', 'abc', 'é', '😀', '\\n', '\\u00e9', '\\ud83d\\ude00', '\\ud800', '\\\\', '\\"', '\\/'],
    ...['x'.repeat(60), '\\\\'.repeat(40), '{[', ']}', ',:', '\u2028', '\x7f'],
  ),
  fc.string({ maxLength: 20, unit: 'binary' }).map((text) => JSON.stringify(text).slice(1, -1)),
);
const scalar = fc.oneof(
  string.map((text) => `"${text}"`),
  fc.constantFrom('0', '-0', '1', '12.5', '1e5', '-1.5E-7', '12345678901234567890', 'true', 'false', 'null'),
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6, depthSize: 'medium' },
    scalar,
    fc
      .tuple(space, fc.array(fc.tuple(key, space, space, tie('value'), space), { maxLength: 5 }))
      .map(([gap, members]) => {
        const inner = members.map(([name, a, b, item, c]) => `"${name}"${a}:${b}${item}${c}`);
        return `{${gap}${inner.join(`,${gap}`)}}`;
      }),
    fc
      .tuple(space, fc.array(fc.tuple(tie('value'), space), { maxLength: 5 }))
      .map(([gap, items]) => `[${gap}${items.map(([item, after]) => item + after).join(`,${gap}`)}]`),
  ),
}));

/** JSON texts with odd spacing, shifted against the scanner's blocks. */
export const text = fc
  .tuple(fc.nat(130), fc.array(fc.tuple(space, value), { maxLength: 4 }))
  .map(([shift, parts]) => Buffer.from(' '.repeat(shift) + parts.map(([gap, part]) => gap + part).join('')));

export interface Mutation {
  readonly place: number;
  readonly how: 'insert' | 'remove' | 'replace';
  readonly byte: number;
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(),
  how: fc.constantFrom('insert', 'remove', 'replace'),
  byte: fc.oneof(
    fc.constantFrom(...Buffer.from('{}[]:,"\\ \n0-1.eEtrufalsn\x00\x1f\t/\x7f')),
    fc.constantFrom(0x80, 0xe9, 0xff),
    fc.nat(255),
  ),
});

export function mutate(bytes: Buffer, { place, how, byte }: Mutation): Buffer {
  const at = place % (bytes.length + 1);
  const rest = bytes.subarray(how === 'insert' ? at : at + 1);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(how === 'remove' ? [] : [byte]), rest]);
}

/** Ends of pieces of these lengths. */
export function cutsOf(lengths: readonly number[], total: number): number[] {
  const cuts: number[] = [];
  let at = 0;
  for (const length of lengths) {
    at += length;
    if (at < total) cuts.push(at);
  }
  return cuts;
}

const SCALAR = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/;

/**
 * True when outside all arrays and objects a number or literal touches what follows it, as in `1-1` or `0[1`. The reference
 * reader takes these for two documents, but gives them wrong offsets, or hands out the first one of a line that is damaged.
 */
export function hasTouchingScalars(bytes: Buffer): boolean {
  let depth = 0;
  let quoted = false;
  let escaped = false;
  let run = '';
  for (const character of `${bytes.toString('latin1')} `) {
    if (quoted) {
      if (escaped) escaped = false;
      else if (character === '\\') escaped = true;
      else if (character === '"') quoted = false;
      continue;
    }
    if (depth <= 0 && /[\w+.-]/.test(character)) {
      run += character;
      continue;
    }
    const first = SCALAR.exec(run)?.[0];
    if (first !== undefined && first !== run) return true;
    if (run !== '' && '{["'.includes(character)) return true;
    run = '';
    if (character === '"') quoted = true;
    else if ('{['.includes(character)) depth++;
    else if ('}]'.includes(character)) depth--;
  }
  return false;
}
