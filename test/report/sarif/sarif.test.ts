import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/model/exposure.ts';
import type { ReportSource } from '../../../src/model/report-source.ts';
import type { VerdictObject } from '../../../src/model/verdict.ts';
import { renderSarif } from '../../../src/report/sarif/index.ts';
import { evidenceUri } from '../../../src/report/sarif/text.ts';
import type { ReportOptions } from '../../../src/report/shared/options.ts';
import { HOSTILE, hostileSource } from '../hostile-source.ts';
import { sampleOrganisation } from '../sample-organisation.ts';
import { makeEvidence, makeVerdict, memorySource, OWN, RULES, SHA } from '../sample-source.ts';
import { renderToString } from '../sink.ts';
import { sarifValidator } from './sarif-schema.ts';

interface Located {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: { readonly startLine: number; readonly byteOffset: number };
  };
  readonly logicalLocations: readonly Record<string, string>[];
}

interface Result {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly kind: string;
  readonly level: string;
  readonly message: { readonly text: string };
  readonly locations: readonly [Located];
  readonly baselineState?: string;
  readonly partialFingerprints: Readonly<Record<string, string>>;
  readonly suppressions: readonly Record<string, string>[];
  readonly properties: Readonly<Record<string, unknown>>;
}

interface Notification {
  readonly descriptor: { readonly id: string; readonly index: number };
  readonly level: string;
  readonly message: { readonly text: string };
  readonly properties?: Readonly<Record<string, unknown>>;
}

interface Run {
  readonly tool: {
    readonly driver: {
      readonly version?: string;
      readonly rules: readonly Record<string, unknown>[];
      readonly notifications: readonly { readonly id: string }[];
    };
  };
  readonly invocations: readonly [
    {
      readonly executionSuccessful: boolean;
      readonly toolExecutionNotifications: readonly Notification[];
    },
  ];
  readonly artifacts: readonly Record<string, unknown>[];
  readonly results: readonly Result[];
  readonly properties: Readonly<Record<string, unknown>>;
}

const valid = sarifValidator();

async function sarif(source: ReportSource, options: Partial<ReportOptions> = {}): Promise<Run> {
  const log = JSON.parse(await renderToString(renderSarif, source, options)) as { runs: readonly [Run] };
  if (!valid(log)) throw new Error(JSON.stringify(valid.errors?.slice(0, 5), null, 2));
  return log.runs[0];
}

async function resultOf(changes: Partial<VerdictObject>): Promise<Result> {
  const source = memorySource({ verdicts: [makeVerdict(changes)] });
  const { results } = await sarif(source, { outcomes: [changes.verdict ?? 'fail'] });
  expect(results).toHaveLength(1);
  return results[0] as Result;
}

