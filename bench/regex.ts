/** GSL's regular expressions against RE2 (re2js) and, which is not safe from hostile patterns, the engine's own. */
import { RE2JS } from 're2js';
import { compilePattern } from '../src/gsl/regex/pattern.ts';
import { median } from './child.ts';

interface Case {
  readonly kind: 'anchored' | 'unanchored';
  readonly source: string;
  readonly flags: '' | 'i';
  readonly text: string;
}

const POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: {
        AWS: ['arn:aws:iam::111122223333:role/path/to/Deploy', 'arn:aws:iam::444455556666:user/ann'],
      },
      Action: ['sts:AssumeRole', 'sts:TagSession'],
      Condition: { StringEquals: { 'sts:ExternalId': 'ticket-8817' } },
    },
  ],
});
const LONG = JSON.stringify(Array.from({ length: 20 }, () => JSON.parse(POLICY) as unknown));
const ARN = 'arn:aws:iam::111122223333:role/path/to/Deploy';

const CASES: readonly Case[] = [
  { kind: 'anchored', source: '^(pro|dev)-\\w*-', flags: '', text: ARN },
  { kind: 'anchored', source: '^(pro|dev)-\\w*-', flags: '', text: LONG },
  { kind: 'anchored', source: '^[^/]*$', flags: '', text: LONG },
  { kind: 'anchored', source: '^arn:aws:iam::\\d{12}:role/[\\w/+=,.@-]+$', flags: '', text: ARN },
  { kind: 'anchored', source: '^arn:aws:iam::\\d{12}:ROLE/', flags: 'i', text: ARN },
  { kind: 'unanchored', source: '(:root)|(:user)', flags: '', text: POLICY },
  { kind: 'unanchored', source: '(xroot)|(xuser)', flags: '', text: LONG },
  { kind: 'unanchored', source: '[A-Z][a-z]+[0-9]{3}[.,;]', flags: '', text: LONG },
  { kind: 'unanchored', source: '\\bassume\\w+\\b', flags: 'i', text: POLICY },
  { kind: 'unanchored', source: 'sts:.*Session.*9', flags: '', text: POLICY },
  { kind: 'unanchored', source: 'arn:aws:iam::\\d{12}:root', flags: '', text: LONG },
  { kind: 'unanchored', source: 'principal":\\{"aws":".*root', flags: 'i', text: POLICY },
];

/** How many times as fast as by RE2 the patterns of a kind are searched for: the median. */
export type RegexRatios = Readonly<Record<Case['kind'], number>>;

/** `milliseconds`: for each pattern and engine. */
export function benchRegex(milliseconds: number): RegexRatios {
  const times: Record<Case['kind'], number[]> = { anchored: [], unanchored: [] };
  const rows = CASES.map(({ kind, source, flags, text }) => {
    const result = compilePattern(source, flags);
    if (!result.ok) throw new Error(result.message);
    const { test } = result.pattern;
    const re2 = RE2JS.compile(source, flags === 'i' ? RE2JS.CASE_INSENSITIVE : 0);
    const native = new RegExp(source, flags);
    const found = test(text);
    if (re2.test(text) !== found || native.test(text) !== found)
      throw new Error(`different answers: ${source}`);

    const [own, byRe2, byNative] = [test, (t: string) => re2.test(t), (t: string) => native.test(t)].map(
      (search) => nanoseconds(search, text, milliseconds),
    ) as [number, number, number];
    times[kind].push(byRe2 / own);
    return {
      pattern: `/${source}/${flags}`,
      characters: text.length,
      found,
      own: Math.round(own),
      re2js: Math.round(byRe2),
      'times re2js': (byRe2 / own).toFixed(1),
      native: Math.round(byNative),
    };
  });
  console.log('\nregular expressions, ns per search');
  console.table(rows);
  const ratios = { anchored: median(times.anchored), unanchored: median(times.unanchored) };
  console.log(
    `times re2js, medians: ${ratios.anchored.toFixed(1)} anchored, ${ratios.unanchored.toFixed(1)} others`,
  );
  return ratios;
}

/** The fastest of many short runs: what other work on the machine slowed down least. */
function nanoseconds(search: (text: string) => boolean, text: string, milliseconds: number): number {
  const began = performance.now();
  let best = Number.POSITIVE_INFINITY;
  for (let count = 1; performance.now() - began < milliseconds; ) {
    const start = performance.now();
    for (let i = 0; i < count; i++) search(text);
    const took = performance.now() - start;
    if (took < milliseconds / 50) count *= 2;
    else best = Math.min(best, (took * 1e6) / count);
  }
  return best;
}
