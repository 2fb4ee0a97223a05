import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/exposure/analyse.ts';
import { evaluateRequest } from '../../src/iam/oracle/evaluate.ts';
import { allow, CASES, EXT, extRoot, OWN, policy } from './cases/index.ts';

describe('analyseTrustPolicy', () => {
  for (const { name, trust, partition, verdict, notes, reason } of CASES) {
    it(`${name}: ${verdict}`, () => {
      const text = typeof trust === 'string' ? trust : JSON.stringify(trust);
      const analysis = analyseTrustPolicy(text, OWN, partition);
      expect(analysis.verdict, analysis.message).toBe(verdict);
      if (notes !== undefined) expect(analysis.notes).toEqual(expect.arrayContaining([...notes]));
      if (reason !== undefined) expect(analysis.reason).toBe(reason);
      if (verdict === 'fail') {
        const witness = analysis.witness!;
        expect(witness.principalAccount).not.toBe(OWN);
        expect(witness.context['sts:ExternalId']).toBeUndefined();
        expect(witness.context['aws:MultiFactorAuthPresent']).not.toBe('true');
        const undefinedSemantics = analysis.notes.includes('undefined-semantics');
        expect(evaluateRequest(text, witness, partition)).toBe(undefinedSemantics ? 'undefined' : 'allowed');
        expect(analysis.paths.some((path) => path.guards.length === 0)).toBe(true);
      } else {
        expect(analysis.witness).toBeNull();
      }
    });
  }
});

describe('the tags of a witness', () => {
  const tagging = ['sts:AssumeRole', 'sts:TagSession'];
  const contextOf = (condition: Record<string, Record<string, unknown>>) =>
    analyseTrustPolicy(JSON.stringify(policy(allow(extRoot, condition, tagging))), OWN).witness!.context;

  it('are listed, whichever key asks for them', () => {
    expect(contextOf({ StringEquals: { 'aws:RequestTag/Team': 'x' } })).toMatchObject({
      'aws:RequestTag/Team': 'x',
      'aws:TagKeys': ['team'],
    });
    expect(contextOf({ 'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' } })).toMatchObject({
      'aws:TagKeys': ['team'],
      'sts:TransitiveTagKeys': ['team'],
    });
    expect(
      contextOf({
        StringEquals: { 'aws:RequestTag/a': '1', 'aws:RequestTag/b': '2' },
        'ForAnyValue:StringEquals': { 'aws:TagKeys': 'c' },
      })['aws:TagKeys'],
    ).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });

  it('are never transitive without being passed', () => {
    const { verdict } = analyseTrustPolicy(
      JSON.stringify(
        policy(
          allow(
            extRoot,
            {
              'ForAnyValue:StringEquals': { 'sts:TransitiveTagKeys': 'team' },
              Null: { 'aws:RequestTag/team': 'true' },
            },
            tagging,
          ),
        ),
      ),
      OWN,
    );
    expect(verdict).toBe('not-applicable');
  });
});

describe('the context of a witness', () => {
  it.each([
    [`arn:aws:iam::${EXT}:role/Deploy`, ['aws:PrincipalAccount']],
    [`arn:aws:sts::${EXT}:assumed-role/Deploy/run`, ['aws:PrincipalAccount']],
    // The session's ARN does not tell the path of its role.
    [`arn:aws:iam::${EXT}:role/ci/Deploy`, ['aws:PrincipalAccount', 'aws:PrincipalArn']],
  ])('holds what the policy asks for and no more: %s', (AWS, keys) => {
    const { witness } = analyseTrustPolicy(JSON.stringify(policy(allow({ AWS }))), OWN);
    expect(Object.keys(witness?.context ?? {})).toEqual(keys);
  });
});
