import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/exposure/analyse.ts';
import { namesExternalId } from '../../src/exposure/weak-external-ids.ts';
import { gradeNotes, gradeSeverity } from '../../src/model/grading.ts';
import { type AccountRelations, gradePath } from '../../src/model/relations.ts';
import { allow, deny, EXT, extRoot, OWN, policy } from '../exposure/cases/index.ts';

const ROLE = { roleName: 'Role', asOf: '2026-01-01T00:00:00Z' };

function grade(trust: unknown, relations: AccountRelations) {
  const text = JSON.stringify(trust);
  const analysis = analyseTrustPolicy(text, OWN);
  const paths = analysis.paths.map((path) => gradePath(path, relations));
  const named = namesExternalId(analysis, paths, OWN, text, relations);
  const notes = gradeNotes(analysis, paths, { ...ROLE, namesExternalId: named });
  return { paths, notes, severity: gradeSeverity({ verdict: analysis.verdict, notes }, paths) };
}

function known(...accounts: (readonly [string, string, 'third-party' | 'same-organisation' | 'unknown'])[]) {
  return {
    accounts: new Map(accounts.map(([id, name, relation]) => [id, { name, relation }])),
    organisationKnown: true,
  };
}

const withId = (value: string) => policy(allow(extRoot, { StringEquals: { 'sts:ExternalId': value } }));
const VENDOR = known([EXT, 'Sieve & Sons', 'third-party'], [OWN, 'Payments', 'same-organisation']);

describe('a pass with a weak guard', () => {
  it.each(['test', 'YOUR_EXTERNAL_ID', `acme-${EXT}`, `REPLACE-WITH-THE-EXTERNAL-ID-OF-${EXT}`])(
    'is graded medium: %s',
    (value) => {
      expect(grade(withId(value), known()).severity).toBe('medium');
    },
  );

  it.each(['sieve-sons', 'SieveSons2024', 'payments', 'prod-payments-123'])(
    'is one whose external ID is a name: %s',
    (value) => {
      expect(grade(withId(value), VENDOR)).toMatchObject({
        severity: 'medium',
        notes: ['extid-guessable', 'known-vendor'],
      });
      expect(grade(withId(value), known()).notes).not.toContain('known-vendor');
    },
  );

  it('is not one with a random part beside the name', () => {
    expect(grade(withId('sieve-sons-8f14e45f'), VENDOR)).toMatchObject({
      severity: null,
      notes: ['known-vendor'],
    });
  });
});

it('is not said to be any external ID because it is a common word', () => {
  for (const value of ['example', 'elsewhere', 'EXAMPLE'])
    expect(grade(withId(value), known()).notes).not.toContain('extid-any');
  const demanded = { StringNotEquals: { 'sts:ExternalId': 'example' } };
  expect(grade(policy(allow(extRoot), deny({ AWS: '*' }, demanded)), known()).notes).not.toContain(
    'extid-any',
  );
});

describe("AWS's own accounts", () => {
  it('are no third party and named for what they are', () => {
    const { paths, notes, severity } = grade(
      policy(allow(extRoot)),
      known([EXT, 'AWS: ELB logs', 'unknown']),
    );
    expect(paths[0]).toMatchObject({ relation: 'unknown', accountName: 'AWS: ELB logs' });
    expect(notes).toContain('aws-account');
    expect(notes).not.toContain('known-vendor');
    expect(severity).toBe('medium');
  });

  it('are not every account of unknown relation', () => {
    const { notes } = grade(policy(allow(extRoot)), { accounts: new Map(), organisationKnown: false });
    expect(notes).not.toContain('aws-account');
  });
});
