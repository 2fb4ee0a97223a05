import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { createFastReader } from '../../../src/json/fast/fast-reader.ts';
import { YamlAliases } from '../../../src/reading/yaml/aliases.ts';
import { yamlToJson } from '../../../src/reading/yaml/yaml-to-json.ts';
import { fixture, readContent } from '../../formats/read.ts';
import { spelled } from '../../formats/spelled.ts';
import { withoutPlaces } from '../../formats/tables.ts';

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
/** A list of pages whose keys stand in the sixth column. */
const far = (pages: readonly object[]) =>
  asYaml(pages)
    .replaceAll(/^(?!- |$)/gm, '   ')
    .replaceAll(/^- /gm, '-    ');

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
      'a stream whose items are far from their dashes',
      far([page([role('a')], { IsTruncated: true, Marker: 'm' }), page([role('b')], { IsTruncated: false })]),
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

  it.each([
    ['items that are not indented', asYaml(page([role('a'), role('b'), role('c')]))],
    ['items that are', asYaml(page([role('a'), role('b')]), { indentSeq: true })],
    ['a list of roles', asYaml([role('a'), role('b'), role('c')])],
    ['a list of pages', asYaml([page([role('a')]), page([role('b')])])],
    [
      'documents',
      `${asYaml(page([role('a')]))}---\n${asYaml({ Role: role('b') })}${asYaml({ Role: role('c') })}`,
    ],
  ])('gives the same records and offsets by either reader: %s', async (_, text) => {
    const byReference = await readContent(text, {}, 'x.yaml');
    const byFast = await readContent(text, {}, 'x.yaml', createFastReader);
    const inRows = await readContent(text, { rows: true }, 'x.yaml', createFastReader);
    expect(byFast.roles.length).toBeGreaterThan(0);
    expect(byFast.events).toEqual(byReference.events);
    expect(spelled(inRows.events).inColumns).toBe(byFast.roles.length);
    expect(spelled(inRows.events).seen).toEqual(spelled(byReference.events).seen);
    for (const { reading } of [byFast, inRows])
      expect({ ...reading, evidence: null }).toEqual({ ...byReference.reading, evidence: null });
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

  it('never calls a cut text complete while roles may be missing', { timeout: 60_000 }, async () => {
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

  it('resolves aliases within a document, as if their text stood there', async () => {
    const trust = role('a').AssumeRolePolicyDocument;
    const roles = ['a', 'b', 'c'].map((name) => ({ ...role(name), AssumeRolePolicyDocument: trust }));
    const others = ['d', 'e'].map((name) => ({
      ...role(name, '222233334444'),
      AssumeRolePolicyDocument: { ...trust, Statement: [...trust.Statement, ...trust.Statement] },
    }));
    for (const value of [page(roles), [page(roles), page(others)], roles, [...roles, ...others]]) {
      const text = asYaml(value, { aliasDuplicateObjects: true });
      expect(text).toContain('&a1');
      const found = await readContent(text);
      const plain = await readContent(asYaml(value));
      expect(withoutPlaces(found.roles)).toEqual(withoutPlaces(plain.roles));
      expect(found.roles).toHaveLength(value === roles || !Array.isArray(value) ? 3 : 5);
      expect(found.codes).toEqual(plain.codes);
      expect(found.captures).toEqual(plain.captures);
    }
  });

  it('rejects no more than the record whose alias cannot be resolved', async () => {
    const text = [
      'UserDetailList: []',
      'RoleDetailList:',
      '- Arn: arn:aws:iam::111122223333:role/a',
      '  AssumeRolePolicyDocument: &policy {Statement: []}',
      '- Arn: arn:aws:iam::111122223333:role/b',
      '  AssumeRolePolicyDocument:',
      '    Statement: *unknown',
      '- Arn: *nobody',
      '  AssumeRolePolicyDocument: *policy',
      '- Arn: arn:aws:iam::111122223333:role/d',
      '  AssumeRolePolicyDocument: *policy',
      '  Tags: *nothing',
      '- *item',
      'Policies: []',
      '---',
      'RoleDetailList:',
      '- Arn: arn:aws:iam::222233334444:role/other',
      '  AssumeRolePolicyDocument: *policy',
      'Policies: []',
      '',
    ].join('\n');
    const { roles, rejects, reading, captures } = await readContent(text);
    expect(roles.map(({ roleName, trust }) => `${roleName} ${trust.state}`)).toEqual([
      'a document',
      'b undecodable',
      'd document',
      // Anchors end with their document.
      'other undecodable',
    ]);
    expect(rejects.map(({ code }) => code)).toEqual(['arn-invalid', 'record-not-object']);
    expect(reading).toMatchObject({ status: 'incomplete', recordsRead: 6, recordsRejected: 2 });
    const problem = reading.problems.find(({ code }) => code === 'yaml-alias');
    expect(problem?.message).toMatch(
      /^line 7 of the YAML has the alias `\*unknown`, .*explode.* \(and 4 more such\)$/,
    );
    expect(captures).toMatchObject([
      { account: '111122223333', complete: false, reasons: ['records-rejected'] },
      { account: '222233334444', complete: true },
    ]);
  });

  it('bounds what aliases stand for, in one piece and in all', { timeout: 180_000 }, async () => {
    const laughs = Array.from({ length: 30 }, (_, level) => {
      const inner = level === 0 ? 'ha' : `*l${level - 1}`;
      return `  L${level}: &l${level} [${Array.from({ length: 9 }, () => inner).join(', ')}]`;
    });
    const sound =
      '- Arn: arn:aws:iam::111122223333:role/sound\n  AssumeRolePolicyDocument: {Statement: []}\n';
    const bomb = (item: string) => `UserDetailList: []\nRoleDetailList:\n${item}${sound}Policies: []\n`;
    const one = await readContent(
      bomb(
        `- Arn: arn:aws:iam::111122223333:role/laughs\n${laughs.join('\n')}\n  AssumeRolePolicyDocument: *l29\n`,
      ),
    );
    expect(one.roles.map(({ roleName, trust }) => `${roleName} ${trust.state}`)).toEqual([
      'laughs undecodable',
      'sound document',
    ]);
    expect(one.codes).toContain('yaml-alias');
    // Each role repeats three megabytes.
    const long = `{Statement: ["${'x'.repeat(900_000)}"]}`;
    const repeated = Array.from(
      { length: 300 },
      (_, index) =>
        `- Arn: arn:aws:iam::111122223333:role/r${index}\n  AssumeRolePolicyDocument: ${index === 0 ? `&p ${long}` : '{Statement: [*p, *p, *p]}'}\n`,
    ).join('');
    const many = await readContent(bomb(repeated));
    const states = many.roles.map(({ trust }) => trust.state);
    expect(states).toHaveLength(301);
    expect(states.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 'document'));
    expect(states.slice(-3)).toEqual(['undecodable', 'undecodable', 'document']);
    expect(many.codes).toContain('yaml-alias');
  });

  it.each([
    ['less than its item', `${far([page([role('a')])])}  RoleDetailList: []\n`],
    ['a document of its own', `${asYaml(page([role('a')]))}---\n${far([page([role('b')])]).slice(1)}`],
  ])('refuses a line that is indented as nothing around it is: %s', async (_, text) => {
    const { reading, roles, codes } = await readContent(text, {}, 'x.yaml');
    expect(roles.map(({ roleName }) => roleName)).toEqual(['a']);
    expect(reading.status).toBe('incomplete');
    expect(codes).toContain('yaml-malformed');
  });

  it('refuses pieces that do not fit', async () => {
    const long = asYaml(page([role('a'), { ...role('b'), Description: 'x'.repeat(1_100_000) }, role('c')]));
    const { roles, codes, captures } = await readContent(long);
    expect(roles.map(({ roleName }) => roleName)).toEqual(['a']);
    expect(codes).toContain('yaml-too-long');
    expect(captures).toMatchObject([{ complete: false }]);
  });

  it('survives any bytes in the place of any others', { timeout: 60_000 }, async () => {
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
    ['a: &x [1, {b: &y c}]\nd: *x\ne: *y', '{"a":[1,{"b":"c"}],"d":[1,{"b":"c"}],"e":"c"}'],
    ['&k a: *k', '{"a":"a"}'],
    ['a: &x 1\nb: &x 2\nc: *x', '{"a":1,"b":2,"c":2}'],
  ])('%j', (yaml, json) => {
    expect(yamlToJson(yaml, new YamlAliases())).toMatchObject({ ok: true, json, faults: [] });
  });

  it.each([
    ['a: *b', 'b', 0],
    ['x: 1\na: &b [*b]', 'b', 1],
    ['a: &b {c: 1}\nx:\n  <<: *b', 'b', 2],
    ['a: &b {c: 1}\n<<: *b', 'b', 1],
  ])('cannot resolve the alias in %j', (yaml, anchor, line) => {
    const result = yamlToJson(yaml, new YamlAliases());
    expect(result).toMatchObject({ ok: true, faults: [{ anchor, line }] });
    expect(result.ok && result.json).toContain('cannot be resolved');
  });

  it.each(['*b : a', 'a: [', '? [x]\n: 1', '['.repeat(200), '['.repeat(100_000)])('refuses %.20j', (yaml) => {
    expect(yamlToJson(yaml, new YamlAliases())).toMatchObject({ ok: false });
  });

  it('gives back what JSON says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const result = yamlToJson(stringify(value), new YamlAliases());
        expect(result.ok && JSON.stringify(JSON.parse(result.json))).toBe(JSON.stringify(value));
      }),
      { numRuns: 300 },
    );
  });
});

it('looks at blank lines in time linear in them', async () => {
  // With a pattern that can take them apart in several ways, a few dozen would take for ever.
  const { reading } = await readContent(`${'\n'.repeat(100_000)}!`);
  expect(reading.format).toBeNull();
});
