import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diffStore } from '../../../src/history/compare/diff.ts';
import { newFindings } from '../../../src/history/compare/gate.ts';
import { openReport, type Report } from '../../../src/history/report/report.ts';
import { trendOf } from '../../../src/history/trend/trend.ts';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { openStore, type Store } from '../../../src/store/index.ts';
import { AT } from '../../store/files.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import {
  type Around,
  attached,
  type Capture,
  CLOSED,
  day,
  demandsId,
  GUARDED,
  MANAGEMENT,
  MEMBERS,
  OPEN,
  OTHER,
  OWN,
  organizationOf,
  RULE,
  scanCaptures,
  VENDOR,
  WIDER,
  withAround,
} from './organisation.ts';

const folder = temporaryFolder();
let stores = 0;

/** A store of these captures, each scanned by a run of its own. */
function storeOf(captures: readonly Capture[], around: Around | null): Store {
  const store = openStore(join(folder, `${stores++}.db`), { mode: 'write' });
  for (const capture of captures) scanCaptures(store, [capture]);
  return around === null ? store : withAround(store, around);
}

const at = (n: number, contents: readonly string[] | null = [demandsId()]): Around => ({
  organizations: [[day(n), organizationOf(contents, day(n))]],
});

function findingsOf(report: Report, outcomes?: readonly ('fail' | 'pass')[]): readonly VerdictObject[] {
  const filter = outcomes === undefined ? {} : { outcomes };
  return [...report.verdicts(filter)].map(({ object }) => object);
}

function named(report: Report): Readonly<Record<string, VerdictObject>> {
  return Object.fromEntries(findingsOf(report).map((object) => [object.roleName, object]));
}

const ROLES = { Open: OPEN, Wider: WIDER, Closed: CLOSED, Guarded: GUARDED };

