import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assembled, assembleOrganizations } from '../../src/model/organizations/assemble.ts';
import type { DatedFact, FactKind } from '../../src/model/organizations/fact.ts';
import {
  fact,
  INNER,
  MANAGEMENT,
  ORG,
  OUTER,
  ROOT,
  SANDBOX,
  TEXT,
  WORKLOAD,
  wholeFacts,
} from './organizations.ts';

const LATER = '2026-02-01T00:00:00';
const without = (kind: FactKind, key?: string) =>
  wholeFacts().filter((one) => one.kind !== kind || (key !== undefined && one.key !== key));
const assemble = (...facts: readonly DatedFact[]) => assembleOrganizations(facts);
const policiesOf = (facts: readonly DatedFact[], account = WORKLOAD) =>
  assembleOrganizations(facts)
    .organizations[0]?.policiesOf(account)
    .policies?.map(({ id }) => id) ?? null;
const codes = ({ problems }: Assembled) => problems.map(({ code }) => code);

/** All of it, as plain data. */
function told({ organizations, problems }: Assembled): unknown {
  return {
    problems,
    organizations: organizations.map(({ policiesOf, members, ...one }) => ({
      ...one,
      members: [...members.values()].map((member) => ({ ...member, ...policiesOf(member.account) })),
    })),
  };
}

