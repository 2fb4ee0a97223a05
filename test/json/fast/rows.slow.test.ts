import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WRITERS } from '../../../bench/generate-formats.ts';
import { Organisation } from '../../../bench/generate-organisation.ts';
import { createFastReader } from '../../../src/json/fast/fast-reader.ts';
import type {
  ElementSource,
  JsonEvent,
  JsonRows,
  ReaderFactory,
  ReadPlan,
  RowPlan,
} from '../../../src/json/reader.ts';
import { createReferenceReader } from '../../../src/json/reference/reference-reader.ts';
import { readInPieces } from '../read-in-pieces.ts';
import { cutsOf, hasTouchingScalars, mutate, mutation } from './arbitraries.ts';
import { withoutHeldNumber } from './compare.ts';
import { createInPlaceReader, landing } from './in-place.ts';

type Open = RowPlan['open'];

const open: Open = (prefix) => {
  const [, partition = '', , , account = ''] = prefix.split(':');
  return { partition, account, capturedAt: '' };
};

function gaad(openGroup: Open): ReadPlan {
  const row = { arn: 'Arn', group: [], none: ['PolicyName'], open: openGroup };
  const others: ElementSource = { at: ['UserDetailList'], shape: 'list', fields: [['Arn']], row };
  return {
    sources: [
      {
        at: ['RoleDetailList'],
        shape: 'list',
        fields: [['Arn'], ['RoleId'], ['AssumeRolePolicyDocument'], ['PolicyName']],
        row: { ...row, id: 'RoleId', trust: 'AssumeRolePolicyDocument' },
      },
      others,
      { ...others, at: ['Policies'] },
    ],
    facts: ['IsTruncated', 'Marker'],
    framing: 'stream',
  };
}

function listing(openGroup: Open): ReadPlan {
  const [roles] = gaad(openGroup).sources as readonly [ElementSource];
  const fields = roles.fields.slice(0, 3);
  const row = { ...(roles.row as RowPlan), none: [] };
  return {
    sources: [
      { ...roles, at: ['Roles'], fields, row },
      { at: ['Role'], shape: 'list', fields, row },
    ],
    facts: ['IsTruncated', 'Marker'],
    framing: 'stream',
  };
}

function cloudquery(openGroup: Open, framing: ReadPlan['framing']): ReadPlan {
  const trust = 'assume_role_policy_document';
  const group = ['account_id', '_cq_sync_time'];
  return {
    sources: [
      {
        at: [],
        shape: 'list',
        fields: [['arn'], ['role_id'], [trust], ...group.map((name) => [name])],
        row: { arn: 'arn', id: 'role_id', trust, group, none: [], open: openGroup },
      },
    ],
    facts: [],
    framing,
  };
}

function evidence(format: string, roles: number): string {
  const recipe = { seed: 11, roles, accounts: 3, policies: 20, unique: 0.3, crossAccount: 0.5 };
  const writer = WRITERS[format] as (typeof WRITERS)[string];
  return [...writer(new Organisation(recipe), () => roles / 2)].join('');
}

/** What both a row and an element say: ARN, id and policy of a role, of others that there is one. */
type Seen = Omit<JsonEvent, 'kind'> | readonly unknown[];

function ofRows({ source, scope, facts, runs, roles }: JsonRows): Seen[] {
  const seen: Seen[] = [];
  let row = 0;
  let at = 0;
  for (const { group, count } of runs) {
    for (let index = 0; index < count; index++, row++) {
      if (roles === null) {
        seen.push([source, scope, facts, group.account]);
        continue;
      }
      const id = at + (roles.lengths[2 * row] as number);
      const end = id + (roles.lengths[2 * row + 1] as number);
      const policy = roles.policyTexts[roles.policies[row] as number];
      const arn = roles.texts.slice(at, id);
      expect(arn.split(':')[4]).toBe(group.account);
      seen.push([source, scope, facts, roles.offsets[row], arn, roles.texts.slice(id, end), policy]);
      at = end;
    }
  }
  return seen;
}