describe('a report with evidence of the organisation', () => {
  it('says beside the verdict of the trust policy what guardrails make of it', () => {
    const store = storeOf([{ at: day(1), roles: ROLES }], at(1));
    const { Open, Closed, Guarded } = named(openReport(store, { asOf: AT }));
    expect(Open).toMatchObject({
      ...{ verdict: 'fail', state: null, reason: 'unguarded-external-path' },
      // Any external ID will do, and that is a weak guard.
      ...{ severity: 'medium', notes: ['extid-any'] },
      guardrail: {
        verdict: expect.stringMatching(/^(?:pass|not-applicable)$/),
        policies: [{ id: 'p-demandsid1', name: 'demand external IDs', statement: 0, attachedTo: ['r-ab12'] }],
        capturedAt: `${day(1)}Z`,
      },
    });
    expect(Open?.witness).not.toBeNull();
    expect(Guarded).toMatchObject({ verdict: 'pass', guardrail: { verdict: 'pass', policies: [] } });
    expect(Closed).toMatchObject({
      verdict: 'not-applicable',
      guardrail: { verdict: 'not-applicable', policies: [] },
    });
    store.close();
  });

  it('counts by the verdict that counts, and lists what is closed under either', () => {
    const store = storeOf([{ at: day(1), roles: ROLES }], at(1));
    const report = openReport(store, { asOf: AT });
    const { verdicts, closed, roles } = report.totals();
    expect({ fail: verdicts.fail, closed, roles }).toEqual({ fail: 0, closed: 2, roles: 4 });
    expect([...report.accounts()]).toMatchObject([{ account: OWN, closed: 2, verdicts }]);
    expect(findingsOf(report, ['fail']).map(({ roleName }) => roleName)).toEqual(['Open', 'Wider']);
    const counted = [...report.verdictCounts()].reduce((sum, { count }) => sum + count, 0);
    expect(counted).toBe(4);
    expect([...report.verdictCounts()].filter(({ verdict }) => verdict.verdict === 'fail')).toHaveLength(2);
    store.close();
  });

  it('leaves what a guardrail exempts, with the severity and the note of the ways that are left', () => {
    const store = storeOf([{ at: day(1), roles: ROLES }], at(1, [demandsId({ except: VENDOR })]));
    const report = openReport(store, { asOf: AT });
    const { Open, Wider } = named(report);
    expect(Open).toMatchObject({
      severity: 'medium',
      guardrail: { verdict: 'fail', policies: [] },
      notes: [],
    });
    expect(Wider).toMatchObject({ guardrail: { verdict: 'fail' }, notes: ['guardrails-narrow'] });
    const stored = [...report.verdicts({ outcomes: ['fail'] })].find(
      ({ object }) => object.roleName === 'Wider',
    );
    const open = stored?.ways.filter(({ guards }) => guards.length === 0).map(({ account }) => account);
    expect(open).toEqual([VENDOR]);
    store.close();
  });

  it('shows as its proof a request that gets past the guardrails, too', () => {
    const store = storeOf(
      [{ at: day(1), roles: { Wider: WIDER } }],
      at(1, [demandsId({ except: '777788889999' })]),
    );
    const { Wider } = named(openReport(store, { asOf: AT }));
    expect(Wider).toMatchObject({ guardrail: { verdict: 'fail' }, notes: ['guardrails-narrow'] });
    expect(Wider?.paths[0]?.account).toBe(VENDOR);
    expect(Wider?.witness?.principalAccount).toBe('777788889999');
    store.close();
  });

  it('tells of each policy of a shape whether its own external id is the name of an account', () => {
    const Condition = (id: string) => ({
      StringEquals: { 'sts:ExternalId': id },
      StringNotEquals: { 'aws:PrincipalOrgID': 'o-example1' },
    });
    const outsiders = (id: string): string =>
      JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole', Condition: Condition(id) },
        ],
      });
    const ids = ['7f3a9c21-0b4d', 'd91e02b7-66ac', '0c5b7e3f-a81d', '93d5f07c-e2b8', 'b6c1e94f-07da'];
    const roles = Object.fromEntries(ids.map((id, index) => [`R${index}`, outsiders(id)]));
    const store = storeOf([{ at: day(1), roles }], at(1));
    const own = { name: '93D5F07C E2B8', relation: 'same-organisation' as const };
    store.saveRelations({ accounts: new Map([[OWN, own]]), organisationKnown: false });
    const weak = [...openReport(store, { asOf: AT }).verdictCounts()].flatMap(({ verdict, count }) =>
      verdict.severity === null ? [] : [count],
    );
    expect(weak).toEqual([1]);
    store.close();
  });

  it('never lets an account stand for the members that get into it', () => {
    const anyMember = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-example1' } },
    };
    const trust = JSON.stringify({ Version: '2012-10-17', Statement: [anyMember] });
    for (const accounts of [MEMBERS, [...MEMBERS].reverse()]) {
      const captures = accounts.map((account) => ({ account, at: day(1), roles: { A: trust } }));
      const store = storeOf(captures, at(1, []));
      const told = [...openReport(store, { asOf: AT }).verdicts({})];
      expect(told).toHaveLength(MEMBERS.length);
      for (const { object, ways } of told) {
        expect(ways).toMatchObject([{ relation: expect.anything(), guards: [] }]);
        for (const other of [ways[0]?.account, object.witness?.principalAccount]) {
          expect(MEMBERS.filter((account) => account !== object.account)).toContain(other);
        }
      }
      store.close();
    }
  });

  it('takes a confinement to the organisation for nothing where only members get in', () => {
    const confined = JSON.parse(demandsId()) as { Statement: { Condition: object }[] };
    for (const statement of confined.Statement) {
      statement.Condition = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-example1' } };
    }
    const member = OPEN.replaceAll(VENDOR, OTHER);
    const store = storeOf([{ at: day(1), roles: { Member: member } }], at(1, [JSON.stringify(confined)]));
    const { Member } = named(openReport(store, { asOf: AT }));
    expect(Member).toMatchObject({ notes: [], guardrail: { verdict: 'fail', policies: [] } });
    store.close();
  });

  it('closes nothing in the management account and for service-linked roles', () => {
    const linked = { 'aws-service-role/x.amazonaws.com/Linked': OPEN, Plain: OPEN };
    const store = storeOf(
      [
        { at: day(1), roles: linked },
        { account: MANAGEMENT, at: day(1), roles: { Top: OPEN } },
      ],
      at(1),
    );
    const report = openReport(store, { asOf: AT });
    const { Linked, Plain, Top } = named(report);
    expect([Linked, Plain, Top].map((one) => one?.guardrail?.verdict === 'fail')).toEqual([
      true,
      false,
      true,
    ]);
    expect(report.totals()).toMatchObject({ verdicts: { fail: 2 }, closed: 1 });
    expect(report.completeness().reasons).toEqual([]);
    store.close();
  });

  it.each([
    ['a policy is not known', at(1, null)],
    ['a policy is damaged', at(1, ['{'])],
    [
      'nobody knows which account manages the organisation',
      { organizations: [[day(1), { ...organizationOf([demandsId()], day(1)), managementAccount: null }]] },
    ],
  ] as const)('stands on the trust policy where %s, and is incomplete', (_what, around) => {
    const store = storeOf([{ at: day(1), roles: ROLES }], around);
    const report = openReport(store, { asOf: AT });
    expect(named(report)['Open']).toMatchObject({
      verdict: 'fail',
      severity: 'medium',
      notes: ['guardrails-unknown'],
      guardrail: { verdict: 'fail', policies: [] },
    });
    expect(report.completeness()).toMatchObject({
      guardrailsUnknown: [{ account: OWN, lack: expect.any(String) as string }],
      reasons: expect.arrayContaining([
        expect.stringMatching(
          new RegExp(
            `^organisation evidence does not show all resource control policies of account ${OWN}: it does not show .* \\(organization-guardrails-unknown\\)$`,
          ),
        ),
      ]),
    });
    store.close();
  });

  it('says which policy is damaged, and where', () => {
    const store = storeOf([{ at: day(1), roles: ROLES }], at(1, ['{']));
    const [reason] = openReport(store, { asOf: AT }).completeness().reasons;
    expect(reason).toMatch(
      /^1 resource control policy is damaged \(`p-demandsid1`: .* \(organization-policy-damaged\)$/,
    );
    store.close();
  });

  it('asks for the tags of each role, and lets one that is not known exempt', () => {
    const around = {
      ...at(1, [demandsId({ byTag: true })]),
      details: { Kept: { tags: { keep: 'yes' } }, Bare: { tags: {} } },
    };
    const roles = { Kept: OPEN, Bare: OPEN, Unknown: OPEN };
    const store = storeOf([{ at: day(1), roles }], around);
    const report = openReport(store, { asOf: AT });
    const { Kept, Bare, Unknown } = named(report);
    const fails = [Kept, Bare, Unknown].map((one) => one?.guardrail?.verdict === 'fail');
    expect(fails).toEqual([true, false, true]);
    expect(report.totals()).toMatchObject({ verdicts: { fail: 2 }, closed: 1 });
    expect(trendOf(store.reader, { kind: 'all' }, RULE, 'day')).toMatchObject([{ roles: 3, fail: 2 }]);
    store.close();
  });

  it('asks for the ARN where a statement means single roles', () => {
    const arn = `arn:aws:iam::${OWN}:role/One`;
    const store = storeOf([{ at: day(1), roles: { One: OPEN, Two: OPEN } }], {
      ...at(1, [demandsId({ resource: arn })]),
    });
    const report = openReport(store, { asOf: AT });
    const { One, Two } = named(report);
    expect([One, Two].map((one) => one?.guardrail?.verdict === 'fail')).toEqual([false, true]);
    expect(report.totals()).toMatchObject({ verdicts: { fail: 1 }, closed: 1 });
    expect(report.changes()).toMatchObject({ notComparable: 1, baseline: 1 });
    store.close();
  });

  it('tells accounts apart whose policies are not the same', () => {
    const { policiesOf: _, ...rest } = organizationOf([], day(1));
    const organization = {
      ...rest,
      policiesOf: (account: string) => ({
        policies: account === OWN ? [attached(demandsId())] : [],
        since: `${day(1)}Z`,
        lack: null,
      }),
    };
    const captures = [OWN, OTHER].map((account) => ({ account, at: day(1), roles: { Open: OPEN } }));
    const store = storeOf(captures, { organizations: [[day(1), organization]] });
    expect([...openReport(store, { asOf: AT }).accounts()]).toMatchObject([
      { account: OWN, closed: 1, verdicts: { fail: 0 } },
      { account: OTHER, closed: 0, verdicts: { fail: 1 } },
    ]);
    store.close();
  });

  it('has what a way in leads to for failing roles only', () => {
    const detail = {
      lastUsed: 'never',
      attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      tags: { a: 'b' },
    };
    const store = storeOf([{ at: day(1), roles: ROLES }], {
      organizations: [],
      details: { Open: detail, Guarded: detail },
    });
    const { Open, Wider, Guarded } = named(openReport(store, { asOf: AT }));
    expect(Open?.impact).toMatchObject({ lastUsed: 'never', policies: detail.attached, tags: { a: 'b' } });
    // Of which nothing is shown.
    expect(Wider?.impact).toMatchObject({ privileges: 'unknown', policies: [], lastUsed: null });
    expect(Guarded?.impact).toBeNull();
    store.close();
  });

  it('still says which exception accepts a closed finding', () => {
    const store = storeOf([{ at: day(1), roles: { Open: OPEN } }], at(1));
    const accepted = {
      ...{ id: 'EX-1', rule: null, account: null, role: 'Open', principals: [], principalAccounts: [] },
      ...{ reason: 'known', expires: '2031-01-01', owner: null, ticket: null },
    };
    const report = openReport(store, { asOf: AT, exceptions: [accepted] });
    expect(named(report)['Open']).toMatchObject({ suppressedBy: 'EX-1' });
    store.close();
  });
});

