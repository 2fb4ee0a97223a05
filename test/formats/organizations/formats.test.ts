import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FormatEvent, ReadOptions } from '../../../src/formats/shared/file-reading.ts';
import { OrganizationFacts } from '../../../src/formats/shared/organizations/facts.ts';
import { Sink } from '../../../src/formats/shared/sink.ts';
import { assembleOrganizations } from '../../../src/model/organizations/assemble.ts';
import type { DatedFact } from '../../../src/model/organizations/fact.ts';
import { json } from '../five-roles.ts';
import { fixtureOf, ORGANIZATION_PATH, readContent } from '../read.ts';

const ORG = 'o-exampleorg1';
const [MANAGEMENT, WORKLOAD, SANDBOX] = ['111122223333', '222233334444', '333344445555'] as const;
const [ROOT, OUTER, INNER] = ['r-ab12', 'ou-ab12-11111111', 'ou-ab12-22222222'] as const;
const PATH = `${ORG}/${ROOT}/${OUTER}/${INNER}/`;
const FULL = 'arn:aws:organizations::aws:policy/resource_control_policy/p-RCPFullAWSAccess';
const arn = (type: string, id: string) => `arn:aws:organizations::${MANAGEMENT}:${type}/${ORG}/${id}`;
const OWN = arn('policy', 'resource_control_policy/p-perimeter1');
const DENY = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sts:AssumeRole', Resource: '*' }],
};

type File = readonly [path: string, content: string | Buffer, options?: Partial<ReadOptions>];

/** Reads files as if they were of one scan, and puts together what they say. */
async function read(...files: readonly File[]) {
  const facts: DatedFact[] = [];
  const rejects: (readonly [string, string, string])[] = [];
  const formats: (string | null)[] = [];
  const codes: string[] = [];
  for (const [path, content, options] of files) {
    const found = await readContent(content, options, path);
    const counts = found.events.map(countOf).reduce((sum, count) => sum + count, found.rejects.length);
    expect(found.reading.recordsRead).toBe(counts + found.roles.length);
    formats.push(found.reading.format);
    codes.push(...found.codes);
    rejects.push(...found.rejects.map(({ code, pointer, message }) => [code, pointer, message] as const));
    for (const event of found.events) {
      if (event.kind !== 'organization') continue;
      const { capturedAt } = event.capture;
      facts.push(...event.capture.facts.map((fact) => ({ ...fact, at: capturedAt.slice(0, -1) })));
    }
  }
  const assembled = assembleOrganizations(facts);
  const [organization] = assembled.organizations;
  return {
    formats,
    rejects,
    codes,
    problems: assembled.problems.map(({ code }) => code),
    organization,
    path: (account: string) => organization?.members.get(account)?.path ?? null,
    policies: (account: string) =>
      organization
        ?.policiesOf(account)
        .policies?.map(({ id, targets }) => `${id} at ${targets.join(', ')}`) ?? null,
  };
}

function countOf(event: FormatEvent): number {
  return event.kind === 'organization' ? event.capture.accepted + event.capture.duplicate : 0;
}