/** An element as `ofRows` would write it, if a row could say all of it; otherwise itself. */
function ofElement(event: JsonEvent, plan: ReadPlan): Seen {
  if (event.kind !== 'element') return event;
  const itself = { ...event, fields: new Map(event.fields) };
  const row = plan.sources[event.source]?.row as RowPlan;
  const { source, scope, facts, offset, fields, repeated, tooLarge, type } = event;
  const string = (name: string | undefined): string => String(JSON.parse(fields.get(name ?? '') ?? '0'));
  const arn = string(row.arn);
  const trust = fields.get(row.trust ?? '');
  const rest = [...fields.keys()].filter((name) => row.none.includes(name));
  if (type !== 'object' || repeated.length + tooLarge.length + rest.length > 0) return itself;
  const isRole = row.trust !== undefined;
  const pattern = isRole
    ? /^arn:[a-z0-9-]+:iam::\d{12}:role\/[!-~]*[!-.0-~]$/
    : /^arn:[a-z0-9-]+:iam::\d{12}:[!-~]+$/;
  if (!pattern.test(arn)) return itself;
  if (!isRole) return [source, scope, facts, arn.split(':')[4]];
  if (!/^\w{1,128}$/.test(string(row.id)) || trust?.startsWith('{') !== true) return itself;
  if (!row.group.every((name) => fields.has(name))) return itself;
  return [source, scope, facts, offset, arn, string(row.id), trust];
}

function read(create: ReaderFactory, plan: ReadPlan, bytes: Uint8Array, cuts: readonly number[]) {
  const events = readInPieces(create, plan, bytes, cuts, 5);
  const inRows = events.flatMap((event) => (event.kind === 'rows' ? event.runs : []));
  const seen = withoutHeldNumber(events).flatMap((event) =>
    event.kind === 'rows' ? ofRows(event) : [ofElement(event, plan)],
  );
  return { seen: seen.map(withoutPlace), rows: inRows.reduce((sum, { count }) => sum + count, 0) };
}

/** Line and column of a fault are compared elsewhere; scopes are numbered as they come. */
function withoutPlace(seen: Seen): unknown {
  return 'reason' in seen ? { ...seen, line: 0, column: 0 } : seen;
}

function compare(plan: ReadPlan, bytes: Buffer, cuts: readonly number[] = []): number {
  const fast = read(createFastReader, plan, bytes, cuts);
  expect(fast.seen).toEqual(read(createReferenceReader, plan, bytes, []).seen);
  expect(read(createInPlaceReader, plan, bytes, cuts)).toEqual(fast);
  return fast.rows;
}

const PRETTY = Buffer.from(evidence('gaad', 4));
const COMPACT = Buffer.from(evidence('gaad-compact', 6));
const LINES = Buffer.from(evidence('cloudquery', 6));
const LISTING = Buffer.from(evidence('list-roles', 6));
const ARRAY = Buffer.from(`[${LINES.toString().trim().replaceAll('\n', ',\n ')}]`);

const CASES: readonly (readonly [string, (open: Open) => ReadPlan, Buffer])[] = [
  ['authorization details', gaad, PRETTY],
  ['compact authorization details', gaad, COMPACT],
  ['a listing', listing, LISTING],
  ['lines', (how) => cloudquery(how, 'lines'), LINES],
  ['an array', (how) => cloudquery(how, 'stream'), ARRAY],
  ['documents', (how) => cloudquery(how, 'stream'), LINES],
];

