import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/audit/guard-analysis.ts';
import { evaluateRequest } from '../../src/iam/request.ts';
import { CASES, OWN } from './cases.ts';

describe('analyseTrustPolicy', () => {
  for (const { name, trust, verdict, notes, reason } of CASES) {
    it(`${name}: ${verdict}`, () => {
      const text = typeof trust === 'string' ? trust : JSON.stringify(trust);
      const analysis = analyseTrustPolicy(text, OWN);
      expect(analysis.verdict, analysis.message).toBe(verdict);
      if (notes !== undefined) expect(analysis.notes).toEqual(expect.arrayContaining([...notes]));
      if (reason !== undefined) expect(analysis.reason).toBe(reason);
      if (verdict === 'fail') {
        const witness = analysis.witness!;
        expect(witness.principalAccount).not.toBe(OWN);
        expect(witness.context['sts:ExternalId']).toBeUndefined();
        expect(witness.context['aws:MultiFactorAuthPresent']).not.toBe('true');
        const undefinedSemantics = analysis.notes.includes('undefined-semantics');
        expect(evaluateRequest(text, witness)).toBe(undefinedSemantics ? 'undefined' : 'allowed');
        expect(analysis.paths.some((path) => path.guards.length === 0)).toBe(true);
      } else {
        expect(analysis.witness).toBeNull();
      }
    });
  }
});