describe('the document of the script', () => {
  const document = JSON.parse(fixtureOf('organization').toString()) as {
    accounts: { Id: string }[];
    parents: Record<string, string>;
    policies: Record<string, unknown>[];
    roots: { PolicyTypes: unknown[] }[];
  };
  const changed = (change: (copy: typeof document) => unknown): File => {
    const copy = structuredClone(document);
    change(copy);
    return ['organization.json', json(copy)];
  };

  it('says all of an organisation', async () => {
    const found = await read(['organization.json', fixtureOf('organization')]);
    expect(found).toMatchObject({ formats: ['organization'], rejects: [], codes: [], problems: [] });
    expect(found.organization).toMatchObject({ id: ORG, managementAccount: MANAGEMENT, membersWhole: true });
    expect(found.organization?.members.get(WORKLOAD)).toMatchObject({
      name: 'Workload',
      status: 'ACTIVE',
      path: PATH,
    });
    expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}, ${WORKLOAD}`]);
    expect(found.policies(SANDBOX)).toEqual([]);
  });

  it('counts every organisation, account, unit, parent and policy', async () => {
    const { reading, events } = await readContent(fixtureOf('organization'), {}, 'organization.json');
    expect(reading).toMatchObject({
      recordsRead: 13,
      recordsRejected: 0,
      capturedAt: '2026-02-01T00:00:00Z',
    });
    expect(events).toMatchObject([{ kind: 'organization', capture: { accepted: 13, duplicate: 0 } }]);
    const twice = await readContent(
      changed((copy) => copy.accounts.push(...copy.accounts.slice(0, 1)))[1],
      {},
      'organization.json',
    );
    expect(twice.events).toMatchObject([{ capture: { accepted: 13, duplicate: 1 } }]);
  });

  it('is told by its accounts where a long list of them stands before all else', async () => {
    const others = Array.from({ length: 1500 }, (_, index) => {
      const id = String(700_000_000_000 + index);
      return { Arn: arn('account', id), Id: id, Name: 'x'.repeat(100), Status: 'ACTIVE' };
    });
    const { accounts, ...rest } = document;
    const found = await read(['organization.json', json({ accounts: [...others, ...accounts], ...rest })]);
    expect(found).toMatchObject({ formats: ['organization'], rejects: [], codes: [] });
    expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}, ${WORKLOAD}`]);
  });

  it('may say itself of which time it is', async () => {
    const content = json({ capturedAt: '2026-03-04T05:06:07Z', ...document });
    const { reading } = await readContent(content, {}, 'organization-20250101T000000Z.json');
    expect(reading).toMatchObject({ capturedAt: '2026-03-04T05:06:07Z', capturedFrom: 'evidence' });
  });

  it('says that no policy applies where the type is not enabled', async () => {
    const file = changed((copy) => {
      for (const root of copy.roots) root.PolicyTypes = [];
      copy.policies = [];
    });
    expect((await read(file)).policies(WORKLOAD)).toEqual([]);
  });

  it.each<readonly [string, (copy: typeof document) => unknown, string, string, string]>([
    [
      'an account without an id',
      ({ accounts }) => void delete (accounts[1] as { Id?: string }).Id,
      'organization-record-invalid',
      '/accounts/1',
      'does not name an account',
    ],
    [
      'a parent that is none',
      ({ parents }) => Object.assign(parents, { [WORKLOAD]: 'Labs' }),
      'organization-record-invalid',
      `/parents/${WORKLOAD}`,
      '`Labs` is not the id of a unit or root',
    ],
    [
      'text that breaks off',
      ({ policies }) => Object.assign(policies[1] ?? {}, { Content: '{"Version":' }),
      'organization-policy-damaged',
      '/policies/1',
      'ends too early',
    ],
    [
      'no text',
      ({ policies }) => Object.assign(policies[1] ?? {}, { Content: null }),
      'organization-policy-damaged',
      '/policies/1',
      'missing',
    ],
    [
      'a placeholder',
      ({ policies }) =>
        Object.assign(policies[1] ?? {}, {
          Content: json({
            ...DENY,
            Statement: [
              {
                ...DENY.Statement[0],
                Condition: { StringNotEquals: { 'aws:PrincipalOrgID': '<my-org-id>' } },
              },
            ],
          }),
        }),
      'organization-policy-damaged',
      '/policies/1',
      '<my-org-id>',
    ],
    [
      'a template variable',
      ({ policies }) =>
        Object.assign(policies[1] ?? {}, { Content: json(DENY).replace('"*"', '"${ORG_ID}"') }),
      'organization-policy-damaged',
      '/policies/1',
      '${ORG_ID}',
    ],
    [
      'a text that is no policy',
      ({ policies }) => Object.assign(policies[1] ?? {}, { Content: '{}' }),
      'organization-policy-damaged',
      '/policies/1',
      'no `Statement`',
    ],
    [
      'a target that is none',
      ({ policies }) => Object.assign(policies[1] ?? {}, { targets: [{ TargetId: 'Workloads' }] }),
      'organization-record-invalid',
      '/policies/1',
      '`Workloads`',
    ],
    [
      'a policy without a type',
      ({ policies }) => Object.assign(policies[1] ?? {}, { Type: null, Arn: null }),
      'organization-record-invalid',
      '/policies/1',
      'of which type',
    ],
  ])('rejects %s, with its place, and keeps the rest', async (_, change, code, pointer, words) => {
    const found = await read(changed(change));
    expect(found.rejects).toHaveLength(1);
    expect(found.rejects[0]?.slice(0, 2)).toEqual([code, pointer]);
    expect(found.rejects[0]?.[2]).toContain(words);
    expect(found.rejects[0]?.[2]).not.toContain('\n');
    expect(found.path(MANAGEMENT)).toBe(`${ORG}/${ROOT}/`);
    // Neither a guardrail nor none, and no list that it may be missing in.
    if (pointer.startsWith('/policies')) expect(found.policies(WORKLOAD)).toBeNull();
    if (pointer.startsWith('/parents')) expect(found.policies(WORKLOAD)).toBeNull();
    if (pointer.startsWith('/accounts')) expect(found.organization?.membersWhole).toBe(false);
  });

  it('takes a parent that is written twice for none', async () => {
    const content = fixtureOf('organization')
      .toString()
      .replace('"parents": {', `"parents": {"${WORKLOAD}": "${ROOT}",`);
    const found = await read(['organization.json', content]);
    expect(found.rejects.map(([code]) => code)).toEqual(['organization-two-parents']);
    expect(found.problems).toEqual(['organization-two-parents']);
    expect(found.policies(WORKLOAD)).toBeNull();
    expect(found.policies(SANDBOX)).toEqual([]);
  });

  it('needs to know where a policy is attached', async () => {
    const found = await read(changed(({ policies }) => void delete policies[1]?.['targets']));
    expect(found.codes).toEqual(['organization-targets-missing']);
    expect(found.policies(SANDBOX)).toBeNull();
  });

  it('says nothing by a list that is null', async () => {
    const policies = await read(changed((copy) => Object.assign(copy, { policies: null })));
    expect(policies).toMatchObject({ organization: { showsPolicies: false }, codes: [], problems: [] });
    const accounts = await read(changed((copy) => Object.assign(copy, { accounts: null })));
    expect(accounts).toMatchObject({ organization: { membersWhole: false }, codes: [], problems: [] });
    const none = await read(changed((copy) => Object.assign(copy, { policies: [] })));
    expect(none.policies(WORKLOAD)).toEqual([]);
  });

  it('takes from older evidence nothing of what it should have said itself', async () => {
    const dated = (content: unknown, at: string): File => [
      `organization-${at}.json`,
      typeof content === 'string' ? content : json(content),
      { capturedAt: `${at.slice(0, 4)}-${at.slice(4, 6)}-${at.slice(6)}` },
    ];
    const { capturedAt: _, ...plain } = document as typeof document & { capturedAt?: string };
    const older = dated(plain, '20260101');
    const content = json(plain);
    const cut = content.slice(0, content.indexOf('"policies"') + 60);
    expect((await read(older)).policies(WORKLOAD)).not.toBeNull();
    expect((await read(older, dated(cut, '20260201'))).policies(WORKLOAD)).toBeNull();
    const nameless = structuredClone(plain);
    delete nameless.policies[1]?.['Id'];
    expect((await read(older, dated(nameless, '20260201'))).policies(WORKLOAD)).toBeNull();
    // It holds its peace on policies.
    const { policies: _policies, ...silent } = plain;
    expect((await read(older, dated(silent, '20260201'))).policies(WORKLOAD)).not.toBeNull();
    // A whole file of that moment says it.
    const mended = dated(plain, '20260201');
    expect((await read(older, dated(cut, '20260201'), mended)).policies(WORKLOAD)).not.toBeNull();
  });

  it('is no list of all accounts where it breaks off', async () => {
    const content = fixtureOf('organization').toString();
    const found = await read(['organization.json', content.slice(0, content.indexOf('"policies"') - 5)]);
    expect(found.codes).toEqual(['json-truncated']);
    expect(found.organization).toMatchObject({ membersWhole: false });
    expect(found.policies(SANDBOX)).toBeNull();
  });
});

