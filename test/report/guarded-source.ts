import type { Guardrail } from '../../src/model/guardrail.ts';
import type { ReportSource, StoredVerdict } from '../../src/model/report-source.ts';
import type { Impact } from '../../src/model/role-detail.ts';
import { makePath, makeVerdict, memorySource } from './sample-source.ts';

/** Names that would do something where a format does not guard them. */
export const NASTY = '=cmd|<img src=x onerror=alert(1)>`|';

export const GUARDRAIL: Guardrail = {
  verdict: 'pass',
  policies: [{ id: 'p-abc', name: NASTY, statement: 2, attachedTo: ['r-ab12', 'ou-ab12-1', '111122223333'] }],
  capturedAt: '2026-02-02T00:00:00Z',
};

export const IMPACT: Impact = {
  privileges: 'administrator',
  why: `AdministratorAccess allows everything ${NASTY}.`,
  policies: ['arn:aws:iam::aws:policy/AdministratorAccess', `inline:${NASTY}`],
  boundary: 'arn:aws:iam::111122223333:policy/Edge',
  lastUsed: '2026-01-30T10:00:00Z',
  created: '2020-05-05T00:00:00Z',
  maxSession: 3600,
  tags: { [NASTY]: NASTY, team: 'crane' },
};

const closed = makeVerdict({
  ...{ roleName: 'Closed', severity: null, state: null, guardrail: GUARDRAIL, impact: IMPACT },
});

/** One finding of each kind: closed, narrowed, with guardrails that are not known, with none, and ranked by impact. */
export function guardedSource(): ReportSource {
  const open = { ...GUARDRAIL, verdict: 'fail', policies: [] } as const;
  const verdicts: readonly StoredVerdict[] = [
    { ...closed, ways: [] },
    makeVerdict({ roleName: 'Idle', guardrail: open, impact: { ...IMPACT, lastUsed: 'never' } }),
    {
      ...makeVerdict({
        ...{ roleName: 'Narrowed', severity: 'low', guardrail: open, notes: ['guardrails-narrow'] },
        paths: [makePath(), makePath({ account: '777788889999' })],
      }),
      ways: [makePath()],
    },
    makeVerdict({ roleName: 'Unknown', guardrail: open, notes: ['guardrails-unknown'] }),
    makeVerdict({ roleName: 'Used', guardrail: open, impact: IMPACT }),
  ];
  return memorySource({
    verdicts,
    completeness: { guardrailsUnknown: [{ account: '111122223333', lack: 'the text of p-abc' }] },
  });
}