describe('rows say what the elements of the reference reader say', () => {
  it.each(CASES)('of %s, of which all are rows', (_, plan, bytes) => {
    const rows = compare(plan(open), bytes, cutsOf(Array(30).fill(997), bytes.length));
    expect(rows).toBeGreaterThanOrEqual(4);
  });

  it.each(CASES)('of %s at every cut', { timeout: 120_000 }, (_, plan, whole) => {
    const bytes = whole.subarray(0, 2500);
    for (let cut = 0; cut < bytes.length; cut += 7) compare(plan(open), bytes, [cut]);
  });

  it.each(CASES)('of %s that is damaged anywhere', { timeout: 240_000 }, (_, plan, whole) => {
    fc.assert(
      fc.property(
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        fc.option(fc.nat()),
        fc.nat(5000),
        (changes, end, cut) => {
          let bytes = changes.reduce(mutate, whole);
          if (end !== null) bytes = bytes.subarray(0, end % (bytes.length + 1));
          fc.pre(!hasTouchingScalars(bytes));
          compare(plan(open), bytes, cut < bytes.length ? [cut] : []);
        },
      ),
      { numRuns: 600 },
    );
  });

  it('where some groups are to be handed out one by one, in the order of the evidence', () => {
    const accounts = new Set<string>();
    const some: Open = (prefix, values) => {
      const group = open(prefix, values);
      accounts.add(group?.account ?? '');
      return [...accounts].indexOf(group?.account ?? '') % 2 === 0 ? group : null;
    };
    for (const [, plan, bytes] of CASES) compare(plan(some), bytes);
  });

  it('where elements are odd: escapes, repeated keys, other ARNs, policies in strings, extra fields', () => {
    const role = (arn: string, more = '', trust = '{"a":1}') =>
      `{"Arn":"${arn}","RoleId":"AROA1","AssumeRolePolicyDocument":${trust}${more}}`;
    const good = 'arn:aws:iam::111122223333:role/a';
    const elements = [
      role(good),
      role(good, ',"Arn":"x"'),
      role(good, ',"RoleId":"AROA2"'),
      role(good, ',"PolicyName":"p"'),
      role('arn:aws:iam::111122223333:role/\\u0061'),
      role('arn:aws:iam::111122223333:role/é'),
      role('arn:aws:iam::111122223333:role/a/'),
      role('arn:aws:iam::111122223333:role/'),
      role('arn:aws:iam::111122223333:user/a'),
      role('arn:aws:iam::11112222333:role/a'),
      role('arn:aws:iam::aws:policy/a'),
      role('arn:aws-cn:iam::111122223333:role/b'),
      role('arn::iam::111122223333:role/b'),
      role(good, '', '"{\\"a\\":1}"'),
      role(good, '', '{"a\\u0062":"\\/é", "b" : [1 , 2]}'),
      role(good, '', 'null'),
      role(good, ',"\\u0041rn":"x"'),
      role(`arn:aws:iam::111122223333:role/${'x'.repeat(3000)}`),
      role(good, '', `{"a":"${'y'.repeat(20_000)}"}`),
      role(good, `,"X":"${'z'.repeat(300_000)}"`),
      role(good, `,"X":${'['.repeat(500)}${']'.repeat(500)}`),
      '[1]',
      role(good),
      '[]',
      '{}',
      '[]',
      '"s"',
      'null',
      '7',
      role(good),
    ];
    for (const gap of ['', '\n  ']) {
      const bytes = Buffer.from(`{"RoleDetailList":[${elements.join(`,${gap}`)}],"IsTruncated":false}`);
      expect(compare(gaad(open), bytes)).toBeGreaterThanOrEqual(4);
      compare(gaad(open), bytes, cutsOf(Array(90).fill(4999), bytes.length));
    }
  });

  it("without copying bytes that lie in the scanner's memory", () => {
    const chunk = landing.chunk(0, PRETTY.length + 1);
    chunk.set(PRETTY);
    chunk[PRETTY.length] = 0x7d;
    const behind: unknown[] = [];
    const look: Open = (prefix, values) => {
      behind.push(chunk[PRETTY.length]);
      return open(prefix, values);
    };
    const reader = createFastReader(gaad(look), 0, landing);
    reader.push(chunk.subarray(0, PRETTY.length));
    reader.end();
    // While it scans them, zeros stand behind.
    expect(new Set(behind)).toEqual(new Set([0]));
    expect(chunk[PRETTY.length]).toBe(0x7d);
  });

  it('when more policies and rows come than are kept at a time', { timeout: 120_000 }, () => {
    const line = (index: number, policy: number) =>
      `{"arn":"arn:aws:iam::111122223333:role/r${index}","role_id":"AROA${index}","assume_role_policy_document":{"n":${policy},"pad":"${'p'.repeat(policy % 900)}"},"account_id":"111122223333","_cq_sync_time":"t"}\n`;
    const lines = Array.from({ length: 30_000 }, (_, index) => line(index, (index * 7) % 11_000));
    const bytes = Buffer.from(lines.join(''));
    expect(compare(cloudquery(open, 'lines'), bytes, cutsOf(Array(300).fill(100_003), bytes.length))).toBe(
      30_000,
    );
  });
});