describe('a folder of iam-collect', () => {
  const below = (name: string) => ORGANIZATION_PATH.replace('accounts.json', name);
  const metadata = {
    id: ORG,
    arn: `arn:aws:organizations::${MANAGEMENT}:organization/${ORG}`,
    rootOu: ROOT,
    rootAccountId: MANAGEMENT,
    features: { RESOURCE_CONTROL_POLICY: true },
  };
  const units = {
    [ROOT]: { scps: [], rcps: [FULL] },
    [OUTER]: { parent: ROOT, scps: [], rcps: [FULL] },
    [INNER]: { parent: OUTER, scps: [], rcps: [FULL] },
  };
  const structure = {
    [ROOT]: {
      children: { [OUTER]: { children: { [INNER]: { accounts: [arn('account', WORKLOAD)] } } } },
      accounts: [arn('account', MANAGEMENT), arn('account', SANDBOX)],
    },
  };
  const files: readonly File[] = [
    [below('metadata.json'), json(metadata)],
    [below('accounts.json'), fixtureOf('iam-collect-organization')],
    [below('ous.json'), json(units)],
    [below('structure.json'), json(structure)],
    [below('rcps/p-perimeter1/policy.json'), json(DENY)],
  ];
  const with_ = (name: string, content: unknown): readonly File[] =>
    files.map((file) => (file[0] === below(name) ? [file[0], json(content)] : file));

  it('says all of an organisation, in any order of its files', async () => {
    for (const order of [files, files.toReversed()]) {
      const found = await read(...order);
      expect(found).toMatchObject({ rejects: [], codes: [], problems: [] });
      expect(new Set(found.formats)).toEqual(new Set(['iam-collect-organization']));
      expect(found.organization).toMatchObject({
        id: ORG,
        managementAccount: MANAGEMENT,
        membersWhole: true,
      });
      expect(found.path(WORKLOAD)).toBe(PATH);
      expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${WORKLOAD}`]);
      expect(found.policies(SANDBOX)).toEqual([]);
    }
  });

  it.each(['accounts.json', 'ous.json', 'rcps/p-perimeter1/policy.json'])(
    'does not hold without %s',
    async (name) => {
      const found = await read(...files.filter(([path]) => path !== below(name)));
      expect(found.policies(WORKLOAD)).toBeNull();
    },
  );

  it('writes ids of policies as ARNs do, whatever folders do', async () => {
    const accounts = fixtureOf('iam-collect-organization').toString().replace('p-perimeter1', 'p-Perimeter1');
    const found = await read(
      ...files.map((file): File => (file[0] === below('accounts.json') ? [file[0], accounts] : file)),
    );
    expect(found.policies(WORKLOAD)).toEqual([`p-Perimeter1 at ${WORKLOAD}`]);
  });

  it('rejects an account below two units', async () => {
    const twice = structuredClone(structure);
    twice[ROOT].accounts.push(arn('account', WORKLOAD));
    const found = await read(...with_('structure.json', twice));
    expect(found.rejects.map(([code, pointer]) => [code, pointer])).toEqual([
      ['organization-two-parents', `/${ROOT}/accounts/2`],
    ]);
    expect(found.policies(WORKLOAD)).toBeNull();
    expect(found.policies(SANDBOX)).toEqual([]);
  });

  it('rejects what is no resource control policy', async () => {
    const other = {
      ...units,
      [OUTER]: { parent: ROOT, rcps: [arn('policy', 'service_control_policy/p-scp000001')] },
    };
    const found = await read(...with_('ous.json', other));
    expect(found.rejects.map(([code, pointer]) => [code, pointer])).toEqual([
      ['organization-record-invalid', `/${OUTER}`],
    ]);
    expect(found.policies(WORKLOAD)).toBeNull();
  });

  it('misses a policy that is attached and not there', async () => {
    const found = await read(...files.slice(0, 4));
    expect(found.problems).toEqual(['organization-policy-unknown']);
  });

  it('reads what should be there, whatever became of it', async () => {
    const found = await read(
      [below('accounts.json'), '{}'],
      [below('rcps/p-perimeter1/policy.json'), '{"Version":"2012-10-17","Statement":['],
    );
    expect(found.codes).toEqual(['organization-record-invalid', 'json-truncated']);
    const { reading } = await readContent('<html>', {}, below('ous.json'));
    expect(reading.status).toBe('unreadable');
  });

  it('leaves service control policies, and other files, aside', async () => {
    for (const name of [
      'scps/p-scp000001/policy.json',
      `ous/${OUTER}/metadata.json`,
      'rcps/p-perimeter1/metadata.json',
    ]) {
      const { reading } = await readContent(json({ arn: OWN, name: 'x' }), {}, below(name));
      expect(reading).toMatchObject({
        status: 'complete',
        format: null,
        problems: [{ code: 'not-evidence' }],
      });
    }
  });
});

describe('outputs of aws organizations', () => {
  const summary = {
    Id: 'p-perimeter1',
    Arn: OWN,
    Name: 'Perimeter',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: false,
  };
  const full = {
    Id: 'p-RCPFullAWSAccess',
    Arn: FULL,
    Name: 'RCPFullAWSAccess',
    Type: 'RESOURCE_CONTROL_POLICY',
    AwsManaged: true,
  };
  const ou = (id: string) => ({ Id: id, Arn: arn('ou', id), Name: id });
  const files: readonly File[] = [
    [
      'describe-organization.json',
      json({ Organization: { Id: ORG, MasterAccountId: MANAGEMENT, FeatureSet: 'ALL' } }),
    ],
    [
      'list-roots.json',
      json({ Roots: [{ Id: ROOT, Arn: arn('root', ROOT), Name: 'Root', PolicyTypes: [] }] }),
    ],
    ['list-accounts.json', fixtureOf('organizations-cli')],
    [`list-organizational-units-for-parent-${ROOT}.json`, json({ OrganizationalUnits: [ou(OUTER)] })],
    [`list-children-${OUTER}.json`, json({ Children: [{ Id: INNER, Type: 'ORGANIZATIONAL_UNIT' }] })],
    [`list-parents-${WORKLOAD}.json`, json({ Parents: [{ Id: INNER, Type: 'ORGANIZATIONAL_UNIT' }] })],
    [
      `list-accounts-for-parent-${ROOT}.json`,
      json({ Accounts: [{ Id: SANDBOX, Arn: arn('account', SANDBOX), Name: 'Sandbox', Status: 'ACTIVE' }] }),
    ],
    ['list-policies.json', json({ Policies: [full, summary] })],
    ['describe-policy.json', json({ Policy: { PolicySummary: summary, Content: json(DENY) } })],
    [
      'list-targets-for-policy-p-perimeter1.json',
      json({ Targets: [{ TargetId: OUTER, Arn: arn('ou', OUTER), Name: 'x', Type: 'ORGANIZATIONAL_UNIT' }] }),
    ],
  ];
  const enabled = (file: File): File =>
    file[0] === 'list-roots.json'
      ? [
          file[0],
          json({
            Roots: [
              {
                Id: ROOT,
                Arn: arn('root', ROOT),
                PolicyTypes: [{ Type: 'RESOURCE_CONTROL_POLICY', Status: 'ENABLED' }],
              },
            ],
          }),
        ]
      : file;

  it('say together what the script does', async () => {
    const found = await read(...files.map(enabled));
    expect(found).toMatchObject({ rejects: [], codes: [], problems: [] });
    expect(new Set(found.formats)).toEqual(new Set(['organizations-cli']));
    expect(found.organization).toMatchObject({ id: ORG, managementAccount: MANAGEMENT, membersWhole: true });
    expect(found.path(WORKLOAD)).toBe(PATH);
    expect(found.path(SANDBOX)).toBe(`${ORG}/${ROOT}/`);
    expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}`]);
  });

  it('contradict themselves where policies are attached and not enabled', async () => {
    expect((await read(...files)).problems).toEqual(['organization-conflict']);
  });

  it('are no list of all accounts where nothing says so', async () => {
    for (const [name, whole] of [
      ['accounts.json', false],
      [`list-accounts-for-parent-${ROOT}.json`, false],
      ['list-accounts.json', true],
    ] as const) {
      const found = await read([name, fixtureOf('organizations-cli')]);
      expect(found.organization?.members.size).toBe(3);
      expect(found.organization?.membersWhole).toBe(whole);
      expect(found.codes).toEqual(name === 'accounts.json' ? ['organization-list-unstated'] : []);
    }
    const asked = await read(['accounts.json', fixtureOf('organizations-cli'), { whole: true }]);
    expect(asked.organization?.membersWhole).toBe(true);
    const page = fixtureOf('organizations-cli')
      .toString()
      .replace(/\}\s*$/, ',"NextToken":"abc"}');
    const cut = await read(['list-accounts.json', page]);
    expect(cut).toMatchObject({ codes: ['next-page-missing'], organization: { membersWhole: false } });
  });

  it('list the policies of one target with that of AWS, or not all', async () => {
    const base = files.map(enabled).filter(([name]) => !name.startsWith('list-policies'));
    const of = (target: string, ...policies: readonly unknown[]): File => [
      `list-policies-for-target-${target}.json`,
      json({ Policies: policies }),
    ];
    const lists = [of(ROOT, full), of(OUTER, full, summary), of(INNER, full), of(WORKLOAD, full)];
    expect((await read(...base, ...lists)).policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}`]);
    expect((await read(...base, ...lists.slice(1), of(ROOT, summary))).policies(WORKLOAD)).toBeNull();
  });

  it('say that a policy is attached to nothing', async () => {
    const name = 'list-targets-for-policy-p-perimeter1.json';
    const emptied = files
      .map(enabled)
      .map((file): File => (file[0] === name ? [name, json({ Targets: [] })] : file));
    expect(emptied.map(([path]) => path)).toContain(name);
    const found = await read(...emptied);
    expect(found).toMatchObject({ codes: [], problems: ['organization-policy-unattached'] });
    expect(found.policies(WORKLOAD)).toEqual([]);
    const { reading } = await readContent(json({ Parents: [] }), {}, `list-parents-${WORKLOAD}.json`);
    expect(reading.problems.map(({ code }) => code)).toEqual(['organization-record-invalid']);
    const leaf = await readContent(json({ Children: [] }), {}, `list-children-${INNER}.json`);
    expect(leaf.reading).toMatchObject({ format: 'organizations-cli', status: 'complete', problems: [] });
  });

  it('that do not say of what they are are left aside with a line that says so', async () => {
    for (const name of [
      'list-parents.json',
      'list-children.json',
      'list-targets.json',
      `list-parents-${WORKLOAD}-${SANDBOX}.json`,
    ]) {
      const content = name.includes('targets')
        ? { Targets: [{ TargetId: ROOT, Type: 'ROOT' }] }
        : { [name.includes('children') ? 'Children' : 'Parents']: [{ Id: ROOT, Type: 'ROOT' }] };
      const { reading } = await readContent(json(content), {}, name);
      expect(reading).toMatchObject({
        format: null,
        status: 'complete',
        problems: [{ code: 'not-evidence' }],
      });
      expect(reading.problems[0]?.message).toContain('does not say of what it is');
    }
  });

  it('of service control policies guard no role', async () => {
    const scp = {
      ...summary,
      Id: 'p-scp000001',
      Arn: arn('policy', 'service_control_policy/p-scp000001'),
      Type: 'SERVICE_CONTROL_POLICY',
    };
    const { reading, events } = await readContent(
      json({ Policy: { PolicySummary: scp, Content: '{}' } }),
      {},
      'x.json',
    );
    expect(events).toEqual([]);
    expect(reading).toMatchObject({
      status: 'complete',
      recordsRead: 0,
      problems: [{ code: 'not-evidence' }],
    });
  });
});

describe('tables of Steampipe', () => {
  const account = {
    id: WORKLOAD,
    name: 'Workload',
    arn: arn('account', WORKLOAD),
    joined_method: 'CREATED',
    status: 'ACTIVE',
    parent_id: OUTER,
  };
  const unit = { id: OUTER, name: 'x', arn: arn('ou', OUTER), parent_id: ROOT };
  const target = (policy: string, id: string) => ({
    target_id: id,
    id: policy,
    arn: policy === 'p-perimeter1' ? OWN : FULL,
    type: 'RESOURCE_CONTROL_POLICY',
    name: policy,
  });
  const targets = [ROOT, OUTER, WORKLOAD].flatMap((node) => [
    target('p-RCPFullAWSAccess', node),
    ...(node === OUTER ? [target('p-perimeter1', node)] : []),
  ]);

  it('say together what an organisation is', async () => {
    const found = await read(
      ['policies.json', fixtureOf('steampipe-organizations')],
      ['targets.json', json(targets)],
      ['accounts.json', json({ rows: [account] })],
      ['units.json', json([unit])],
    );
    expect(found).toMatchObject({ rejects: [], codes: ['organization-list-unstated'], problems: [] });
    expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}`]);
    expect(found.organization?.membersWhole).toBe(false);
    const whole = await read(['accounts.json', json([account]), { whole: true }]);
    expect(whole.organization?.membersWhole).toBe(true);
  });

  it('are read as CSV, too', async () => {
    const csv = `id,name,arn,type,aws_managed,content\np-perimeter1,Perimeter,${OWN},RESOURCE_CONTROL_POLICY,false,"${json(DENY).replaceAll('"', '""')}"\n`;
    const rows = targets.map((row) => `${row.target_id},${row.id},${row.arn},${row.type}`).join('\n');
    const found = await read(
      ['policies.csv', csv],
      ['targets.csv', `target_id,id,arn,type\n${rows}\n`],
      [
        'accounts.csv',
        `id,name,arn,joined_method,status,parent_id\n${WORKLOAD},Workload,${account.arn},CREATED,ACTIVE,${OUTER}\n`,
      ],
      [
        'units.csv',
        `name,id,arn,parent_id,path\n${[unit].map((one) => `Labs,${one.id},${one.arn},${one.parent_id},x`).join('\n')}\n`,
      ],
    );
    expect(found.formats).toEqual(Array(4).fill('steampipe-organizations'));
    expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}`]);
  });

  it('have the texts of policies in the table of targets, too', async () => {
    const withText = (content: unknown) =>
      targets.map((row) => ({ ...row, content: row.id === 'p-perimeter1' ? content : null }));
    for (const content of [DENY, json(DENY)]) {
      const found = await read(
        ['targets.json', json({ rows: withText(content) })],
        ['accounts.json', json([account])],
        ['units.json', json([unit])],
      );
      expect(found.rejects).toEqual([]);
      expect(found.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}`]);
    }
    const damaged = await read(
      ['targets.json', json(withText('{"Statement": [{'))],
      ['accounts.json', json([account])],
      ['units.json', json([unit])],
    );
    expect(damaged.rejects.map(([code]) => code)).toEqual(['organization-policy-damaged']);
    expect(damaged.policies(WORKLOAD)).toBeNull();
  });

  it('show the management account in their ARNs, unless another file names it', async () => {
    const table = ['accounts.json', json([account])] as const;
    expect((await read(table)).organization?.managementAccount).toBe(MANAGEMENT);
    const two = json([account, { ...unit, arn: unit.arn.replace(MANAGEMENT, WORKLOAD) }]);
    expect((await read(['two.json', two])).organization?.managementAccount).toBeNull();
    const described = { Organization: { Id: ORG, MasterAccountId: '999988887777' } };
    const named = await read(table, ['describe-organization.json', json(described)]);
    expect(named.organization?.managementAccount).toBe('999988887777');
  });

  it('do not say that they show all policies of a target', async () => {
    const some = targets.filter(({ target_id, id }) => target_id !== ROOT || id === 'p-perimeter1');
    const found = await read(
      ['policies.json', fixtureOf('steampipe-organizations')],
      ['targets.json', json([...some, target('p-perimeter1', ROOT)])],
      ['accounts.json', json([account])],
      ['units.json', json([unit])],
    );
    expect(found.policies(WORKLOAD)).toBeNull();
  });
});

