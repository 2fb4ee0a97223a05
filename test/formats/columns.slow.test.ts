import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WRITERS } from '../../bench/generate-formats.ts';
import { Organisation } from '../../bench/generate-organisation.ts';
import { createFastReader } from '../../src/json/fast/fast-reader.ts';
import { createReferenceReader } from '../../src/json/reference/reference-reader.ts';
import { mutate, mutation } from '../json/fast/arbitraries.ts';
import { fixture, ROLE_PATH, readContent } from './read.ts';
import { spelled } from './spelled.ts';

const RUNS = 200;
const ACCOUNT = '111122223333';
const OWN = `arn:aws:iam::${ACCOUNT}:role/`;

/** Reads roles one by one and in columns, and returns how many came in columns. */
async function compare(content: string | Uint8Array, path = 'dump'): Promise<number> {
  const single = await readContent(content, {}, path, createReferenceReader);
  const { seen } = spelled(single.events);
  let most = 0;
  for (const createReader of [createFastReader, createReferenceReader]) {
    const found = await readContent(content, { rows: true }, path, createReader);
    const columns = spelled(found.events);
    expect(columns.seen).toEqual(seen);
    expect(found.reading).toEqual({ ...single.reading, evidence: expect.anything() });
    most = Math.max(most, columns.inColumns);
  }
  return most;
}

const POLICIES: readonly string[] = [
  `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole"}]}`,
  `{ "Statement" : {"Condition":{"StringEquals":{"sts_ExternalId":"a_b"}}, "Effect":"Deny", "Effect":"Allow"} }`,
  '{"a":"\\u00e9\\/"}',
  '{}',
];
/** What stands in the place of a policy, as text. */
const policy = fc.oneof(
  { arbitrary: fc.constantFrom(...POLICIES), weight: 12 },
  fc.constantFrom(...POLICIES.map(encodeURIComponent)),
  fc.constantFrom(
    '',
    'null',
    'NULL',
    '{',
    '[]',
    '"x"',
    '<null>',
    '{"a":1}x',
    `{"a":"${'y'.repeat(17_000)}"}`,
  ),
);
const arn = fc.oneof(
  { arbitrary: fc.constantFrom(`${OWN}a`, `${OWN}b/c`, `${OWN}aws-service-role/x/S`), weight: 12 },
  fc.constantFrom(
    'arn:aws:iam::222233334444:role/d',
    'arn:aws-cn:iam::111122223333:role/aws-service-role/T',
    ...[
      '',
      `${OWN}`,
      `${OWN}a/`,
      `${OWN}ä`,
      `${OWN}a b`,
      'arn:aws:iam::111122223333:user/u',
      `${OWN}x\u0001`,
    ],
    ...['arn:aws:iam::1234:role/e', `${OWN}${'n'.repeat(2100)}`, `${OWN}p:role/aws-service-role/q`, 'NULL'],
  ),
);
const id = fc.oneof(
  { arbitrary: fc.constantFrom('AROA1', 'AROA2'), weight: 6 },
  fc.constantFrom('', '\\N', 'a-b', 'é', 'x'.repeat(200)),
);
const time = fc.oneof(
  { arbitrary: fc.constant('2026-02-01T06:00:00Z'), weight: 12 },
  fc.constantFrom('2026-02-02T06:00:00Z', '2026-02-01 07:00:00+01:00', '', 'soon', 'NULL'),
);
const account = fc.oneof(
  { arbitrary: fc.constant(ACCOUNT), weight: 12 },
  fc.constantFrom('222233334444', '', '11122223333', '1.11E+11', 'production'),
);
const role = fc.record({ arn, id, policy, time, account });
type Role = typeof role extends fc.Arbitrary<infer T> ? T : never;

const quoted = (text: string) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

function csv(roles: readonly Role[]): string {
  const lines = roles.map((one) =>
    [one.time, one.account, one.arn, one.policy, one.id].map(quoted).join(','),
  );
  return `_cq_sync_time,account_id,arn,assume_role_policy_document,role_id\n${lines.join('\n')}\n`;
}

const json = (value: unknown) => JSON.stringify(value);
/** A policy as the format writes it where it is no text. */
const asValue = (text: string) => (/^\{.*\}$/.test(text) ? text : json(text));

const oddMember = fc.oneof(
  { arbitrary: fc.constant(''), weight: 12 },
  fc.constantFrom(
    `,"Arn":"${OWN}z"`,
    ',"\\u0041rn":"x"',
    ',"arn":1',
    ',"AssumeRolePolicyDocument":{}',
    ',"RoleId":[]',
  ),
);
const listed = fc
  .tuple(role, oddMember)
  .map(
    ([one, odd]) =>
      `{"RoleName":"r","Arn":${json(one.arn)},"RoleId":${json(one.id)},"AssumeRolePolicyDocument":${asValue(one.policy)}${odd}}`,
  );
