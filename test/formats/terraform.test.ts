import { describe, expect, it } from 'vitest';
import { ACCOUNT, asTerraform, asText, json, OPEN, OTHER } from './five-roles.ts';
import { fixture, readWhole } from './read.ts';

describe('terraform', () => {
  it.each([
    ['a prefix of its name', { name_prefix: 'partner-' }],
    ['no name', {}],
  ])('judges a planned role with %s under its address', async (_, names) => {
    const after = { ...names, path: '/team/', assume_role_policy: asText(OPEN) };
    const change = { actions: ['create'], before: null, after, after_unknown: { arn: true, name: true } };
    const plan = json({
      format_version: '1.2',
      planned_values: {},
      resource_changes: [{ address: 'module.a["x"].aws_iam_role.b', type: 'aws_iam_role', change }],
    });
    const { roles } = await readWhole(plan, { account: ACCOUNT });
    expect(roles).toMatchObject([
      {
        arn: `arn:aws:iam::${ACCOUNT}:role/team/module.a["x"].aws_iam_role.b`,
        trust: { state: 'document', text: asText(OPEN) },
      },
    ]);
    const unnamed = await readWhole(plan);
    expect(unnamed.rejects).toMatchObject([{ code: 'arn-missing' }]);
    expect(unnamed.codes).toEqual(['account-unknown']);
  });

  const plan = (change: object) =>
    json({
      format_version: '1.2',
      resource_changes: [{ address: 'aws_iam_role.x', mode: 'managed', type: 'aws_iam_role', change }],
    });
  const created = {
    name: 'Open',
    path: '/team/',
    assume_role_policy: asText(OPEN),
    tags: { a: 'do-not-show' },
  };

  it('needs the account of a role that is not there yet', async () => {
    const content = plan({ actions: ['create'], before: null, after: created, after_unknown: { arn: true } });
    const without = await readWhole(content);
    expect(without.rejects).toMatchObject([{ code: 'arn-missing', pointer: '/resource_changes/0' }]);
    expect(without.codes).toEqual(['account-unknown']);
    expect(without.reading.problems[0]?.message).toContain('--account');
    const { roles } = await readWhole(content, { account: OTHER });
    expect(roles).toMatchObject([
      { arn: `arn:aws:iam::${OTHER}:role/team/Open`, trust: { text: asText(OPEN) } },
    ]);
  });

  it('takes no name that is none', async () => {
    const content = plan({ actions: ['create'], before: null, after: { ...created, name: 'a/../b' } });
    expect((await readWhole(content, { account: OTHER })).rejects).toMatchObject([{ code: 'arn-missing' }]);
  });

  it('says so when the policy is not known yet', async () => {
    const { assume_role_policy, ...known } = asTerraform(OPEN);
    expect(assume_role_policy).toBeDefined();
    const change = {
      actions: ['update'],
      before: asTerraform(OPEN),
      after: known,
      after_unknown: { assume_role_policy: true },
    };
    expect((await readWhole(plan(change))).roles).toMatchObject([
      {
        trust: { state: 'undecodable', reason: expect.stringMatching(/when the plan is applied/) as string },
      },
    ]);
  });

  it('reads what is there before a destruction', async () => {
    const change = { actions: ['delete'], before: asTerraform(OPEN), after: null, after_unknown: {} };
    expect((await readWhole(plan(change))).roles).toMatchObject([
      { roleName: 'Open', trust: { state: 'document' } },
    ]);
  });

  it('says when planned roles could not be read', async () => {
    const content = json({
      format_version: '1.2',
      planned_values: { root_module: { resources: [{ type: 'aws_iam_role', values: asTerraform(OPEN) }] } },
    });
    const { reading, roles } = await readWhole(content);
    expect(roles).toEqual([]);
    expect(reading.status).toBe('incomplete');
  });

  const state = { version: 4, serial: 1, lineage: 'l', outputs: {} };
  const shown = (root_module: object) => ({ format_version: '1.0', values: { root_module } });

  it.each([
    { ...state, resources: [] },
    { ...state, version: 3, modules: [{ path: ['root'], resources: {} }] },
    shown({}),
  ])('knows a state in which nothing is: %j', async (empty) => {
    const { reading } = await readWhole(json(empty));
    expect(reading).toMatchObject({ format: 'terraform-state', status: 'complete', problems: [] });
  });

  it.each([state, { ...state, resourced: [{ type: 'aws_iam_role' }] }, shown({ resourced: [] })])(
    'takes none for empty that does not say so: %j',
    async (damaged) => {
      const { reading, codes } = await readWhole(json(damaged));
      expect(reading).toMatchObject({ format: 'terraform-state', status: 'incomplete' });
      expect(codes).toEqual(['no-roles']);
    },
  );

  it('shows nothing of other values', async () => {
    for (const name of ['terraform-state.json', 'terraform-plan.json']) {
      const text = fixture(name).toString();
      for (const content of [text, text.slice(0, -20), text.replaceAll('"arn":', '"arm":')]) {
        const { events, reading } = await readWhole(content);
        expect(JSON.stringify([events, reading])).not.toContain('do-not-show');
      }
    }
  });
});