describe('a Terraform state', () => {
  const resource = (type: string, attributes: object) => ({
    mode: 'managed',
    type,
    name: 'x',
    instances: [{ attributes }],
  });
  const state = {
    version: 4,
    serial: 1,
    lineage: 'x',
    resources: [
      resource('aws_organizations_organization', { id: ORG, master_account_id: MANAGEMENT }),
      resource('aws_organizations_account', {
        id: WORKLOAD,
        arn: arn('account', WORKLOAD),
        name: 'Workload',
        parent_id: OUTER,
      }),
      resource('aws_organizations_organizational_unit', {
        id: OUTER,
        arn: arn('ou', OUTER),
        parent_id: ROOT,
      }),
      resource('aws_organizations_policy', {
        id: 'p-perimeter1',
        arn: OWN,
        name: 'Perimeter',
        type: 'RESOURCE_CONTROL_POLICY',
        content: json(DENY),
      }),
      resource('aws_organizations_policy', {
        id: 'p-scp000001',
        type: 'SERVICE_CONTROL_POLICY',
        content: '{}',
      }),
      resource('aws_organizations_policy_attachment', {
        id: `${OUTER}:p-perimeter1`,
        policy_id: 'p-perimeter1',
        target_id: OUTER,
      }),
      resource('aws_organizations_policy_attachment', {
        id: `${OUTER}:p-scp000001`,
        policy_id: 'p-scp000001',
        target_id: OUTER,
      }),
      resource('aws_s3_object', { id: 'x', content: 'secret' }),
    ],
  };

  it('says what Terraform manages, which is never all', async () => {
    const found = await read(['terraform.tfstate', json(state)]);
    expect(found).toMatchObject({ formats: ['terraform-state'], rejects: [], codes: [], problems: [] });
    expect(found.organization).toMatchObject({ id: ORG, managementAccount: MANAGEMENT, membersWhole: false });
    expect(found.path(WORKLOAD)).toBe(`${ORG}/${ROOT}/${OUTER}/`);
    expect(found.policies(WORKLOAD)).toBeNull();
    // With the lists of another export it is.
    const lists = [ROOT, OUTER, WORKLOAD].map((target_id) => ({
      target_id,
      id: 'p-RCPFullAWSAccess',
      arn: FULL,
      type: 'RESOURCE_CONTROL_POLICY',
    }));
    const own = { target_id: OUTER, id: 'p-perimeter1', arn: OWN, type: 'RESOURCE_CONTROL_POLICY' };
    const both = await read(['terraform.tfstate', json(state)], ['targets.json', json([...lists, own])]);
    expect(both.policies(WORKLOAD)).toEqual([`p-perimeter1 at ${OUTER}`]);
  });

  it('keeps nothing of other resources', async () => {
    const { events } = await readContent(json(state), {}, 'terraform.tfstate');
    expect(JSON.stringify(events)).not.toContain('secret');
  });
});

