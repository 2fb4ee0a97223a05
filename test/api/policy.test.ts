import { describe, expect, it } from 'vitest';
import { explain, type Fix, fix, judge, type Verdict } from '../../src/api/policy.ts';
import { cli } from '../cli/harness.ts';
import { allow, CASES, deny, EXT, extRoot, OTHER, OWN, ownRoot, policy } from '../exposure/cases/index.ts';
import { PASTED } from './policy-table.ts';

const AS_OF = '2026-01-01T00:00:00Z';
const account = OWN;
const open = policy(allow(extRoot));
const guarded = policy(allow(extRoot, { StringEquals: { 'sts:ExternalId': 'h7Lk2qPz9Wd4' } }));

async function checked(lines: readonly unknown[], ...args: readonly string[]): Promise<readonly unknown[]> {
  const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  const { stdout } = await cli(['check', '--ndjson', '-', '--as-of', AS_OF, ...args], input);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('judge', () => {
  it('says what `check` prints, key by key', async () => {
    const cases = CASES.filter(({ trust }) => trust !== undefined);
    const expected = await checked(
      cases.map(({ trust, partition = null }) => ({ account, partition, trust })),
    );
    cases.forEach(({ name, trust, partition }, index) => {
      const text = typeof trust === 'string' ? JSON.stringify(trust) : trust;
      const verdict = judge(text, { account, partition, asOf: AS_OF });
      expect(verdict, name).toEqual(expected[index]);
      expect(Object.keys(verdict)).toEqual(Object.keys(expected[index] as object));
    });
  });

  it.each(PASTED)('says of %s what `check` says of the file', async (_, pasted) => {
    const { stdout } = await cli(['check', '-', '--account', OWN, '--as-of', AS_OF], pasted);
    const printed = JSON.parse(stdout) as Verdict;
    const verdict = judge(pasted, { account, asOf: AS_OF });
    if (printed.reason !== 'malformed-input') expect(verdict).toEqual(printed);
    else {
      expect(verdict).toEqual({ ...printed, account, message: expect.any(String) as string });
      expect(verdict.message).toBe(printed.message.replace('The input `-`', 'The trust policy'));
    }
  });

  it('grades by lists of accounts as `check` does', () => {
    const severity = (accounts: object): unknown[] => {
      const { severity: grade, paths, notes } = judge(open, { account, ...accounts });
      return [grade, paths[0]?.relation, paths[0]?.accountName, notes];
    };
    expect(severity({})).toEqual(['medium', 'unknown', null, []]);
    expect(severity({ accounts: [] })).toEqual(['high', 'third-party', null, []]);
    expect(severity({ accounts: [{ Id: OWN }, { Id: EXT, Name: 'Build' }] })).toEqual([
      'low',
      'same-organisation',
      'Build',
      [],
    ]);
    const vendor = { name: 'Vendor', accounts: [OTHER, EXT] };
    expect(severity({ knownAccounts: [vendor] })).toEqual([
      'high',
      'third-party',
      'Vendor',
      ['known-vendor'],
    ]);
    expect(severity({ knownAccounts: [{ ...vendor, type: 'aws' }] })).toEqual([
      'medium',
      'unknown',
      'AWS: Vendor',
      ['aws-account'],
    ]);
    const both = { accounts: [{ Id: EXT, Name: 'Build' }], knownAccounts: [vendor] };
    expect(severity(both)).toEqual(['low', 'same-organisation', 'Build', []]);
  });

  it('takes the role into account', () => {
    const arn = `arn:aws-us-gov:iam::${OWN}:role/ops/OrganizationAccountAccessRole`;
    const gov = policy(allow({ AWS: `arn:aws-us-gov:iam::${EXT}:root` }));
    expect(judge(gov, { account, arn, roleId: 'AROAEXAMPLE' })).toMatchObject({
      ...{ arn, partition: 'aws-us-gov', roleName: 'OrganizationAccountAccessRole', roleId: 'AROAEXAMPLE' },
      ...{ verdict: 'fail', notes: ['aws-management-role', 'literal-blind-principal'] },
    });
    expect(judge(gov, { account, partition: 'aws' }).verdict).toBe('not-applicable');
    expect(judge(gov, { account, roleName: 'Partner' })).toMatchObject({
      ...{ arn: null, roleName: 'Partner', roleId: null, partition: 'aws-us-gov', verdict: 'fail' },
    });
  });

  it('judges against the moment asked for', () => {
    const until = policy(allow(extRoot, { DateLessThan: { 'aws:CurrentTime': '2026-02-01T00:00:00Z' } }));
    expect(judge(until, { account, asOf: '2026-01-31' }).notes).toEqual([]);
    expect(judge(until, { account, asOf: '2026-02-02' }).notes).toEqual(['expired-window']);
    expect(judge(until, { account }).notes).toEqual(['expired-window']);
  });

  it.each<[string, unknown, string]>([
    ['undefined', undefined, 'trust-policy-missing'],
    ['null', null, 'trust-policy-missing'],
    ['a function', () => 1, 'trust-policy-missing'],
    ['true', true, 'policy-damaged'],
    ['a big integer', 12n, 'malformed-input'],
    ['a list', [open], 'policy-damaged'],
    ['an empty object', {}, 'policy-damaged'],
    ['a text of 9 million characters', ' '.repeat(9_000_000), 'malformed-input'],
    [
      'an object that throws',
      {
        toJSON: () => {
          throw new Error('no');
        },
      },
      'malformed-input',
    ],
  ])('calls %s an error, and throws nothing', (_, input, reason) => {
    const verdict = judge(input, { account });
    expect(verdict).toMatchObject({ account, verdict: 'error', literal: 'error', reason, witness: null });
    expect(explain(input, { account })).toMatchObject({ verdict, proof: null });
    expect(fix(input, { account })).toMatchObject({ status: 'refused', before: verdict });
  });

  it('calls a circle an error', () => {
    const circle: Record<string, unknown> = {};
    circle['Statement'] = circle;
    expect(judge(circle, { account })).toMatchObject({ verdict: 'error', reason: 'malformed-input' });
  });

  it.each<[string, object, RegExp]>([
    ['no account', {}, /^`account` must be the 12 digits/],
    ['a short account', { account: '1234' }, /^`account` must be the 12 digits/],
    ['an account as a number', { account: 111122223333 }, /^`account` must be .* as text$/],
    ['a partition', { account, partition: 'AWS' }, /^`partition` must be/],
    ['the ARN of another account', { account, arn: `arn:aws:iam::${EXT}:role/r` }, /^`arn` must be the ARN/],
    ['the ARN of a user', { account, arn: `arn:aws:iam::${OWN}:user/r` }, /^`arn` must be the ARN of a role/],
    [
      'a contradicting partition',
      { account, partition: 'aws-cn', arn: `arn:aws:iam::${OWN}:role/r` },
      /contradicts `arn`/,
    ],
    [
      'a contradicting name',
      { account, roleName: 'q', arn: `arn:aws:iam::${OWN}:role/r` },
      /contradicts `arn`/,
    ],
    ['a moment', { account, asOf: 'yesterday' }, /^`asOf` must be a time/],
    [
      'own accounts',
      { account, accounts: [{ Id: 'x' }] },
      /^`accounts` must name accounts by their 12 digits/,
    ],
    [
      'known accounts',
      { account, knownAccounts: [{ name: 'V', accounts: [1] }] },
      /^`knownAccounts` must name/,
    ],
  ])('refuses %s in one sentence', (_, options, message) => {
    expect(() => judge(open, options as { account: string })).toThrow(TypeError);
    expect(() => judge(open, options as { account: string })).toThrow(message);
  });

  it('refuses options that are none', () => {
    expect(() => judge(open, undefined as unknown as { account: string })).toThrow(/^`account` must be/);
  });
});

describe('explain', () => {
  const both = policy(
    allow({ AWS: [EXT, OTHER] }),
    deny({ AWS: OTHER }),
    allow(ownRoot),
    allow({ AWS: OTHER }, { Bool: { 'aws:multifactorauthpresent': 'true' } }),
  );

  it('goes statement by statement and way in by way in', () => {
    const { verdict, statements, sound, literal, notes, proof } = explain(both, { account });
    expect(verdict).toEqual(judge(both, { account }));
    expect([sound.verdict, literal.verdict]).toEqual([verdict.verdict, verdict.literal]);
    expect(sound.meaning).toBe(
      'a principal of another account gets in without MFA and without an external ID',
    );
    expect(notes.map(({ code }) => code)).toEqual(verdict.notes);
    for (const { sentence } of notes) expect(sentence).toMatch(/\.$/);
    expect(
      statements?.map(({ index, closed, paths }) => [index, closed, paths.map(({ sentence }) => sentence)]),
    ).toEqual([
      [0, null, [`${EXT} -> account ${EXT}, relation unknown: OPEN: no guard`]],
      [1, 'a Deny: it takes ways in away, it opens none', []],
      [2, 'no way in for a principal of another account', []],
      [3, 'no way in for a principal of another account', []],
    ]);
    expect(statements?.flatMap(({ paths }) => paths.map(({ sentence: _, ...path }) => path))).toEqual(
      verdict.paths,
    );
    expect(JSON.parse(statements?.[1]?.text ?? '')).toEqual(deny({ AWS: OTHER }));
    expect(proof?.context).toEqual(verdict.witness?.context);
    expect(proof?.steps.at(-1)).toBe(
      `Statement 0 of the trust policy admits ${EXT}, and no Deny stops the call. The caller now acts as this role in account ${OWN}.`,
    );
  });

  it('tells a pass by its guards, and proves nothing', () => {
    const { statements, proof, sound } = explain(guarded, { account });
    expect(sound.verdict).toBe('pass');
    expect(proof).toBeNull();
    expect(statements?.[0]?.paths[0]?.sentence).toMatch(/: guarded by an external ID$/);
  });

  it('has no statements where no policy can be read, and calls none judged where it is damaged', () => {
    expect(explain('{', { account })).toMatchObject({ statements: null, proof: null, notes: [] });
    const damaged = policy(allow(extRoot, undefined, 'System.Object[]'));
    expect(explain(damaged, { account }).statements?.[0]).toMatchObject({ closed: 'not judged', paths: [] });
  });
});

describe('fix', () => {
  const proposal = (fixed: Fix): Extract<Fix, { status: 'proposed' }> => {
    if (fixed.status !== 'proposed') throw new Error(`${fixed.status} instead of a proposal`);
    return fixed;
  };

  it('proposes a policy that no longer fails, with what puts it in place', () => {
    const fixed = proposal(fix(open, { account, roleName: 'Partner', externalId: 'h7Lk2qPz9Wd4' }));
    expect(fixed.before).toMatchObject({ verdict: 'fail' });
    expect(fixed.after).toEqual(
      judge(fixed.policyDocument, { account, roleName: 'Partner', partition: 'aws' }),
    );
    expect(fixed.after.verdict).toBe('pass');
    expect(JSON.parse(fixed.policyDocument)).toEqual(guarded);
    expect(JSON.parse(fixed.policy)).toEqual(guarded);
    expect(fixed.changes.map(({ kind }) => kind)).toEqual(['external-id-added']);
    expect(fixed.placeholders).toEqual([]);
    expect(fixed.difference[0]).toMatch(/^@@/);
    expect(fixed.command).toBe(
      `aws iam update-assume-role-policy --role-name=Partner --policy-document='${fixed.policyDocument}'`,
    );
    expect(fixed.terraform).toContain('assume_role_policy = <<-POLICY');
  });

  it('leaves placeholders for what it is not told, and does as it is told', () => {
    const bare = proposal(fix(open, { account }));
    expect(bare.placeholders).toEqual([`REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}`]);
    expect(bare.command).toContain('--role-name=ROLE-NAME ');
    expect(bare.after.notes).toContain('extid-placeholder');
    const mfa = proposal(fix(open, { account, guard: 'mfa' }));
    expect(mfa.changes.map(({ kind }) => kind)).toEqual(['mfa-added']);
    const own = fix(open, { account, accounts: [{ Id: OWN }, { Id: EXT, Name: 'Build' }] });
    expect(own.before.paths[0]).toMatchObject({ accountName: 'Build', relation: 'same-organisation' });
    expect(proposal(own).after.paths[0]).toMatchObject({
      accountName: 'Build',
      relation: 'same-organisation',
    });
  });

  it('says that a pass needs nothing, and what is weak in it', () => {
    expect(fix(guarded, { account })).toEqual({
      ...{ status: 'not-needed', before: judge(guarded, { account }), weakExternalIds: [] },
    });
    const weak = policy(allow(extRoot, { StringEquals: { 'sts:ExternalId': '12345' } }));
    expect(fix(weak, { account })).toMatchObject({
      ...{ status: 'not-needed', weakExternalIds: [{ value: '12345', weakness: 'guessable' }] },
    });
  });

  it('refuses what it cannot do with certainty, and what AWS needs as it is', () => {
    const managed = fix(open, { account, roleName: 'AWSControlTowerExecution' });
    expect(managed).toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('Control Tower') as string,
    });
    expect(fix(open, { account, roleName: 'no/role' })).toMatchObject({ status: 'refused' });
    expect(fix('{', { account })).toMatchObject({
      ...{ status: 'refused', reason: 'the trust policy could not be judged (malformed-input)' },
    });
  });

  it.each<[object, RegExp]>([
    [{ guard: 'password' }, /^`guard` must be/],
    [{ externalId: 'x' }, /^`externalId` must have/],
    [{ externalId: 'no blanks here' }, /^`externalId` must have/],
    [{ externalId: 12345 }, /^`externalId` must have/],
  ])('refuses %j', (options, message) => {
    expect(() => fix(open, { account, ...(options as object) })).toThrow(TypeError);
    expect(() => fix(open, { account, ...(options as object) })).toThrow(message);
  });

  it.each(PASTED)('never leaves %s failing', (_, pasted) => {
    const fixed = fix(pasted, { account });
    if (fixed.status === 'proposed') expect(['pass', 'not-applicable']).toContain(fixed.after.verdict);
    else if (fixed.status === 'not-needed')
      expect(['pass', 'not-applicable']).toContain(fixed.before.verdict);
    else expect(['fail', 'error']).toContain(fixed.before.verdict);
  });
});