const odd = fc.constantFrom('null', '[]', '7', '"x"', '{}', '{"RoleName":"r"}');
const elements = fc.array(fc.oneof({ arbitrary: listed, weight: 12 }, odd), { maxLength: 8 });
const page = fc
  .tuple(elements, fc.constantFrom('', ',"IsTruncated":false', ',"Marker":"m","IsTruncated":true'))
  .map(([items, more]) => `{"Roles":[${items.join(', ')}]${more}}`);
const pages = fc
  .array(
    fc.oneof(
      { arbitrary: page, weight: 6 },
      listed.map((item) => `{"Role":${item}}`),
      elements.map((items) => `{"InstanceProfiles":[{"Roles":[${items.join()}]}],"AccountId":"${ACCOUNT}"}`),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((documents) => `{"Roles":[{"RoleName":"r","Arn":"${OWN}first"}]}\n${documents.join('\n')}`);

const terraformInstance = fc
  .tuple(role, fc.constantFrom('', ',"type":"x"', ',"arn":"again"', ',"assume\\u005frole_policy":"{}"'))
  .map(
    ([one, more]) =>
      `{"attributes":{"arn":${json(one.arn)},"name":"n","path":"/","assume_role_policy":${json(one.policy)},"unique_id":${json(one.id)}${more}},"schema_version":0}`,
  );
const terraform = fc
  .array(
    fc.tuple(
      fc.constantFrom('"aws_iam_role"', '"aws_iam_role"', '"aws_s3_bucket"', 'null', '"aws_iam_ro\\u006ce"'),
      fc.array(fc.oneof({ arbitrary: terraformInstance, weight: 6 }, odd), { maxLength: 3 }),
    ),
    { maxLength: 6 },
  )
  .map(
    (resources) =>
      `{"version":4,"serial":1,"lineage":"l","resources":[${resources
        .map(([type, instances]) => `{"mode":"managed","type":${type},"instances":[${instances.join()}]}`)
        .join()}]}`,
  );

const item = fc
  .tuple(role, fc.constantFrom('OK', 'OK', 'ResourceDeleted', 'ResourceNotRecorded', 'Odd'), fc.boolean())
  .map(([one, status, inText]) => {
    const inside = `{"arn":${json(one.arn)},"assumeRolePolicyDocument":${json(one.policy)}}`;
    const type = one.id === '' ? 'AWS::S3::Bucket' : 'AWS::IAM::Role';
    const place = one.arn === '' ? '' : `"ARN":${json(one.arn)},`;
    return `{${place}"resourceType":"${type}","resourceName":"a","resourceId":${json(one.id)},"awsAccountId":"${ACCOUNT}","configurationItemStatus":"${status}","configurationItemCaptureTime":${json(one.time)},"configuration":${inText ? json(inside) : inside}}`;
  });
const config = fc
  .tuple(fc.constantFrom('', '"configSnapshotId":"s",'), fc.array(item, { maxLength: 8 }))
  .map(([snapshot, items]) => `{"fileVersion":"1.0",${snapshot}"configurationItems":[${items.join()}]}`);

function generated(format: string): Buffer {
  const recipe = { seed: 5, roles: 12, accounts: 2, policies: 4, unique: 0.3, crossAccount: 0.5 };
  return Buffer.from(
    [...(WRITERS[format] as (typeof WRITERS)[string])(new Organisation(recipe), () => 6)].join(''),
  );
}

describe('roles in columns are the same roles', () => {
  it.each(
    readdirSync(new URL('fixtures', import.meta.url))
      .filter((name) => name !== 'policies')
      .sort(),
  )('in %s', async (name) => {
    await compare(fixture(name), name.startsWith('iam-collect') ? ROLE_PATH : `dump/${name}`);
  });

  it.each(Object.keys(WRITERS))('in generated %s', async (format) => {
    const inColumns = await compare(generated(format));
    // The states of AWS Config have versions, for which columns have no place.
    expect(inColumns).toBe(format === 'config' ? 0 : 12);
  });

  it.each([
    ['tables', fc.array(role, { maxLength: 12 }).map(csv)],
    ['listings', pages],
    ['Terraform states', terraform],
    ['AWS Config', config],
  ])('in %s with odd records', { timeout: 240_000 }, async (_, content: fc.Arbitrary<string>) => {
    await fc.assert(
      fc.asyncProperty(content, async (text) => {
        await compare(text);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(['list-roles', 'cloudquery-csv', 'config'])(
    'in damaged %s',
    { timeout: 240_000 },
    async (format) => {
      const whole = generated(format);
      const damage = fc.array(mutation, { minLength: 1, maxLength: 3 });
      await fc.assert(
        fc.asyncProperty(damage, fc.option(fc.nat()), async (changes, end) => {
          const bytes = changes.reduce(mutate, whole);
          await compare(end === null ? bytes : bytes.subarray(0, end % bytes.length));
        }),
        { numRuns: RUNS },
      );
    },
  );
});
