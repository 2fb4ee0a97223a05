import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { yamlToJson } from '../../src/formats/yaml-json.ts';
import { fixture, readContent } from './read.ts';
import { withoutPlaces } from './tables.ts';

const role = (name: string, account = '111122223333') => ({
  Arn: `arn:aws:iam::${account}:role/${name}`,
  AssumeRolePolicyDocument: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: ['444455556666', '012345678901'] },
        Action: 'sts:AssumeRole',
        Condition: {
          Bool: { 'aws:MultiFactorAuthPresent': true },
          NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 },
        },
      },
    ],
  },
  Description: '- no item\nRoleDetailList: no key\n',
});
const page = (roles: readonly object[], more: object = {}) => ({
  UserDetailList: [],
  GroupDetailList: [],
  RoleDetailList: roles,
  Policies: [{ Arn: 'arn:aws:iam::111122223333:policy/p' }],
  ...more,
});
/** As the AWS CLI writes it: block style, items not indented below their key. */
const asYaml = (value: unknown, options: object = {}) =>
  stringify(value, { indentSeq: false, lineWidth: 80, aliasDuplicateObjects: false, ...options });

describe('YAML', () => {
  it.each([
    ['yaml', asYaml(page([role('a'), role('b')])), page([role('a'), role('b')])],
    ['indented items', asYaml(page([role('a')]), { indentSeq: true }), page([role('a')])],
    [
      'yaml-stream',
      asYaml([
        page([role('a')], { IsTruncated: true, Marker: 'm' }),
        page([role('b')], { IsTruncated: false }),
      ]),
      [page([role('a')], { IsTruncated: true, Marker: 'm' }), page([role('b')], { IsTruncated: false })],
    ],
    [
      'a stream that goes on',
      asYaml([page([role('a')], { IsTruncated: true })]),
      [page([role('a')], { IsTruncated: true })],
    ],
    ['Windows line ends', asYaml(page([role('a')])).replaceAll('\n', '\r\n'), page([{ ...role('a') }])],
    [
      'the fixture',
      asYaml(JSON.parse(fixture('gaad.json').toString())),
      JSON.parse(fixture('gaad.json').toString()),
    ],
  ])('gives the same records as JSON: %s', async (_, text, value) => {
    const json = await readContent(JSON.stringify(value));
    const yaml = await readContent(text, {}, 'x.yaml');
    expect(yaml.roles.length).toBeGreaterThan(0);
    expect(withoutPlaces(yaml.roles)).toEqual(withoutPlaces(json.roles));
    expect(yaml.captures).toEqual(json.captures);
    const pointers = json.roles.map(({ pointer }) => pointer.replace(/^\/0/, '').replace(/^\/1/, '#2'));
    expect(yaml.roles.map(({ pointer }) => pointer)).toEqual(pointers);
    expect({ ...yaml.reading, evidence: null }).toEqual({ ...json.reading, evidence: null });
  });

  it('reads several documents, with or without a line between them', async () => {
    const one = asYaml(page([role('a')]));
    const two = asYaml(page([role('b', '222233334444')], { IsTruncated: true }));
    for (const text of [`${one}---\n${two}`, `${one}...\n${two}`, `%YAML 1.2\n---\n${one}${two}`]) {
      const { captures, roles } = await readContent(text);
      expect(roles.map(({ roleName }) => roleName)).toEqual(['a', 'b']);
      expect(captures).toMatchObject([
        { account: '111122223333', complete: true },
        { account: '222233334444', complete: false },
      ]);
    }
  });

  it('gives the offset of the role in the YAML', async () => {
    const text = asYaml(page([role('a'), role('b')]));
    const { roles } = await readContent(text);
    expect(roles.map(({ offset }) => text.slice(offset, offset + 6))).toEqual(['- Arn:', '- Arn:']);
  });

  it('never calls a cut text complete while roles may be missing', async () => {
    const text = asYaml(page([role('a'), role('b')]));
    const end = text.indexOf('Policies:');
    for (let length = 0; length < text.length; length += 3) {
      const { captures, reading, roles } = await readContent(text.slice(0, length));
      if (length > end + 'Policies:'.length && text[length - 1] === '\n') continue;
      expect([length, reading.status]).not.toEqual([length, 'complete']);
      if (length <= end) expect(captures.every(({ complete }) => !complete)).toBe(true);
      expect(roles.length).toBeLessThanOrEqual(2);
    }
  });

  it('keeps a last role that is whole, and rejects one whose policy may go on', async () => {
    const whole = asYaml([{ ...role('a') }, { ...role('b') }]);
    const cut = asYaml([role('a'), { ...role('b'), Description: undefined }]);
    const below = asYaml({ Roles: [role('a'), { ...role('b'), Description: undefined }] });
    const found = await Promise.all([whole, cut, below].map((text) => readContent(text)));
    expect(found.map(({ roles }) => roles.map(({ roleName }) => roleName))).toEqual([
      ['a', 'b'],
      ['a'],
      ['a'],
    ]);
    expect(found.map(({ rejects }) => rejects.map(({ code, offset }) => [code, offset]))).toEqual([
      [],
      [['yaml-end-unknown', cut.lastIndexOf('  AssumeRolePolicyDocument')]],
      [['yaml-end-unknown', below.lastIndexOf('- Arn')]],
    ]);
    for (const { reading } of found) expect(reading.status).toBe('incomplete');
  });

  it('refuses aliases, and pieces that do not fit', async () => {
    const bomb = `UserDetailList: []\nRoleDetailList:\n- &a [x, x]\n- &b [*a, *a]\nPolicies: []\n`;
    expect((await readContent(bomb)).codes).toContain('yaml-malformed');
    const long = asYaml(page([role('a'), { ...role('b'), Description: 'x'.repeat(1_100_000) }, role('c')]));
    const { roles, codes, captures } = await readContent(long);
    expect(roles.map(({ roleName }) => roleName)).toEqual(['a']);
    expect(codes).toContain('yaml-too-long');
    expect(captures).toMatchObject([{ complete: false }]);
  });

  it('survives any bytes in the place of any others', async () => {
    const content = Buffer.from(asYaml(page([role('a'), role('b')])));
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.uint8Array({ minLength: 1, maxLength: 6 }), async (at, noise) => {
        const spoilt = Buffer.from(content);
        spoilt.set(noise, at % (spoilt.length - noise.length));
        const { reading, roles, rejects } = await readContent(spoilt);
        expect(reading.recordsRead).toBe(roles.length + rejects.length);
      }),
      { numRuns: 200 },
    );
  });
});

