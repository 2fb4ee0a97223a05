import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Witness } from '../../src/model/exposure.ts';
import { policyLines } from '../../src/report/html/shared/policy-lines.ts';
import { witnessStory } from '../../src/report/shared/words/witness-story.ts';
import { makePath, VENDOR_POLICY } from './sample-source.ts';

describe('policyLines', () => {
  it('marks the lines of each statement', () => {
    const marked = policyLines(VENDOR_POLICY).filter((line) => line.statement === 1);
    expect(marked[0]?.text).toBe('    {');
    expect(marked.map((line) => line.text).join('\n')).toContain('"Sid": "Vendor"');
    expect(marked.map((line) => line.text).join('\n')).not.toContain('"Sid": "Own"');
  });

  it('takes a single statement object as statement 0', () => {
    const lines = policyLines('{"Version":"x","Statement":{"Effect":"Allow"}}');
    expect(lines.filter((line) => line.statement === 0).map((line) => line.text.trim())).toEqual([
      '"Statement": {',
      '"Effect": "Allow"',
      '}',
    ]);
  });

  it('lays out every JSON value without losing or changing anything', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const laidOut = policyLines(text)
          .map((line) => line.text)
          .join('\n');
        expect(JSON.parse(laidOut)).toEqual(JSON.parse(text));
      }),
    );
    const repeated = '{"a":1e3,"b":[],"a":-0.50}';
    expect(policyLines(repeated).map((line) => line.text.trim())).toEqual([
      '{',
      '"a": 1e3,',
      '"b": [],',
      '"a": -0.50',
      '}',
    ]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void policyLines(text)));
    expect(policyLines(`${'['.repeat(500)}${']'.repeat(500)}`)).toHaveLength(1);
  });

  it('shows text that is not JSON as it is', () => {
    expect(policyLines('not json')).toEqual([{ text: 'not json', statement: null }]);
  });
});

describe('witnessStory', () => {
  const base = {
    principalArn: 'arn:aws:iam::444455556666:user/u',
    principalAccount: '444455556666',
    actions: ['sts:AssumeRole'],
  };
  const role = {
    account: '111122223333',
    roleName: 'Partner',
    notes: [],
    paths: [makePath({ statement: 2 })],
  };
  const told = (witness: Witness, paths = role.paths): string =>
    witnessStory(witness, { ...role, paths })
      .map((step) => step.map((piece) => (typeof piece === 'string' ? piece : `<${piece.given}>`)).join(''))
      .join('\n');

  it('says who calls, with what, and which statement lets them in', () => {
    expect(told({ ...base, context: { 'aws:SourceIp': '192.0.2.1', 'aws:TagKeys': ['a', 'b'] } })).toBe(
      [
        'A user, <arn:aws:iam::444455556666:user/u>, belongs to account <444455556666> (<Example Vendor>, third party).',
        'The request is signed with a long-term access key, so it says nothing about MFA.',
        'It calls <sts:AssumeRole> for this role and sends no external ID.',
        'The request also has <aws:SourceIp = 192.0.2.1>, <aws:TagKeys = ["a","b"]>.',
        'Statement 2 of the trust policy admits <arn:aws:iam::444455556666:root>, and no Deny stops the call. The caller now acts as <Partner> in account <111122223333>.',
      ].join('\n'),
    );
  });

  it('tells sessions, reported MFA, wildcards and unnamed accounts apart', () => {
    const session = { ...base, principalArn: 'arn:aws:sts::444455556666:assumed-role/r/s' };
    expect(told({ ...session, context: {} })).toContain('carry no word about MFA');
    expect(told({ ...base, context: { 'aws:MultiFactorAuthPresent': 'false' } })).toContain(
      'report MFA as <false>',
    );
    const anyone = makePath({ account: '*', principal: '*', accountName: null, relation: 'any' });
    expect(told({ ...base, context: {} }, [anyone])).toContain('open to all of them');
    const unnamed = makePath({ accountName: null, relation: 'unknown' });
    expect(told({ ...base, context: {} }, [unnamed])).toContain('<444455556666> (relation not graded).');
    expect(told({ ...base, context: {} }, [])).toContain('The trust policy lets the call through.');
  });
});
