/** Compiled rule against a tree-walking interpreter and against hand-written predicates, on D9.AWS.IAM.99. */
import { Bench } from 'tinybench';
import { compileRule } from '../src/gsl/compile-rule.ts';
import { D9_AWS_IAM_99 } from '../src/rules/d9-aws-iam-99/rule.ts';
import { interpreter } from './rivals/gsl-interpreter.ts';
import { judge, judgeTuned } from './rivals/gsl-predicate.ts';

const OWN = '111122223333';
const ROLES = 4096;

/** A seeded generator (mulberry32): the same corpus on every machine. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Roles as an account has them: mostly service roles, then federated, own-account and foreign trust, with and
 * without guards, one statement mostly. Parsed from JSON text, as evidence is.
 */
function corpus(): readonly unknown[] {
  const next = random(42);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(next() * items.length)]!;
  const foreign = (): string => `arn:aws:iam::${String(Math.floor(next() * 1e12)).padStart(12, '0')}`;
  const principals: readonly (() => unknown)[] = [
    () => ({ Service: pick(['ec2.amazonaws.com', 'lambda.amazonaws.com', 'ecs-tasks.amazonaws.com']) }),
    () => ({ Service: ['ec2.amazonaws.com', 'ssm.amazonaws.com'] }),
    () => ({ AWS: `arn:aws:iam::${OWN}:root` }),
    () => ({ AWS: `${foreign()}:root` }),
    () => ({ AWS: `${foreign()}:role/path/to/Deploy` }),
    () => ({
      AWS: [`${foreign()}:root`, `${foreign()}:user/ann`, `arn:aws:iam::${OWN}:root`].slice(
        0,
        2 + Math.round(next()),
      ),
    }),
    () => ({ Federated: `arn:aws:iam::${OWN}:saml-provider/Corp` }),
    () => ({ AWS: '*' }),
  ];
  const conditions: readonly unknown[] = [
    undefined,
    undefined,
    { StringEquals: { 'sts:ExternalId': 'ticket-8817' } },
    { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
    { StringEquals: { 'aws:PrincipalOrgID': 'o-abcdefghij' } },
    { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
  ];
  const statement = (): object => ({
    ...(next() < 0.3 ? { Sid: 'Trust' } : {}),
    Effect: next() < 0.97 ? 'Allow' : 'Deny',
    Principal: pick(principals)(),
    Action: pick([
      'sts:AssumeRole',
      'sts:AssumeRole',
      'sts:AssumeRole',
      'sts:AssumeRoleWithSAML',
      ['sts:AssumeRole', 'sts:TagSession'],
    ]),
    Condition: pick(conditions),
  });
  return Array.from({ length: ROLES }, (_, index) => {
    const count = next() < 0.85 ? 1 : 2 + Math.floor(next() * 3);
    const assumeRolePolicy = { Version: '2012-10-17', Statement: Array.from({ length: count }, statement) };
    return JSON.parse(
      JSON.stringify({ accountNumber: OWN, name: `role-${index}`, assumeRolePolicy }),
    ) as unknown;
  });
}

type Judge = (role: unknown) => 'not-relevant' | 'compliant' | 'non-compliant';

/** How the compiled rule does. */
export interface GslRatios {
  /** How many times faster than the interpreter; 10 is the goal. */
  readonly timesInterpreter: number;
  /** How many times slower than the plain predicate, below 1 when it is faster; 1.5 is the bound. */
  readonly timesPredicate: number;
}

export async function benchGsl(milliseconds: number): Promise<GslRatios> {
  const result = compileRule(D9_AWS_IAM_99.logic);
  if (!result.ok) throw new Error(result.errors[0]?.message);
  const { evaluate } = result.compiled;
  const env = { asOf: 0 };
  const judges: readonly (readonly [name: string, judge: Judge])[] = [
    ['compiled', (role) => evaluate(role, env)],
    ['interpreter', interpreter(D9_AWS_IAM_99.logic)],
    ['predicate', judge as Judge],
    ['predicate, tuned', judgeTuned as Judge],
  ];

  const roles = corpus();
  const tally: Record<string, number> = { 'not-relevant': 0, compliant: 0, 'non-compliant': 0 };
  for (const role of roles) {
    const answers = new Set(judges.map(([, judgeOne]) => judgeOne(role)));
    if (answers.size !== 1)
      throw new Error(`different answers: ${[...answers].join()} for ${JSON.stringify(role)}`);
    for (const answer of answers) tally[answer] = (tally[answer] ?? 0) + 1;
  }
  console.log(`${roles.length} roles, the same answer from all: ${JSON.stringify(tally)}`);

  const bench = new Bench({ time: milliseconds, warmupTime: milliseconds / 3 });
  let sink = 0;
  for (const [name, judgeOne] of judges) {
    bench.add(name, () => {
      for (let i = 0; i < roles.length; i++) sink += judgeOne(roles[i]).length;
    });
  }
  await bench.run();
  if (sink === 0) throw new Error('nothing was measured');

  const nanoseconds = new Map<string, number>();
  for (const task of bench.tasks) {
    const { result: timing } = task;
    if (!('latency' in timing)) throw new Error(`${task.name} was not measured`);
    nanoseconds.set(task.name, (timing.latency.p50 * 1e6) / roles.length);
  }
  const compiled = nanoseconds.get('compiled') ?? Number.NaN;
  console.table(
    [...nanoseconds].map(([name, ns]) => ({
      name,
      'ns per role (median)': Number(ns.toFixed(1)),
      'compared with compiled': `${(ns / compiled).toFixed(2)}x`,
    })),
  );
  const ratio = (name: string): number => (nanoseconds.get(name) ?? Number.NaN) / compiled;
  return { timesInterpreter: ratio('interpreter'), timesPredicate: 1 / ratio('predicate') };
}
