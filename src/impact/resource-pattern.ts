import { USERNAME } from '../iam/conditions/keys.ts';
import type { Truth } from '../iam/conditions/truth.ts';
import { ANY_ONE, ANY_RUN } from '../iam/glob.ts';
import { parsePattern } from '../iam/pattern.ts';
import { spend, type Work } from './work.ts';

/** Any run of characters without a colon: a `*` that is not the last character of its part of the ARN. */
const PART_RUN: unique symbol = Symbol('part');
/** What stands for a policy variable: nobody knows which text. */
const HOLE: unique symbol = Symbol('variable');

type Token = string | typeof ANY_RUN | typeof PART_RUN | typeof ANY_ONE | typeof HOLE;

/** One entry of a Resource list. Null matches nothing. */
export type ResourcePattern = readonly Token[] | null;

/**
 * Reads an entry of Resource or NotResource. A `*` at the end of a part may reach beyond the colon, others stay within it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
 *
 * A role's requests have no `aws:username`, and an element whose variable has no value matches nothing
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-no-value).
 */
export function parseResource(text: string): ResourcePattern {
  const tokens: Token[] = [];
  for (const token of parsePattern(text, { wildcards: true, variables: true })) {
    if (typeof token !== 'object') tokens.push(token);
    else if (token.key === USERNAME && token.fallback === null) return null;
    else tokens.push(HOLE);
  }
  return tokens.map((token, at) => {
    if (token !== ANY_RUN) return token;
    const next = tokens[at + 1];
    return next === undefined || next === ':' || next === ANY_RUN ? ANY_RUN : PART_RUN;
  });
}

/**
 * The resources that a question is about: one, or all of a kind. `all` is what an entry must cover to cover every one of
 * them, `some` is what an entry must meet to cover one of them. In both, `*` is any text.
 */
export interface Target {
  readonly all: string;
  readonly some: readonly string[];
  /** One of the kind that is not asked for; an entry that names just that is of no use. */
  readonly except: string | null;
}

export function oneResource(arn: string): Target {
  return { all: arn, some: [arn], except: null };
}

export function kindOfResource(pattern: string, except: string | null = null): Target {
  return { all: pattern, some: [pattern], except };
}

/** Does the entry match the resources: `yes` every one of them, `no` none of them. */
export function resourceTruth(entry: ResourcePattern, target: Target, work: Work): Truth {
  if (entry === null) return 'no';
  if (covers(entry, target.all, work)) return 'yes';
  if (target.except !== null && isText(entry, target.except)) return 'no';
  return target.some.some((pattern) => meets(entry, pattern, work)) ? 'unknown' : 'no';
}

function isText(entry: readonly Token[], text: string): boolean {
  return entry.length === text.length && entry.every((token, at) => token === text[at]);
}

/** At least what the entry matches, as a text in which `*` is any text. What matches nothing, too, is taken for what it says. */
export function widestText(entry: ResourcePattern): string {
  return entry === null ? '*' : entry.map((token) => (typeof token === 'string' ? token : '*')).join('');
}

export function matchesEverything(entry: ResourcePattern): boolean {
  return entry !== null && entry.length > 0 && entry.every((token) => token === ANY_RUN);
}

/** Whatever the `*` of the target stand for, the entry matches it. False says nothing. */
export function covers(entry: readonly Token[], target: string, work: Work): boolean {
  spend(work, entry.length * (target.length + 1));
  if (matchesEverything(entry)) return true;
  let states = skipRuns(entry, new Uint8Array(entry.length + 1), 0);
  for (let at = 0; at < target.length; at++) {
    // Most entries mean something else, which shows soon.
    if (!states.includes(1)) return false;
    const char = target[at] as string;
    const next = new Uint8Array(entry.length + 1);
    for (let state = 0; state < entry.length; state++) {
      if (states[state] === 0) continue;
      const token = entry[state] as Token;
      if (token === ANY_RUN) skipRuns(entry, next, state);
      else if (char === '*') continue;
      else if (token === PART_RUN) {
        if (char !== ':') skipRuns(entry, next, state);
      } else if (token === char || (token === ANY_ONE && char !== ':')) skipRuns(entry, next, state + 1);
    }
    states = next;
  }
  return states[entry.length] === 1;
}

/** Marks the state and those that are reached from it without a character. */
function skipRuns(entry: readonly Token[], states: Uint8Array, from: number): Uint8Array {
  let state = from;
  for (;;) {
    if (states[state] === 1) return states;
    states[state] = 1;
    if (entry[state] !== ANY_RUN && entry[state] !== PART_RUN) return states;
    state++;
  }
}

/** Some text is matched by both; true also where only the value of a variable or the reach of a `*` decides. */
export function meets(entry: readonly Token[], target: string, work: Work): boolean {
  spend(work, (entry.length + 1) * (target.length + 1));
  let row = new Uint8Array(target.length + 1);
  row[0] = 1;
  for (let state = 0; state <= entry.length; state++) {
    const next = new Uint8Array(target.length + 1);
    const token = entry[state];
    const run = token === ANY_RUN || token === PART_RUN || token === HOLE;
    for (let at = 0; at <= target.length; at++) {
      if (row[at] === 0) continue;
      const char = target[at];
      if (run) next[at] = 1;
      if (char !== undefined && (run || char === '*')) row[at + 1] = 1;
      if (token === undefined || char === undefined || run) continue;
      if (char === '*') next[at] = 1;
      else if (token === ANY_ONE || token === char) next[at + 1] = 1;
    }
    if (state === entry.length) return row[target.length] === 1;
    row = next;
  }
  return false;
}