describe('yamlToJson', () => {
  it.each([
    ['a: 1', '{"a":1}'],
    ['a: 012345678901', '{"a":"012345678901"}'],
    ['a: 0x1F', '{"a":"0x1F"}'],
    ['a: 123456789012345678901234567890', '{"a":123456789012345678901234567890}'],
    ['a: 2012-10-17', '{"a":"2012-10-17"}'],
    ['a: yes', '{"a":"yes"}'],
    ["a: 'true'", '{"a":"true"}'],
    ['a: true', '{"a":true}'],
    ['a:', '{"a":null}'],
    ['a: ""', '{"a":""}'],
    ['a: 1\na: 2', '{"a":1,"a":2}'],
    ['? a\n: - b\n  - c', '{"a":["b","c"]}'],
    ['a: |\n  x\n  y\n', '{"a":"x\\ny\\n"}'],
    ['__proto__: 1', '{"__proto__":1}'],
    ['<<: {a: 1}', '{"<<":{"a":1}}'],
  ])('%j', (yaml, json) => {
    expect(yamlToJson(yaml)).toMatchObject({ ok: true, json });
  });

  it.each(['a: *b', 'a: [', '? [x]\n: 1', '['.repeat(200), '['.repeat(100_000)])('refuses %.20j', (yaml) => {
    expect(yamlToJson(yaml)).toMatchObject({ ok: false });
  });

  it('gives back what JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = yamlToJson(stringify(value, { aliasDuplicateObjects: false }));
        expect(result.ok && JSON.stringify(JSON.parse(result.json))).toBe(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });
});
