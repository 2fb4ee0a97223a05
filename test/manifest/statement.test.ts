import { describe, expect, it } from 'vitest';
import { type ManifestParts, manifestText } from '../../src/manifest/statement.ts';
import type { Completeness, DisagreementRow } from '../../src/model/completeness.ts';
import { makeDisagreement, memorySource } from '../report/sample-source.ts';

function completenessIn(
  given: Partial<Completeness>,
  disagreements: readonly DisagreementRow[] = [],
): Record<string, unknown> {
  const parts: ManifestParts = {
    ...{ toolVersion: '1.0.0', asOf: '2026-03-31T12:00:00Z', options: {}, rules: [], configuration: [] },
    ...{ previous: null, outputs: [], evidence: [] },
    completeness: memorySource({ verdicts: [], completeness: given, disagreements }).completeness(),
    disagreements,
  };
  const text = [...manifestText(parts)].join('');
  const { predicate } = JSON.parse(text) as { predicate: { completeness: Record<string, unknown> } };
  return predicate.completeness;
}

const NOTHING = {
  ...{
    complete: true,
    reasons: [],
    membersKnown: true,
    members: 0,
    gaps: [],
    closed: [],
    rejects: [],
    disagreements: [],
  },
  ...{
    accountsIncomplete: 0,
    carriedForward: 0,
    staleAfter: 7,
    maxAge: null,
    unread: 0,
    timedByModification: 0,
  },
};

describe('completeness in the manifest', () => {
  it('is said when nothing is missing, as a member list shows', () => {
    expect(completenessIn({})).toEqual(NOTHING);
  });

  it('is not said without a member list', () => {
    expect(completenessIn({ membersKnown: false })).toEqual({
      ...NOTHING,
      ...{ complete: false, membersKnown: false },
    });
  });

  it('names every role on which files disagree', () => {
    const row = makeDisagreement();
    const { arn, account, roleId, capturedAt, what, sources } = row;
    const files = sources.map(({ path, sha256 }) => ({ name: path, digest: { sha256 } }));
    expect(completenessIn({}, [row])).toMatchObject({
      complete: false,
      disagreements: [{ account, arn, roleId, capturedAt, what, files }],
    });
  });

  it('names every gap, every closed account and every kind of rejected records', () => {
    const gap = {
      account: '222233334444',
      name: 'Lost',
      why: 'no-evidence',
      capturedAt: null,
      age: null,
    } as const;
    const closed = { account: '444455550000', name: null, status: 'SUSPENDED' };
    const example = {
      path: 'a.json',
      offset: 7,
      pointer: '/x',
      code: 'arn-missing',
      message: 'no ARN',
    } as const;
    const given = {
      ...{ members: 2, gaps: [gap], closed: [closed], carriedForward: 3, maxAge: 90, timedByModification: 4 },
      rejects: [{ code: 'arn-missing' as const, count: 5, example }],
    };
    expect(completenessIn(given)).toEqual({
      ...NOTHING,
      ...{ ...given, complete: false, reasons: ['1 accounts of the organisation are not covered'] },
      rejects: [{ code: 'arn-missing', count: 5, example: { path: 'a.json', offset: 7 } }],
    });
  });
});