describe('an organisation of which all is known', () => {
  it('has members, ways to the root, and the policies of every way', () => {
    const { organizations, problems } = assemble(...wholeFacts());
    const [organization] = organizations;
    expect(problems).toEqual([]);
    expect(organization).toMatchObject({
      id: ORG,
      managementAccount: MANAGEMENT,
      membersWhole: true,
      capturedAt: '2026-01-01T00:00:00Z',
    });
    expect([...(organization?.members.values() ?? [])]).toEqual([
      { account: MANAGEMENT, name: null, status: 'ACTIVE', path: `${ORG}/${ROOT}/` },
      { account: WORKLOAD, name: 'Workload', status: 'ACTIVE', path: `${ORG}/${ROOT}/${OUTER}/${INNER}/` },
      { account: SANDBOX, name: null, status: 'SUSPENDED', path: `${ORG}/${ROOT}/` },
    ]);
    expect(organization?.policiesOf(WORKLOAD).policies).toEqual([
      { id: 'p-perimeter1', name: 'Perimeter', content: TEXT, targets: [OUTER, WORKLOAD] },
    ]);
    expect(organization?.policiesOf(SANDBOX).policies).toEqual([]);
    expect(organization?.policiesOf('999999999999').policies).toBeNull();
  });

  it('is the same in any order of facts, at any mixture of times', () => {
    const moments = ['2026-01-01T00:00:00', '2026-01-02T00:00:00', LATER];
    const some = fc.constantFrom(
      ...wholeFacts(),
      fact('parent', WORKLOAD, ROOT),
      fact('parent', OUTER, INNER),
      fact('attached', WORKLOAD, ['p-perimeter1']),
      fact('attached', ROOT, []),
      fact('attachment', `p-strange01 ${ROOT}`, 'p-Strange01'),
      fact('accounts', '', [MANAGEMENT]),
      fact('policies', '', []),
      fact('policy-text', 'p-perimeter1', null),
      fact('rcps-enabled', '', false),
      fact('policies-lost', '', true),
      fact('targets', 'p-perimeter1', [ROOT], undefined, ''),
      fact('accounts', '', [MANAGEMENT], undefined, 'o-another001'),
    );
    const dated = fc.tuple(some, fc.constantFrom(...moments)).map(([one, at]) => ({ ...one, at }));
    fc.assert(
      fc.property(
        fc
          .array(dated, { maxLength: 30 })
          .chain((facts) =>
            fc.tuple(
              fc.constant(facts),
              fc.shuffledSubarray(facts, { minLength: facts.length, maxLength: facts.length }),
            ),
          ),
        ([facts, shuffled]) => {
          expect(told(assembleOrganizations(shuffled))).toEqual(told(assembleOrganizations(facts)));
          // Said twice, it says no more.
          expect(told(assembleOrganizations([...facts, ...shuffled]))).toEqual(
            told(assembleOrganizations(facts)),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('policies of an account are not known', () => {
  it.each<readonly [string, readonly DatedFact[]]>([
    ['where it is not known in which unit it lies', without('parent', WORKLOAD)],
    ['where a unit on its way is missing', without('parent', INNER)],
    ['where the uppermost unit is missing', without('parent', OUTER)],
    ['where its way leads to another root', [...without('root'), fact('root', '', 'r-zz99')]],
    ['where not all policies were listed', without('policies')],
    ['where one of the policies does not say where it is attached', without('targets', 'p-unused001')],
    ['where a policy has no text', without('policy-text', 'p-perimeter1')],
    ['where the text is damaged', [...wholeFacts(), fact('policy-text', 'p-perimeter1', null)]],
    ['where the newest text is damaged', [...wholeFacts(), fact('policy-text', 'p-perimeter1', null, LATER)]],
    ['where it lies in two units', [...wholeFacts(), fact('parent', WORKLOAD, ROOT)]],
    ['where units go round in a circle', [...without('parent', OUTER), fact('parent', OUTER, INNER)]],
    [
      'where a policy is listed later, and nobody knows where',
      [...wholeFacts(), fact('policies', '', ['p-later0001'], LATER)],
    ],
    [
      'where two words on an attachment contradict each other',
      [...wholeFacts(), fact('attached', OUTER, [])],
    ],
    [
      'where it is not known where a policy is attached',
      [...wholeFacts(), fact('targets', 'p-perimeter1', null)],
    ],
    ['where policies are not enabled, and attached', [...wholeFacts(), fact('rcps-enabled', '', false)]],
    [
      'where newer evidence should have shown policies and broke off',
      [...wholeFacts(), fact('policies-lost', '', true, LATER)],
    ],
  ])('%s', (_, facts) => {
    expect(policiesOf(wholeFacts())).toEqual(['p-perimeter1']);
    expect(policiesOf(facts)).toBeNull();
  });

  it.each<readonly [string, readonly DatedFact[]]>([
    [`in which unit ${WORKLOAD} lies`, without('parent', WORKLOAD)],
    [`in which unit ${OUTER} lies`, without('parent', OUTER)],
    [`the way of ${WORKLOAD} to the root`, [...without('parent', OUTER), fact('parent', OUTER, INNER)]],
    ['which root is that of the organisation', [...without('root'), fact('root', '', 'r-zz99')]],
    ['which resource control policies there are', without('policies')],
    ['where p-unused001 is attached', without('targets', 'p-unused001')],
    ['a text of p-perimeter1 that can be used', without('policy-text', 'p-perimeter1')],
    [
      `which resource control policies are attached to ${OUTER}`,
      [...wholeFacts(), fact('attached', OUTER, null)],
    ],
    ['whether resource control policies are enabled', [...wholeFacts(), fact('rcps-enabled', '', false)]],
    [`whether ${WORKLOAD} belongs`, [...without('accounts'), fact('accounts', '', [MANAGEMENT])]],
  ])('and it is said what is missing: %s', (lack, facts) => {
    const [organization] = assembleOrganizations(facts).organizations;
    expect(organization?.policiesOf(WORKLOAD).policies).toBeNull();
    expect(organization?.policiesOf(WORKLOAD).lack).toContain(lack);
    expect(assembleOrganizations(wholeFacts()).organizations[0]?.policiesOf(WORKLOAD).lack).toBeNull();
  });

  it('unless a whole file of that moment shows what another one of it lost', () => {
    expect(policiesOf([...wholeFacts(LATER), fact('policies-lost', '', true, LATER)])).toEqual([
      'p-perimeter1',
    ]);
    const listed = [ROOT, OUTER, INNER, WORKLOAD].map((node) => fact('attached', node, [], LATER));
    const lost = [...wholeFacts(), fact('policies-lost', '', true, LATER)];
    expect(policiesOf([...lost, ...listed])).toEqual([]);
    expect(policiesOf([...lost, ...listed.slice(1)])).toBeNull();
  });

  it('and those of other accounts are', () => {
    expect(policiesOf(without('parent', INNER), SANDBOX)).toEqual([]);
    expect(policiesOf(without('policy-text', 'p-perimeter1'), SANDBOX)).toEqual([]);
  });
});

describe('policies of a place', () => {
  const nodes = [ROOT, OUTER, INNER, WORKLOAD, SANDBOX, MANAGEMENT];
  const base = [...without('policies').filter(({ kind }) => kind !== 'targets')];

  it('are called as AWS writes them, even where only the list of all policies does', () => {
    const capitals = [...without('policies'), fact('policies', '', ['p-PERIMETER1', 'p-unused001'])];
    expect(policiesOf(capitals)).toEqual(['p-PERIMETER1']);
  });

  it('may be listed place by place', () => {
    const own: Readonly<Record<string, string>> = { [INNER]: 'p-PERIMETER1', [MANAGEMENT]: 'p-unused001' };
    const lists = nodes.map((node) =>
      fact('attached', node, ['p-RCPFullAWSAccess', ...(own[node] === undefined ? [] : [own[node]])]),
    );
    const { organizations, problems } = assemble(...base, ...lists);
    expect(problems).toEqual([]);
    expect(organizations[0]?.policiesOf(WORKLOAD).policies).toMatchObject([
      { id: 'p-PERIMETER1', targets: [INNER] },
    ]);
    expect(policiesOf([...base, ...lists.filter(({ key }) => key !== OUTER)])).toBeNull();
  });

  it('are those of the newest word', () => {
    expect(policiesOf([...wholeFacts(), fact('targets', 'p-perimeter1', [ROOT], LATER)], SANDBOX)).toEqual([
      'p-perimeter1',
    ]);
    expect(policiesOf([...wholeFacts(), fact('targets', 'p-perimeter1', [], LATER)])).toEqual([]);
    expect(policiesOf([...wholeFacts(), fact('policies', '', ['p-RCPFullAWSAccess'], LATER)])).toEqual([]);
    const both = [fact('attached', OUTER, [], LATER), fact('attached', WORKLOAD, [], LATER)];
    expect(policiesOf([...wholeFacts(), ...both])).toEqual([]);
    // An older one says nothing any more.
    expect(policiesOf([...wholeFacts(), fact('attached', OUTER, [], '2025-01-01T00:00:00')])).toEqual([
      'p-perimeter1',
    ]);
  });

  const sinceOf = (facts: readonly DatedFact[], account = WORKLOAD): string | null | undefined =>
    assembleOrganizations(facts).organizations[0]?.policiesOf(account).since;
  const EARLY = '2026-01-01T00:00:00';

  it.each([
    ['accounts', ''],
    ['parent', WORKLOAD],
    ['parent', OUTER],
    ['policy-text', 'p-perimeter1'],
    ['targets', 'p-perimeter1'],
  ] as const)('are as old as the oldest word that they rest on, such as %s %s', (kind, key) => {
    const isOld = (one: DatedFact): boolean => one.kind === kind && one.key === key;
    const facts = [...wholeFacts(EARLY).filter(isOld), ...wholeFacts(LATER).filter((one) => !isOld(one))];
    expect(policiesOf(facts)).toEqual(['p-perimeter1']);
    expect(sinceOf(facts)).toBe(`${EARLY}Z`);
    expect(assembleOrganizations(facts).organizations[0]?.capturedAt).toBe(`${LATER}Z`);
  });

  it('are no older for what does not matter to them, and of no age where there are none', () => {
    const old = wholeFacts(EARLY).filter(({ key }) => key === 'p-unused001' || key === SANDBOX);
    const fresh = wholeFacts(LATER).filter(({ key }) => key !== 'p-unused001' && key !== SANDBOX);
    expect(sinceOf([...old, ...fresh])).toBe(`${LATER}Z`);
    expect(sinceOf([...wholeFacts(EARLY), ...wholeFacts(LATER)])).toBe(`${LATER}Z`);
    expect(sinceOf(wholeFacts(), SANDBOX)).toBeNull();
    expect(sinceOf(without('policy-text', 'p-perimeter1'))).toBeNull();
  });

  it('are none where the type is not enabled', () => {
    expect(policiesOf([...wholeFacts(), fact('rcps-enabled', '', false, LATER)])).toEqual([]);
    expect(policiesOf([...without('parent', INNER), fact('rcps-enabled', '', false, LATER)])).toEqual([]);
    // They were attached since.
    expect(policiesOf([...wholeFacts(), fact('rcps-enabled', '', false, '2025-01-01T00:00:00')])).toEqual([
      'p-perimeter1',
    ]);
  });

  it('are not those of other types', () => {
    const untyped = [
      fact('untyped-attachment', `p-service001 ${ROOT}`, 'p-service001'),
      fact('untyped-targets', 'p-service001', [ROOT]),
    ];
    expect(assemble(...wholeFacts(), ...untyped).problems).toEqual([]);
    expect(policiesOf([...wholeFacts(), ...untyped])).toEqual(['p-perimeter1']);
    const attachment = fact('untyped-attachment', `p-unused001 ${INNER}`, 'p-unused001', LATER);
    expect(policiesOf([...wholeFacts(), attachment])).toEqual(['p-perimeter1', 'p-unused001']);
  });
});

describe('members', () => {
  const members = (...facts: readonly DatedFact[]) => {
    const [organization] = assemble(...facts).organizations;
    return [organization?.membersWhole, [...(organization?.members.keys() ?? [])]];
  };

  it('are those of the newest list, and those that came later', () => {
    expect(members(...wholeFacts(), fact('accounts', '', [MANAGEMENT], LATER))).toEqual([true, [MANAGEMENT]]);
    const joined = fact('name', '444455556666', 'New', LATER);
    expect(members(...wholeFacts(), joined)[1]).toContain('444455556666');
    const left = fact('name', '444455556666', 'Old', '2025-01-01T00:00:00');
    expect(members(...wholeFacts(), left)).toEqual([true, [MANAGEMENT, WORKLOAD, SANDBOX]]);
  });

  it('are not known where evidence of one moment disagrees, or none lists them all', () => {
    const other = fact('accounts', '', [MANAGEMENT]);
    expect(members(...wholeFacts(), other)[0]).toBe(false);
    expect(codes(assemble(...wholeFacts(), other))).toContain('organization-conflict');
    const stranger = fact('status', '444455556666', 'ACTIVE');
    // It is not lost, and what applies to it is not known.
    expect(members(...wholeFacts(), stranger)).toEqual([
      false,
      [MANAGEMENT, WORKLOAD, SANDBOX, '444455556666'],
    ]);
    const placed = fact('parent', '444455556666', INNER);
    expect(policiesOf([...wholeFacts(), stranger, placed], '444455556666')).toBeNull();
    expect(codes(assemble(...wholeFacts(), stranger))).toEqual(['organization-conflict']);
    expect(members(...without('accounts'))).toEqual([false, [MANAGEMENT, WORKLOAD, SANDBOX]]);
  });
});

describe('what cannot be', () => {
  it.each<readonly [string, string, readonly DatedFact[]]>([
    ['organization-two-parents', `put ${WORKLOAD} below`, [...wholeFacts(), fact('parent', WORKLOAD, ROOT)]],
    ['organization-unit-cycle', `at ${OUTER}`, [...without('parent', OUTER), fact('parent', OUTER, INNER)]],
    [
      'organization-target-unknown',
      'ou-ab12-99999999',
      [...without('targets', 'p-unused001'), fact('targets', 'p-unused001', ['ou-ab12-99999999'])],
    ],
    [
      'organization-target-unknown',
      '777777777777',
      [...wholeFacts(), fact('attachment', 'p-perimeter1 777777777777', 'p-perimeter1', LATER)],
    ],
    [
      'organization-policy-unattached',
      'p-unused001',
      [...without('targets', 'p-unused001'), fact('targets', 'p-unused001', [])],
    ],
    [
      'organization-policy-unknown',
      'p-Strange01',
      [...wholeFacts(), fact('attachment', `p-strange01 ${ROOT}`, 'p-Strange01', LATER)],
    ],
    ['organization-conflict', `p-perimeter1 at ${OUTER}`, [...wholeFacts(), fact('attached', OUTER, [])]],
  ])('%s: %s', (code, words, facts) => {
    expect(codes(assemble(...wholeFacts()))).toEqual([]);
    const { problems } = assemble(...facts);
    expect(problems.map((one) => one.code)).toEqual([code]);
    expect(problems[0]?.message).toContain(words);
    expect(problems[0]?.message.startsWith(`${ORG}: `)).toBe(true);
  });

  it('but no policy is called attached to nothing where it is not known which are attached', () => {
    const base = without('policies').filter(({ kind }) => kind !== 'targets');
    const nodes = [ROOT, OUTER, INNER, WORKLOAD, SANDBOX, MANAGEMENT];
    const lists = nodes.map((node) => fact('attached', node, []));
    expect(codes(assemble(...base, ...lists))).toEqual(['organization-policy-unattached']);
    expect(codes(assemble(...base, ...lists.slice(1)))).toEqual([]);
  });

  it('ends for a circle of any size, each told once', () => {
    const unit = (index: number) => `ou-ab12-${String(index).padStart(8, '0')}`;
    const ring = Array.from({ length: 3000 }, (_, index) =>
      fact('parent', unit(index), unit((index + 1) % 3000)),
    );
    const { problems, organizations } = assemble(...ring, fact('parent', WORKLOAD, unit(7)));
    expect(problems).toEqual([
      { code: 'organization-unit-cycle', message: `${ORG}: the units go round in a circle at ${unit(0)}` },
    ]);
    expect(organizations[0]?.members.get(WORKLOAD)?.path).toBeNull();
  });
});

describe('several organisations', () => {
  const other = fact('accounts', '', ['999988887777'], undefined, 'o-another001');

  it('are told apart', () => {
    const { organizations } = assemble(other, ...wholeFacts());
    expect(organizations.map(({ id, members }) => [id, members.size])).toEqual([
      ['o-another001', 1],
      [ORG, 3],
    ]);
  });

  it('that claim one account at one moment are told', () => {
    const claim = (at?: string) => fact('accounts', '', [WORKLOAD, SANDBOX], at, 'o-another001');
    expect(assemble(...wholeFacts(), claim()).problems).toEqual([
      {
        code: 'organization-conflict',
        message: `evidence of one moment puts account ${WORKLOAD} and 1 more into o-another001 and ${ORG}, so it is not known to which it belongs`,
      },
    ]);
    // It moved since.
    expect(assemble(...wholeFacts(), claim(LATER)).problems).toEqual([]);
  });

  it('leave facts without an organisation to nobody', () => {
    const nameless = fact('parent', WORKLOAD, ROOT, LATER, '');
    expect(assemble(...wholeFacts(), nameless).organizations[0]?.members.get(WORKLOAD)?.path).toBe(
      `${ORG}/${ROOT}/`,
    );
    const { organizations, problems } = assemble(...wholeFacts(), other, nameless);
    expect(organizations[1]?.members.get(WORKLOAD)?.path).toBe(`${ORG}/${ROOT}/${OUTER}/${INNER}/`);
    expect(problems.map(({ code }) => code)).toEqual(['organization-ambiguous']);
    expect(assemble(nameless)).toMatchObject({
      organizations: [],
      problems: [{ code: 'organization-ambiguous' }],
    });
  });
});
