import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VerdictMemo } from '../../src/audit/memo.ts';
import type { RoleRecord } from '../../src/model/record.ts';
import type { Rule } from '../../src/model/rule.ts';
import { UNGUARDED_EXTERNAL_ACCESS } from '../../src/rules/d9-aws-iam-99/rule.ts';
import { RULES, TRUST_RULES } from '../../src/rules/index.ts';
import { judgeTrustPolicy } from '../../src/rules/judge.ts';
import { allow, extRoot, OWN, policy } from '../exposure/cases/index.ts';
import { filesBelow, SAMPLES } from '../samples/folder.ts';
import { readSample } from '../samples/read-samples.ts';

/** A rule as somebody may add it: no role may be open to an organisation at large. */
const SECOND: Rule = {
  metadata: { ...UNGUARDED_EXTERNAL_ACCESS.metadata, id: 'T.2' },
  judge: ({ policy: document, exposure }) => ({
    ...exposure,
    literal: 'not-applicable',
    verdict: document === null ? 'error' : exposure.notes.includes('org-confined') ? 'fail' : 'pass',
    reason: 'organisation',
  }),
};

async function sampleRoles(): Promise<readonly RoleRecord[]> {
  const roles: RoleRecord[] = [];
  for (const path of filesBelow(join(SAMPLES, 'evidence'))) roles.push(...(await readSample(path)).roles);
  return roles;
}

describe('the rules of the list', () => {
  it('all judge, and every role of the samples has a verdict under each of them', async () => {
    expect(RULES.map(({ id }) => id)).toEqual(TRUST_RULES.map(({ metadata }) => metadata.id));
    for (const rules of [TRUST_RULES, [...TRUST_RULES, SECOND]]) {
      const memo = new VerdictMemo(rules);
      const reasons = new Set<string>();
      for (const { trust, account, partition } of await sampleRoles()) {
        const { verdicts } = memo.evaluate(trust, account, partition);
        expect(verdicts.map(({ rule }) => rule)).toEqual(rules.map(({ metadata }) => metadata.id));
        for (const { reason } of verdicts) reasons.add(reason);
      }
      expect(reasons).toContain('unguarded-external-path');
      expect(reasons).not.toContain('not-evaluated');
      expect(reasons.has('organisation')).toBe(rules.length > TRUST_RULES.length);
    }
  });

  it('are judged by default', () => {
    const trust = { state: 'document', text: JSON.stringify(policy(allow(extRoot))) } as const;
    expect(new VerdictMemo().evaluate(trust, OWN, 'aws').verdicts).toEqual(
      judgeTrustPolicy(TRUST_RULES, trust, OWN, 'aws'),
    );
  });

  it('all say that what cannot be read is an error', () => {
    const rules = [...TRUST_RULES, SECOND];
    const damaged = JSON.stringify(policy(allow(extRoot, undefined, 'System.Object[]')));
    for (const trust of [
      { state: 'missing' },
      { state: 'undecodable', reason: 'it is a text that is not JSON', damaged: true },
      { state: 'undecodable', reason: 'the JSON ends too early' },
      { state: 'document', text: damaged },
    ] as const) {
      const verdicts = judgeTrustPolicy(rules, trust, OWN, null);
      expect(verdicts.map(({ rule, verdict }) => [rule, verdict])).toEqual(
        rules.map(({ metadata }) => [metadata.id, 'error']),
      );
    }
  });
});