describe('a SARIF log', () => {
  it('is refused by the schema when it is wrong, so that the other tests mean something', () => {
    expect(valid({ version: '2.1.0', runs: [{ tool: { driver: {} } }] })).toBe(false);
    expect(valid({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } }, wrong: 1 }] })).toBe(false);
    expect(valid({ version: '2.1.0', runs: [{ tool: { driver: { name: 'x' } } }] })).toBe(true);
  });

  it.each([
    ['an empty source', memorySource({ verdicts: [] }), 0],
    ['an organisation', sampleOrganisation(6, 40), 240],
    ['hostile text everywhere', hostileSource(), HOSTILE.length],
  ])('follows the schema for %s', async (_, source, results) => {
    const run = await sarif(source, { outcomes: ['fail', 'error', 'pass', 'not-applicable'] });
    expect(run.results).toHaveLength(results);
  });

  it('is the same for the same source', async () => {
    const once = await renderToString(renderSarif, sampleOrganisation(3, 30));
    expect(await renderToString(renderSarif, sampleOrganisation(3, 30))).toBe(once);
  });

  it('puts one result on a line', async () => {
    const text = await renderToString(renderSarif, sampleOrganisation(3, 30));
    const { results } = await sarif(sampleOrganisation(3, 30));
    expect(text.split('\n').filter((line) => line.startsWith('{"ruleId"'))).toHaveLength(results.length);
  });

  it('describes the rule', async () => {
    const { tool } = await sarif(memorySource({ verdicts: [] }));
    expect(tool.driver.version).toBe('9.9.9');
    expect(tool.driver.rules[0]).toMatchObject({
      id: 'D9.AWS.IAM.99',
      shortDescription: { text: RULES[0]?.title },
      fullDescription: { text: RULES[0]?.description },
      helpUri: 'https://docs.example.com/trust',
      help: {
        text: expect.stringContaining('Terraform: '),
        markdown: expect.stringContaining('**Console.**'),
      },
      defaultConfiguration: { level: 'note' },
      properties: {
        'security-severity': '2.0',
        complianceFrameworks: ['Framework One', 'Framework Two & Co'],
        controls: RULES[0]?.controls,
        logic: RULES[0]?.logic,
      },
    });
  });

  it('has a rule for each severity, because viewers rank results by their rule', async () => {
    const further = { ...RULES[0]!, id: 'X.1', riskLevel: 'High' as const };
    const { tool } = await sarif(memorySource({ verdicts: [] }), { rules: [...RULES, further] });
    const ranked = tool.driver.rules.map(({ id, defaultConfiguration, relationships, properties }) => [
      id,
      (defaultConfiguration as { level: string }).level,
      (properties as Record<string, unknown>)['security-severity'],
      (properties as { tags: readonly string[] }).tags.at(-1),
      (relationships as [object] | undefined)?.[0],
    ]);
    const whole = { target: { id: 'D9.AWS.IAM.99', index: 0 }, kinds: ['superset'] };
    expect(ranked).toEqual([
      ['D9.AWS.IAM.99', 'note', '2.0', 'D9.AWS.IAM.99', undefined],
      ['D9.AWS.IAM.99/critical', 'error', '9.0', 'D9.AWS.IAM.99', whole],
      ['D9.AWS.IAM.99/high', 'error', '7.0', 'D9.AWS.IAM.99', whole],
      ['D9.AWS.IAM.99/medium', 'warning', '4.0', 'D9.AWS.IAM.99', whole],
      ['D9.AWS.IAM.99/low', 'note', '2.0', 'D9.AWS.IAM.99', whole],
      ['X.1', 'error', '7.0', 'X.1', undefined],
    ]);
    expect(tool.driver.rules[1]).toMatchObject({
      shortDescription: { text: `${RULES[0]?.title} (critical: open to anyone)` },
      helpUri: 'https://docs.example.com/trust',
      help: {
        text: expect.stringMatching(/^Critical: open to anyone\.\n\n/),
        markdown: expect.stringMatching(/^\*\*Critical: open to anyone\.\*\*\n\n/),
      },
    });
  });

  it.each([
    [{ severity: 'critical' }, 'D9.AWS.IAM.99/critical', 1],
    [{ severity: 'low' }, 'D9.AWS.IAM.99/low', 4],
    [{ verdict: 'pass', severity: 'medium' }, 'D9.AWS.IAM.99', 0],
    [{ verdict: 'not-applicable', severity: null }, 'D9.AWS.IAM.99', 0],
    [{ verdict: 'error', severity: null }, 'D9.AWS.IAM.99', 0],
    // Nobody described it.
    [{ rule: 'X.1', severity: 'high' }, 'X.1', undefined],
  ] as const)('puts a result of %j under the rule %s', async (changes, ruleId, ruleIndex) => {
    const result = await resultOf(changes);
    expect([result.ruleId, result.ruleIndex]).toEqual([ruleId, ruleIndex]);
    expect(result.properties['rule']).toBe('rule' in changes ? changes.rule : 'D9.AWS.IAM.99');
  });

  it('names a finding the same, whatever the run, the file and the place in it', async () => {
    const named = async (changes: Partial<VerdictObject>) => (await resultOf(changes)).partialFingerprints;
    const { evidence } = makeVerdict().object;
    const once = await named({});
    expect(once['primaryLocationLineHash']).toBe(once['trustsieveFinding/v1']);
    expect(await named({ evidence: { ...evidence, source: 'other.json', offset: 1 }, state: 'new' })).toEqual(
      once,
    );
    const paths = makeVerdict().object.paths.map((path) => ({ ...path, statement: 7, sid: 'Moved' }));
    expect(await named({ paths, severity: 'critical', message: 'Other words.' })).toEqual(once);
    const other = await named({ arn: `${makeVerdict().object.arn}2` });
    expect(other['primaryLocationLineHash']).not.toBe(once['primaryLocationLineHash']);
  });

  it('describes a rule that says little of itself', async () => {
    const bare = {
      ...RULES[0]!,
      description: '',
      remediation: { console: 'Do *this*.', terraform: '', cli: '' },
      references: [],
    };
    const { tool } = await sarif(memorySource({ verdicts: [] }), { rules: [bare] });
    expect(tool.driver.rules[0]).not.toHaveProperty('helpUri');
    expect(tool.driver.rules[0]).not.toHaveProperty('fullDescription');
    expect(tool.driver.rules[0]).toMatchObject({
      help: {
        text: `Remediation: Do *this*.\n\nLogic (GSL): ${bare.logic}`,
        markdown: `**Remediation.** Do \\*this\\*.\n\n**Logic (GSL).**\n\n\`\`\`text\n${bare.logic}\n\`\`\``,
      },
    });
  });

  it('says where, what and who of a failing role', async () => {
    const result = await resultOf({ notes: ['a-note'] });
    const { object } = makeVerdict();
    expect(result).toMatchObject({
      ruleId: 'D9.AWS.IAM.99/high',
      ruleIndex: 2,
      kind: 'fail',
      level: 'error',
    });
    expect(result.message.text).toBe(object.message);
    expect(result.locations[0]).toEqual({
      physicalLocation: {
        artifactLocation: { uri: '111122223333.json' },
        region: { startLine: 1, byteOffset: 8192 },
      },
      logicalLocations: [{ name: 'Partner', fullyQualifiedName: object.arn, kind: 'resource' }],
    });
    expect(result.properties).toMatchObject({
      witness: object.witness,
      notes: ['a-note'],
      paths: object.paths,
      severity: 'high',
      'security-severity': '7.0',
      literal: 'fail',
    });
    expect(Object.keys(result.partialFingerprints)).toEqual([
      'trustsieveFinding/v1',
      'trustsieveRole/v1',
      'primaryLocationLineHash',
    ]);
  });

  it.each([
    ['fail', 'critical', 'fail', 'error'],
    ['fail', 'high', 'fail', 'error'],
    ['fail', 'medium', 'fail', 'warning'],
    ['fail', 'low', 'fail', 'note'],
    ['pass', null, 'pass', 'none'],
    ['pass', 'medium', 'pass', 'none'],
    ['not-applicable', null, 'notApplicable', 'none'],
    ['error', null, 'open', 'none'],
  ] as const)('says of %s (%s) kind %s and level %s', async (verdict, severity, kind, level) => {
    expect(await resultOf({ verdict, severity })).toMatchObject({ kind, level });
  });

  it.each([
    ['new', 'new'],
    ['unchanged', 'unchanged'],
    ['changed', 'updated'],
    ['reopened', 'updated'],
    ['not-comparable', undefined],
    ['baseline', undefined],
  ] as const)('turns the state %s into %s', async (state, baselineState) => {
    const result = await resultOf({ state });
    expect(result.baselineState).toBe(baselineState);
    expect(result).toMatchObject({ properties: { state } });
  });

  it('leaves the baseline state out where there is no state', async () => {
    expect(await resultOf({ verdict: 'pass', state: null })).not.toHaveProperty('baselineState');
  });

  it('says of every result whether an exception accepts it', async () => {
    expect((await resultOf({})).suppressions).toEqual([]);
    expect((await resultOf({ suppressedBy: 'EX-7' })).suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'Accepted by the exception EX-7.' },
    ]);
  });

  it('lists the evidence with its hash', async () => {
    const evidence = [makeEvidence({ path: 'dumps/May 1/a.zip!/b#1?.json', bytes: 77 })];
    const { artifacts } = await sarif(memorySource({ verdicts: [], evidence }));
    expect(artifacts).toMatchObject([
      {
        location: { uri: 'dumps/May%201/a.zip%21/b%231%3F.json' },
        length: 77,
        hashes: { 'sha-256': SHA },
        properties: { format: 'gaad', recordsRead: 10 },
      },
    ]);
  });

  it('is successful only when everything was read and judged', async () => {
    const undecided = makeVerdict({ verdict: 'error', severity: null, message: 'No trust policy.' }, null);
    const ok = makeEvidence();
    const cases: readonly [string, ReportSource, readonly string[]][] = [
      ['all is well', memorySource({ verdicts: [makeVerdict()], evidence: [ok] }), []],
      [
        'a remark',
        memorySource({
          verdicts: [],
          evidence: [makeEvidence({ problems: [{ code: 'keys-restored', message: 'keys restored' }] })],
        }),
        ['evidence-remark note complete: keys restored'],
      ],
      [
        'a cut file',
        memorySource({
          verdicts: [],
          evidence: [
            makeEvidence({ status: 'incomplete', problems: [{ code: 'json-truncated', message: 'cut' }] }),
          ],
        }),
        ['evidence-incomplete warning incomplete: cut'],
      ],
      [
        'an unreadable file',
        memorySource({
          verdicts: [],
          evidence: [
            makeEvidence({
              status: 'unreadable',
              problems: [{ code: 'evidence-unreadable', message: 'locked' }],
            }),
          ],
        }),
        ['evidence-unreadable error unreadable: locked'],
      ],
      ['an undecided role', memorySource({ verdicts: [undecided] }), ['undecided error No trust policy.']],
    ];
    for (const [name, source, expected] of cases) {
      const { invocations, tool } = await sarif(source);
      const [{ executionSuccessful, toolExecutionNotifications: said }] = invocations;
      expect(
        said.map((one) => `${one.descriptor.id} ${one.level} ${one.message.text}`),
        name,
      ).toEqual(expected);
      expect(executionSuccessful, name).toBe(expected.every((one) => one.startsWith('evidence-remark')));
      for (const { descriptor } of said) {
        expect(tool.driver.notifications[descriptor.index]?.id).toBe(descriptor.id);
      }
    }
  });

  it('counts rejected records by file and by code', async () => {
    const reject = { path: 'a.json', offset: 1, pointer: '/0', message: 'x' };
    const source = memorySource({
      verdicts: [],
      evidence: [makeEvidence({ path: 'a.json', recordsAccepted: 7, recordsRejected: 3 })],
      rejects: [
        { ...reject, code: 'not-a-role' },
        { ...reject, code: 'arn-missing' },
        { ...reject, code: 'not-a-role' },
      ],
    });
    const [{ executionSuccessful, toolExecutionNotifications: said }] = (await sarif(source)).invocations;
    expect(executionSuccessful).toBe(false);
    expect(said.map((one) => one.message.text)).toEqual([
      'complete: 3 records rejected',
      '1 rejected as arn-missing: the record names no role ARN, so its account is not known',
      '2 rejected as not-a-role: the record stands where a role is expected, but describes something else',
    ]);
    expect(said[2]).toMatchObject({
      locations: [
        {
          physicalLocation: { artifactLocation: { uri: 'a.json' }, region: { startLine: 1, byteOffset: 1 } },
        },
      ],
      properties: { code: 'not-a-role', count: 2, example: { pointer: '/0', message: 'x' } },
    });
  });

  it('names the accounts that are missing or stand as last captured, and is no success with a gap', async () => {
    const gap = {
      account: '222233334444',
      name: 'Lost',
      why: 'no-evidence',
      capturedAt: null,
      age: null,
    } as const;
    const closed = [{ account: '444455550000', name: null, status: 'SUSPENDED' }];
    const { verdicts, ...row } = {
      ...{ account: OWN, name: 'Own', capturedAt: '2026-01-01T00:00:00Z', complete: true },
      ...{
        carriedForward: 31,
        roles: 1,
        verdicts: { pass: 0, fail: 1, 'not-applicable': 0, error: 0 },
        closed: 0,
      },
    };
    const source = memorySource({
      verdicts: [makeVerdict(), makeVerdict({ account: '999999999999' })],
      accounts: [{ ...row, verdicts }],
      evidence: [makeEvidence({ capturedFrom: 'modified' })],
      completeness: { gaps: [gap], closed },
    });
    const { invocations, properties, results } = await sarif(source);
    const [{ executionSuccessful, toolExecutionNotifications: said }] = invocations;
    expect(executionSuccessful).toBe(false);
    expect(said.map((one) => `${one.descriptor.id} ${one.level} ${one.message.text}`)).toEqual([
      'account-gap error Account 222233334444 (Lost) of the organisation is not covered: no evidence of it was read.',
      `account-carried-forward note account ${OWN} is carried forward, 31 days: its latest capture is 2026-01-01T00:00:00Z`,
      'capture-time-modified note 1 file has no capture time but the modification time of the file, which may be the time of a copy',
    ]);
    expect(said[0]?.properties).toEqual(gap);
    expect(results.map((result) => result.properties['carriedForward'])).toEqual([31, null]);
    expect(properties['completeness']).toMatchObject({
      ...{ complete: false, membersKnown: true, gaps: 1, closed, carriedForward: 1, timedByModification: 1 },
      reasons: ['1 accounts of the organisation are not covered'],
    });
  });

  it('is a success without a member list, and does not say that it is complete', async () => {
    const source = memorySource({ verdicts: [makeVerdict()], completeness: { membersKnown: false } });
    const { invocations, properties } = await sarif(source);
    const [{ executionSuccessful, toolExecutionNotifications: said }] = invocations;
    expect(executionSuccessful).toBe(true);
    expect(said.map((one) => `${one.descriptor.id} ${one.level}`)).toEqual(['members-unknown note']);
    expect(said[0]?.message.text).toContain('scan --accounts FILE');
    expect(properties['completeness']).toMatchObject({ complete: false, membersKnown: false });
  });

  it('names undecided roles even where only other outcomes are listed', async () => {
    const source = memorySource({ verdicts: [makeVerdict({ verdict: 'error', severity: null }, null)] });
    const outcomes: readonly Outcome[] = ['fail'];
    const { results, invocations } = await sarif(source, { outcomes });
    expect(results).toEqual([]);
    expect(invocations[0].toolExecutionNotifications).toHaveLength(1);
  });

  it('lets no evidence become a placeholder, a link or invisible', async () => {
    const { results } = await sarif(hostileSource());
    const texts = results.map(({ message }) => message.text);
    for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(texts).toContain('`|\\[a\\](https://example.com)|` {{0}} {{{{1}}}} @team #1');
    expect(texts).toContain('{{{{constructor.constructor("window.pwned=1")()}}}}');
  });

  it('keeps evidence exact where it is data', async () => {
    const { results } = await sarif(hostileSource());
    expect(results.map(({ properties }) => properties['roleName'])).toEqual(HOSTILE);
  });
});

describe('evidenceUri', () => {
  it.each([
    ['a/b.json', 'a/b.json'],
    ['/data/x y.json', 'file:///data/x%20y.json'],
    ['//host/x', 'file:///host/x'],
    ['javascript:alert(1)', 'javascript%3Aalert%281%29'],
    ['a?b#c%00', 'a%3Fb%23c%2500'],
    ['ä\ud800', '%C3%A4%EF%BF%BD'],
    ['-', '-'],
  ])('gives %j as %s', (path, uri) => {
    expect(evidenceUri(path)).toBe(uri);
  });
});
