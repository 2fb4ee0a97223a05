/** Processor time of deciding one policy by the number of its principals. `node build/bench/principals.js` */
import { analyseTrustPolicy } from '../src/exposure/analyse.ts';

const OWN = '111122223333';
const COUNTS = [1_000, 2_000, 4_000, 8_000];
const ACTION = 'sts:AssumeRole';
const GUARD = { StringEquals: { 'sts:ExternalId': '8f14e45fceea167a' } };
const MFA = { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } };

const account = (i: number): string => String(200_000_000_000 + i * 37);
const role = (i: number): string => `arn:aws:iam::${account(i)}:role/app${i}`;

function list(count: number, make: (i: number) => string): readonly string[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

type Shape = readonly [name: string, statementsOf: (aws: readonly string[]) => readonly unknown[]];

const SHAPES: readonly Shape[] = [
  ['a list', (aws) => [{ Effect: 'Allow', Principal: { AWS: aws }, Action: ACTION }]],
  [
    'a list with an external ID',
    (aws) => [{ Effect: 'Allow', Principal: { AWS: aws }, Action: ACTION, Condition: GUARD }],
  ],
  [
    'a list and a Deny for the same',
    (aws) => [
      { Effect: 'Allow', Principal: { AWS: aws }, Action: ACTION },
      { Effect: 'Deny', Principal: { AWS: aws }, Action: ACTION, Condition: MFA },
    ],
  ],
  [
    'a statement each',
    (aws) =>
      aws.map((one) => ({ Effect: 'Allow', Principal: { AWS: one }, Action: ACTION, Condition: GUARD })),
  ],
];

function seconds(statements: readonly unknown[]): number {
  const text = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  const before = process.cpuUsage();
  analyseTrustPolicy(text, OWN);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

console.log(`| policy | ${COUNTS.join(' | ')} | eight times as many |`);
console.log(`|---|${COUNTS.map(() => '---|').join('')}---|`);
for (const [kind, make] of [
  ['accounts', account],
  ['roles', role],
] as const) {
  for (const [name, shape] of SHAPES) {
    seconds(shape(list(COUNTS[0] ?? 0, make)));
    const times = COUNTS.map((count) => seconds(shape(list(count, make))));
    const ratio = (times.at(-1) ?? 0) / (times[0] ?? 1);
    console.log(
      `| ${kind}, ${name} | ${times.map((time) => time.toFixed(2)).join(' | ')} | ${ratio.toFixed(1)} times |`,
    );
  }
}
