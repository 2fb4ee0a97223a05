import type { DatedFact, FactKind } from '../../src/model/organizations/fact.ts';

export const ORG = 'o-exampleorg1';
export const MANAGEMENT = '111122223333';
export const WORKLOAD = '222233334444';
export const SANDBOX = '333344445555';
export const [ROOT, OUTER, INNER] = ['r-ab12', 'ou-ab12-11111111', 'ou-ab12-22222222'] as const;
export const TEXT =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}]}';

/** A fact; `value` as it is said, null where it is not known. */
export function fact(
  kind: FactKind,
  key: string,
  value: unknown,
  at = '2026-01-01T00:00:00',
  organization = ORG,
): DatedFact {
  return { organization, kind, key, value: value === null ? null : JSON.stringify(value), at };
}

/** All that is to be known: WORKLOAD lies in INNER in OUTER, the others below the root; a policy at OUTER and at WORKLOAD. */
export function wholeFacts(at?: string): readonly DatedFact[] {
  return [
    fact('management', '', MANAGEMENT, at),
    fact('root', '', ROOT, at),
    fact('accounts', '', [MANAGEMENT, WORKLOAD, SANDBOX], at),
    fact('name', WORKLOAD, 'Workload', at),
    fact('status', SANDBOX, 'SUSPENDED', at),
    fact('parent', MANAGEMENT, ROOT, at),
    fact('parent', WORKLOAD, INNER, at),
    fact('parent', SANDBOX, ROOT, at),
    fact('parent', INNER, OUTER, at),
    fact('parent', OUTER, ROOT, at),
    fact('policies', '', ['p-RCPFullAWSAccess', 'p-perimeter1', 'p-unused001'], at),
    fact('policy-name', 'p-perimeter1', 'Perimeter', at),
    fact('policy-text', 'p-perimeter1', TEXT, at),
    fact('targets', 'p-perimeter1', [OUTER, WORKLOAD], at),
    fact('policy-text', 'p-unused001', TEXT, at),
    fact('targets', 'p-unused001', [MANAGEMENT], at),
  ];
}