it('docs/collect.md says every key that is read', () => {
  const page = readFileSync(new URL('../../../docs/collect.md', import.meta.url), 'utf8');
  for (const key of ['capturedAt', 'organization', 'roots', 'accounts', 'parents', 'policies'])
    expect(page).toContain(`| \`${key}\` |`);
});

it('a file that holds more than any organisation is not followed to its end', () => {
  const sink = new Sink({});
  const facts = new OrganizationFacts(sink);
  const place = { offset: 0, pointer: '' };
  facts.organization(place, { organization: ORG, management: MANAGEMENT });
  for (let index = 0; index < 500_000; index++)
    facts.attachment(place, ORG, `p-${String(index).padStart(8, '0')}`, ROOT, true);
  facts.account(place, { organization: ORG, account: WORKLOAD, name: 'Workload' });
  facts.end({ at: '2026-01-01T00:00:00Z', from: 'option' }, ['accounts']);
  const events = sink.take();
  const rejects = events.flatMap((event) => (event.kind === 'reject' ? [event.reject.code] : []));
  expect(rejects).toEqual(['organization-too-large', 'organization-too-large']);
  const kinds = events.flatMap((event) =>
    event.kind === 'organization' ? event.capture.facts.map(({ kind }) => kind) : [],
  );
  expect(kinds.length).toBe(500_001);
  expect(kinds).toContain('policies-lost');
  expect(kinds).not.toContain('accounts');
  expect(sink.recordsRead).toBe(500_002);
});
