import { describe, expect, it } from 'vitest';
import { evaluateTrustPolicy } from '../../src/audit/evaluate.ts';
import { VerdictMemo } from '../../src/audit/memo.ts';
import type { TrustPolicy } from '../../src/formats/record.ts';
import { allow, CASES, EXT, OTHER, OWN, policy } from './cases.ts';

const document = (text: string): TrustPolicy => ({ state: 'document', text });
const ACCOUNTS = [OWN, EXT, OTHER, '999988887777'];

describe('VerdictMemo', () => {
  it('never gives one account the verdict of another', () => {
    const escaped = JSON.stringify(policy(allow({ AWS: EXT }))).replace(EXT, `\\u0034${EXT.slice(1)}`);
    const pattern = JSON.stringify(
      policy(allow({ AWS: '*' }, { StringLike: { 'aws:PrincipalAccount': '999988887777*' } })),
    ).replace('Account', '\\u0041ccount');
    const texts = CASES.map(({ trust }) => (typeof trust === 'string' ? trust : JSON.stringify(trust)));
    const memo = new VerdictMemo();
    for (const text of [...texts, escaped, pattern]) {
      for (const account of ACCOUNTS) {
        expect(memo.evaluate(document(text), account).verdicts, `${account}: ${text}`).toEqual([
          evaluateTrustPolicy(document(text), account),
        ]);
      }
    }
  });

  it('decides a policy once for all accounts that it does not tell apart', () => {
    const memo = new VerdictMemo();
    const trust = document(JSON.stringify(policy(allow({ AWS: '555566667777' }))));
    const first = memo.evaluate(trust, '999988887777');
    expect(memo.evaluate(trust, '000000000001')).toBe(first);
    expect(memo.evaluate(trust, '555566667777')).not.toBe(first);
  });
});
