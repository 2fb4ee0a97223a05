import { describe, expect, it } from 'vitest';
import { readRuleset } from '../../src/rules/custom/ruleset.ts';
import { D9_AWS_IAM_99 } from '../../src/rules/d9-aws-iam-99/rule.ts';

const LOGIC = "IamUser should not have name = 'x'";
const read = (value: unknown, taken: [string, string][] = []) => readRuleset(value, new Map(taken));
const errors = (value: unknown, taken: [string, string][] = []): string[] =>
  read(value, taken)
    .problems.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

describe('readRuleset', () => {
  it('reads its own form', () => {
    const entry = {
      id: 'C.1',
      title: 'Title',
      severity: 'HIGH',
      logic: ` ${LOGIC} `,
      description: 'Why.',
      remediation: 'How.',
      complianceTag: 'CIS 1.2 | PCI, DSS | CIS 1.2',
      category: 'Users',
    };
    const { rules, problems } = read([entry]);
    expect(problems).toEqual([]);
    expect(rules).toMatchObject([{ kind: 'IamUser', unjudged: null, needs: new Set(['name']) }]);
    expect(rules[0]?.metadata).toEqual({
      id: 'C.1',
      title: 'Title',
      riskLevel: 'High',
      cloudEntity: 'IamUser',
      category: 'Users',
      description: 'Why.',
      logic: LOGIC,
      remediation: { console: 'How.', terraform: '', cli: '' },
      references: [],
      complianceFrameworks: ['CIS 1.2', 'PCI, DSS'],
      controls: [],
    });
    expect(read({ rules: [entry] }).rules).toHaveLength(1);
  });

  it('reads a CloudGuard export', () => {
    const entry = {
      name: 'A name',
      severity: 'Low',
      logic: LOGIC,
      ruleId: 'D9.AWS.IAM.1000',
      description: 'Why.',
      remediation: '',
      complianceTag: 'a,b',
      domain: '',
      priority: 'Low',
      controlTitle: '',
      category: null,
      isDefault: true,
    };
    expect(read([entry]).rules[0]?.metadata).toMatchObject({
      id: 'D9.AWS.IAM.1000',
      title: 'A name',
      riskLevel: 'Low',
      complianceFrameworks: ['a', 'b'],
      controls: [],
      category: '',
    });
  });

  it.each([
    ['critical', 'Critical'],
    ['High', 'High'],
    ['MEDIUM', 'Medium'],
    ['low', 'Low'],
    ['Informational', 'Low'],
    [undefined, 'Medium'],
  ])('severity %s is %s', (severity, riskLevel) => {
    expect(read([{ id: 'a', severity, logic: LOGIC }]).rules[0]?.metadata.riskLevel).toBe(riskLevel);
  });

  it('derives an id from the name or the logic, whatever the order', () => {
    const ids = (entries: unknown[]): unknown[] => read(entries).rules.map(({ metadata }) => metadata.id);
    expect(ids([{ name: 'Ensure MFA, now!', logic: LOGIC }])).toEqual(['ensure-mfa-now']);
    expect(ids([{ logic: LOGIC }])).toEqual([expect.stringMatching(/^rule-[0-9a-f]{12}$/)]);
    const twins = [
      { name: 'Same', logic: LOGIC },
      { name: 'same', logic: `${LOGIC} or name = 'y'` },
    ];
    const derived = ids(twins);
    expect(new Set(derived).size).toBe(2);
    expect(ids(twins.toReversed())).toEqual(derived.toReversed());
  });

  it.each<[string, unknown, RegExp]>([
    ['no list', 'x', /neither a list of rules nor/],
    ['no list in rules', { rules: 1 }, /neither a list of rules nor/],
    ['null', null, /neither a list of rules nor/],
    ['empty', [], /no rule/],
    ['no object', [1], /not an object/],
    ['no logic', [{ id: 'a' }], /no `logic`/],
    ['a severity of its own', [{ id: 'a', severity: 'urgent', logic: LOGIC }], /severity is not one of/],
    ['a title that is no text', [{ id: 'a', title: {}, logic: LOGIC }], /`title` is not a text/],
    ['a tag that is no text', [{ id: 'a', complianceTag: [1], logic: LOGIC }], /`complianceTag`/],
    ['an id with an escape', [{ id: 'a\u001b[2J', logic: LOGIC }], /cannot be seen/],
    ['an id with a line break', [{ id: 'a\nb', logic: LOGIC }], /cannot be seen/],
    ['a long id', [{ id: 'a'.repeat(201), logic: LOGIC }], /longer than 200/],
    ['a syntax error', [{ id: 'a', logic: 'IamUser should have name =' }], /expected/],
    ['an unknown function', [{ id: 'a', logic: 'IamUser should have name shout()' }], /unknown function/],
    [
      'the same id twice',
      [
        { id: 'a', logic: LOGIC },
        { id: 'A', logic: `${LOGIC} or name = 'y'` },
      ],
      /has this id already/,
    ],
    ['a built-in id with another logic', [{ id: 'd9.aws.iam.99', logic: LOGIC }], /built-in.*its own id/],
    [
      'the id of a part of a built-in rule',
      [{ id: 'd9.aws.iam.99/critical', logic: LOGIC }],
      /a part of the/,
    ],
  ])('refuses %s', (_, value, message) => {
    expect(errors(value)).toEqual([expect.stringMatching(message)]);
  });

  it('refuses an id of another file', () => {
    expect(errors([{ id: 'A', logic: LOGIC }], [['a', 'true']])).toHaveLength(1);
  });

  it.each([
    ['the built-in rule', [{ ruleId: 'D9.AWS.IAM.99', logic: D9_AWS_IAM_99.logic }], /built-in rule/],
    ['a copy of it', [{ id: 'x', logic: D9_AWS_IAM_99.logic.replaceAll(' ', '  ') }], /built-in rule/],
    [
      'a rule that stands in two rulesets',
      [
        { id: 'a', logic: LOGIC },
        { id: 'A', logic: ` ${LOGIC}` },
      ],
      /given before/,
    ],
  ])('leaves %s out with a warning', (_, entries, message) => {
    const { rules, problems, repeated } = read([...entries, { id: 'other', logic: LOGIC }]);
    expect(rules.map(({ metadata }) => metadata.id)).toEqual([...(entries.length > 1 ? ['a'] : []), 'other']);
    expect(problems).toEqual([
      expect.objectContaining({ severity: 'warning', message: expect.stringMatching(message) as string }),
    ]);
    expect(repeated).toBe(1);
  });

  it('warns of a rule that is never judged only where it may hold a slip of the pen', () => {
    const codes = (logic: string): unknown[] =>
      read([{ id: 'a', logic }]).problems.map(({ diagnostic }) => diagnostic?.code);
    expect(codes("S3Bucket where a.b = 1 should have name like '%' and x isPublic()")).toEqual([]);
    expect(codes('S3Bucket should have name)')).toEqual(['ignored-after-end']);
    expect(codes('S3Bucket should not have isPublic())')).toEqual(['ignored-after-end']);
    expect(codes('IamUser should have mfaActive = true')).toEqual([]);
    expect(codes('IamUser should have mfaActive = true or nmae')).toEqual(['unknown-path']);
    expect(codes('IamUser should have nmae')).toEqual(['unknown-path']);
  });

  it('keeps the other rules, and says where in the logic a mistake is', () => {
    const { rules, problems, count } = read([
      { id: 'bad', logic: 'IamUser should\nhave name ~~~' },
      { id: 'good', logic: LOGIC },
    ]);
    expect([rules.map(({ metadata }) => metadata.id), count]).toEqual([['good'], 2]);
    expect(problems[0]).toMatchObject({ rule: 'bad', severity: 'error', diagnostic: { line: 2 } });
    expect(problems[0]?.diagnostic?.caret).toMatch(/\^$/);
  });

  it.each<[string, string | RegExp | null]>([
    [LOGIC, null],
    [
      "IamUser where passwordEnabled='true' should have mfaActive='true'",
      "`passwordEnabled` comes from the account's credential report",
    ],
    ["IamUser should have getValue('mfaActive') = true", '`mfaActive` comes from'],
    ['IamUser should have combinedPolicies contain [~mfaActive = true]', '`mfaActive` comes from'],
    ['Iam should have passwordPolicy', "`passwordPolicy` comes from the account's password policy"],
    ['Iam should have stats.accountMfaEnabled', "`stats` comes from the account's summary"],
    ['Iam should have accountNumber', 'holds an `Iam`'],
    ['S3Bucket should have name', '`S3Bucket` is not an entity'],
    ['S3Bucket should not have isPublic()', '`S3Bucket` is not an entity'],
    ['List<IamUser> should have items', 'list of entities'],
    ['true', 'switched off'],
  ])('%s: unjudged %s', (logic, why) => {
    const [rule] = read([{ id: 'a', logic }]).rules;
    if (why === null) expect(rule?.unjudged).toBeNull();
    else expect(rule?.unjudged).toContain(why);
    expect(rule?.compiled === null).toBe(why !== null);
  });
});
