import { describe, expect, it } from 'vitest';
import { VerdictMemo } from '../../src/audit/memo.ts';
import type { TrustPolicy } from '../../src/model/record.ts';
import { TRUST_RULES } from '../../src/rules/index.ts';
import { judgeTrustPolicy } from '../../src/rules/judge.ts';
import { allow, CASES, EXT, OTHER, OWN, policy } from '../exposure/cases/index.ts';

const document = (text: string): TrustPolicy => ({ state: 'document', text });
const ROLES: readonly (readonly [account: string, partition: string | null])[] = [
  [OWN, null],
  [OWN, 'aws-cn'],
  [EXT, 'aws'],
  [OTHER, null],
  ['999988887777', 'aws-cn'],
  ['999988887777', 'aws'],
];

describe('VerdictMemo', () => {
  it('never gives one account the verdict of another', { timeout: 60_000 }, () => {
    const escaped = JSON.stringify(policy(allow({ AWS: EXT }))).replace(EXT, `\\u0034${EXT.slice(1)}`);
    const pattern = JSON.stringify(
      policy(allow({ AWS: '*' }, { StringLike: { 'aws:PrincipalAccount': '999988887777*' } })),
    ).replace('Account', '\\u0041ccount');
    const texts = CASES.map(({ trust }) => (typeof trust === 'string' ? trust : JSON.stringify(trust)));
    const memo = new VerdictMemo();
    for (const text of [...texts, escaped, pattern]) {
      for (const [account, partition] of ROLES) {
        const { verdicts } = memo.evaluate(document(text), account, partition);
        expect(verdicts, `${account} ${partition}: ${text}`).toEqual(
          judgeTrustPolicy(TRUST_RULES, document(text), account, partition),
        );
      }
    }
  });

  it('decides a policy once for all accounts that it does not tell apart', () => {
    const memo = new VerdictMemo();
    const trust = document(JSON.stringify(policy(allow({ AWS: '555566667777' }))));
    const first = memo.evaluate(trust, '999988887777', 'aws');
    expect(first.account).toBe('');
    expect(memo.evaluate(trust, '000000000001', 'aws')).toBe(first);
    expect(memo.evaluate(trust, '555566667777', 'aws')).not.toBe(first);
  });

  it('keeps what only holds in another partition than the policy shows with its account', () => {
    const memo = new VerdictMemo();
    const bare = document(JSON.stringify(policy(allow({ AWS: '555566667777' }))));
    expect(memo.evaluate(bare, '000000000001', 'aws').account).toBe('');
    expect(memo.evaluate(bare, '000000000002', 'aws-cn').account).toBe('000000000002');
    const china = document(JSON.stringify(policy(allow({ AWS: 'arn:aws-cn:iam::555566667777:root' }))));
    expect(memo.evaluate(china, '000000000001', 'aws-cn').account).toBe('');
    expect(memo.evaluate(china, '000000000002', 'aws').account).toBe('000000000002');
    const both = document(
      JSON.stringify(
        policy(allow({ AWS: ['arn:aws-cn:iam::555566667777:root', 'arn:aws:iam::555566667777:root'] })),
      ),
    );
    for (const partition of ['aws', 'aws-cn', 'aws-eusc'])
      expect(memo.evaluate(both, '000000000001', partition).account).toBe('000000000001');
  });
});