it('counts what a guardrail closed in between as reopened, as diff does', () => {
  const captures = [1, 2, 3].map((n) => ({ at: day(n), roles: { Open: OPEN } }));
  const organizations = [
    [day(2), organizationOf([demandsId()], day(2))],
    [day(3), organizationOf([], day(3))],
  ] as const;
  const store = storeOf(captures, { organizations });
  const previous = { label: 'previous', scope: { kind: 'previous' } } as const;
  const { summary } = diffStore(store, previous, { label: 'latest', scope: { kind: 'all' } });
  expect(summary).toMatchObject({ reopened: 1, new: 0 });
  expect(openReport(store, { asOf: AT }).changes()).toMatchObject({ reopened: 1, new: 0 });
  store.close();
});

describe('guardrails over time', () => {
  const twice = (first: string, second = first): readonly Capture[] => [
    { at: day(1), roles: { Open: first } },
    { at: day(11), roles: { Open: second } },
  ];
  const diffs = (store: Store) => {
    const side = (n: number) => ({ label: `day ${n}`, scope: { kind: 'at', time: day(n) } }) as const;
    const { changes, summary } = diffStore(store, side(1), side(11));
    const latest = { label: 'latest', scope: { kind: 'all' } } as const;
    const previous = diffStore(store, { label: 'previous', scope: { kind: 'previous' } }, latest);
    expect([...previous.changes]).toEqual([...changes]);
    expect(previous.summary).toEqual(summary);
    return [...changes].map(({ change, cause, fromVerdict, toVerdict }) => [
      change,
      cause,
      fromVerdict === 'fail',
      toVerdict === 'fail',
    ]);
  };
  const [none, all] = [[], [demandsId()]];
  const over = (...told: readonly (readonly [number, readonly string[] | null])[]): Around => ({
    organizations: told.map(([n, contents]) => [day(n), organizationOf(contents, day(n))]),
  });

  it.each([
    [
      'a guardrail that is added resolves',
      twice(OPEN),
      over([1, none], [11, all]),
      [['resolved', 'guardrail-added', true, false]],
    ],
    [
      'one that is removed reopens nothing that never was open',
      twice(OPEN),
      over([1, all], [11, none]),
      [['new', 'guardrail-removed', false, true]],
    ],
    [
      'one that leaves less changes',
      twice(WIDER),
      over([1, none], [11, [demandsId({ except: VENDOR })]]),
      [['changed', 'guardrail-changed', true, true]],
    ],
    ['one that is on both sides closes both', twice(OPEN), over([1, all], [11, all]), []],
    [
      'evidence given first is not comparable',
      twice(OPEN),
      over([11, all]),
      [['not-comparable', 'guardrails-unknown', true, false]],
    ],
    [
      'evidence given first that closes in part is not comparable',
      twice(WIDER),
      over([11, [demandsId({ except: VENDOR })]]),
      [['not-comparable', 'guardrails-unknown', true, true]],
    ],
    ['evidence given first that closes nothing changes nothing', twice(OPEN), over([11, none]), []],
    [
      'evidence that is not whole any more is not comparable',
      twice(OPEN),
      over([1, all], [11, null]),
      [['not-comparable', 'guardrails-unknown', false, true]],
    ],
    [
      'a guard of the trust policy is told all the same',
      twice(OPEN, GUARDED),
      over([11, all]),
      [['resolved', 'guard-added', true, false]],
    ],
    [
      'a policy that opens under a guardrail is no finding',
      twice(CLOSED, OPEN),
      over([1, all], [11, all]),
      [],
    ],
    [
      'a policy that opens is new',
      twice(CLOSED, OPEN),
      over([1, none], [11, none]),
      [['new', 'policy-changed', false, true]],
    ],
  ] as const)('%s', (_what, captures, around, expected) => {
    const store = storeOf(captures, around);
    expect(diffs(store)).toEqual(expected);
    store.close();
  });

  it('reopens what was open before a guardrail came and went', () => {
    const captures = [1, 11, 21].map((n) => ({ at: day(n), roles: { Open: OPEN } }));
    const store = storeOf(captures, over([1, none], [11, all], [21, none]));
    const [finding] = findingsOf(openReport(store, { asOf: AT }), ['fail']);
    expect(finding).toMatchObject({ state: 'reopened', severity: 'medium' });
    expect(trendOf(store.reader, { kind: 'all' }, RULE, 'day')).toMatchObject([
      { fail: 1, new: 0, resolved: 0 },
      { fail: 0, new: 0, resolved: 1 },
      { fail: 1, new: 1, resolved: 0 },
    ]);
    store.close();
  });

  it('knows what was closed before the account left its organisation', () => {
    const store = storeOf(twice(OPEN), {
      organizations: [
        [day(2), organizationOf([demandsId()], day(2))],
        // Nothing is known of the account any more.
        [day(12), null],
      ],
    });
    const previous = { label: 'previous', scope: { kind: 'previous' } } as const;
    const { changes } = diffStore(store, previous, { label: 'latest', scope: { kind: 'all' } });
    expect([...changes]).toMatchObject([
      { change: 'not-comparable', cause: 'guardrails-unknown', fromVerdict: 'pass', toVerdict: 'fail' },
    ]);
    expect(trendOf(store.reader, { kind: 'all' }, RULE, 'day')).toMatchObject([{ fail: 0 }, { fail: 1 }]);
    store.close();
  });

  it('lets evidence of the organisation count that was exported after the account, until its next capture', () => {
    const captures = twice(OPEN);
    const store = storeOf(captures, over([2, all], [12, none]));
    // At a date, what came later does not count; at the look before, it does.
    expect(openReport(store, { asOf: AT, at: day(1) }).totals()).toMatchObject({ closed: 0 });
    expect(openReport(store, { asOf: AT, at: day(3) }).totals()).toMatchObject({ closed: 1 });
    expect(findingsOf(openReport(store, { asOf: AT }), ['fail'])).toMatchObject([{ state: 'new' }]);
    store.close();
  });

  it('does not let what was exported before the second capture count for the first, which has evidence of its own', () => {
    const store = storeOf(twice(OPEN), over([2, all], [10, none]));
    const previous = { label: 'previous', scope: { kind: 'previous' } } as const;
    const { changes } = diffStore(store, previous, { label: 'latest', scope: { kind: 'all' } });
    expect([...changes]).toMatchObject([{ change: 'new', cause: 'guardrail-removed' }]);
    expect(findingsOf(openReport(store, { asOf: AT }), ['fail'])).toMatchObject([{ state: 'new' }]);
    expect(trendOf(store.reader, { kind: 'all' }, RULE, 'day')).toMatchObject([
      { fail: 0, new: 0 },
      { fail: 1, new: 1 },
    ]);
    store.close();
  });

  it.each([
    ['what a guardrail closes passes the gate', over([1, all], [11, all]), { new: 0, 'not-comparable': 0 }],
    ['what it does not close any more fails it', over([1, all], [11, none]), { new: 1, 'not-comparable': 0 }],
    [
      'a hole in the evidence of the organisation fails it',
      over([1, all], [11, null]),
      { new: 0, 'not-comparable': 1 },
    ],
  ] as const)('%s', (_what, around, expected) => {
    const store = storeOf(twice(OPEN), around);
    expect(newFindings(store, 2, [], AT).gated).toMatchObject(expected);
    store.close();
  });
});
