import { describe, expect, it } from 'vitest';
import type { RuleOutcome } from '../../src/gsl/assemble.ts';
import { compileRule } from '../../src/gsl/compile-rule.ts';
import { DEFAULT_SWITCHES, SWITCHES, type Switches } from '../../src/gsl/switches.ts';

const DAY = 86_400;
const NEVER = -62_135_596_800;
/** 31 March 2024, noon UTC. */
const NOW = Date.UTC(2024, 2, 31, 12) / 1000;

function judge(text: string, entity: unknown, switches: Partial<Switches> = {}): RuleOutcome {
  const result = compileRule(text, { switches });
  if (!result.ok) throw new Error(result.errors[0]?.message);
  return result.compiled.evaluate(entity, { asOf: NOW });
}

function holds(condition: string, entity: unknown, switches: Partial<Switches> = {}): boolean {
  return judge(`T should have ${condition}`, entity, switches) === 'compliant';
}

/** Condition, entity, whether it holds. */
const CONDITIONS: readonly (readonly [condition: string, entity: unknown, holds: boolean])[] = [
  // bare values
  ['a', {}, false],
  ['a', { a: null }, false],
  ['a', { a: false }, false],
  ['a', { a: true }, true],
  ['a', { a: '' }, false],
  ['a', { a: 'false' }, true],
  ['a', { a: 0 }, false],
  ['a', { a: -1 }, true],
  ['a', { a: [] }, false],
  ['a', { a: [null] }, true],
  ['a', { a: {} }, true],
  ['fail', { a: 1 }, false],
  // paths
  ['a.b.c.d.e = 1', { a: { b: { c: { d: { e: 1 } } } } }, true],
  ['a.b = 1', { a: [{ b: 1 }] }, false],
  ['a.b', { a: 'text' }, false],
  ['a.aws:x-y.z = 1', { a: { 'aws:x-y': { z: 1 } } }, true],
  ['constructor', {}, false],
  ['a.length', { a: [1] }, false],
  ['toString.x', { toString: { x: 1 } }, true],
  ["getValue('a b')", { 'a b': 1 }, true],
  ["a getValue('constructor')", { a: {} }, false],
  ["a getValue('constructor') = 1", { a: JSON.parse('{"constructor": 1}') }, true],
  // equality
  ["a = 'x'", { a: 'x' }, true],
  ["a = 'x'", { a: 'X' }, false],
  ["a = 'x'", { a: ['x'] }, false],
  ["a = 'x'", {}, false],
  ['a = true', { a: 'true' }, true],
  ["a = 'true'", { a: true }, true],
  ['a = true', { a: 'True' }, true],
  ['a = true', { a: 1 }, false],
  ['a = false', { a: 'false' }, true],
  ['a = false', {}, false],
  ['a = 5', { a: '5' }, true],
  ["a = '5'", { a: 5 }, true],
  ["a = '5'", { a: '5' }, true],
  ["a = '5'", { a: '5.0' }, false],
  ['a = 5', { a: '5x' }, false],
  ['a = b', { a: 'true', b: true }, true],
  ['a = b', {}, true],
  ['a = b', { a: {}, b: {} }, false],
  ['a = null', {}, true],
  ['a = null', { a: '' }, false],
  ['a != null', { a: 0 }, true],
  ['a != null', {}, false],
  ["a != 'x'", {}, true],
  ["a != 'x'", { a: 'x' }, false],
  ["a != 'x'", { a: ['x'] }, true],
  // order
  ['a > 1 and a >= 2 and a < 3 and a <= 2', { a: 2 }, true],
  ['a < 1', {}, false],
  ['a >= 0', { a: null }, false],
  ['a > 9', { a: '10' }, true],
  ["a > '9'", { a: '10' }, false],
  ["a < 'b'", { a: 'a' }, true],
  ['a > 0', { a: true }, false],
  ['a > 0', { a: [1] }, false],
  ['a.x > b.y', { a: { x: 2 }, b: { y: 1 } }, true],
  ['a length() > 1', { a: [1, 2] }, true],
  // like, regexMatch
  ["a like '%Root%'", { a: '<root_account>' }, true],
  ["a like 'root'", { a: 'ROOT' }, true],
  ["a like 'root'", { a: 'roots' }, false],
  ["a like 'a%c'", { a: 'a\nc' }, true],
  ["a like 'a.c'", { a: 'abc' }, false],
  ["a like 'a%b%c'", { a: 'a-c-b' }, false],
  ["a like '%x%'", { a: ['x'] }, false],
  ["a like '1%'", { a: 12 }, true],
  ["a unlike 'x%'", { a: 'xy' }, false],
  ["a unlike 'x%'", {}, true],
  ['a regexMatch /b/', { a: 'abc' }, true],
  ['a regexMatch /^B/i', { a: 'bc' }, true],
  ['a regexMatch /^B/', { a: 'bc' }, false],
  ['a regexMatch /^$/', { a: null }, false],
  ['a regexMatch /"x":\\[1,true\\]/', { a: { x: [1, true] } }, true],
  ['a regexMatch /^x/', { a: ['x'] }, false],
  ['a regexMatch /12/', { a: 312 }, true],
  ['a regexMatch /null/', { a: [null] }, true],
  ['a regexMatch /null/', { a: null }, false],
  // in
  ["a in ('x', 'y')", { a: 'y' }, true],
  ["a in ('x', 'y')", { a: ['x'] }, false],
  ["a in ('x', 2, true)", { a: 'TRUE' }, true],
  ['a in (1, null)', {}, true],
  ['a in (b)', { a: 1, b: ['1'] }, true],
  ['a in (b)', { a: 1, b: 1 }, false],
  ["a in (b split(':'))", { a: 'y', b: 'x:y:z' }, true],
  ["a in (b split(':'))", { a: 'y:z', b: 'x:y:z' }, false],
  ["a in (b split(':'))", { a: 'y', b: 'xy:yz' }, false],
  ["a in (b split(':'))", { a: 'y', b: 'xy:y' }, true],
  ["a in (b split(':'))", { a: '', b: 'x:' }, true],
  ["a in (b split(':'))", { a: 5, b: 'x:5' }, true],
  ["a in (b split(':'))", { a: 'y', b: ['x', 'z:y'] }, true],
  ["a in (b split(':'))", { a: 'y', b: [7, ['y'], null] }, false],
  ["a in (b split(':'))", { a: 'y' }, false],
  ["a in (b.c split(':'))", { a: 'y', b: { c: 'y' } }, true],
  ["a in (b split('::'))", { a: 'y', b: 'x::y' }, true],
  ["'y' in ('x:y' split(':'))", {}, true],
  // arrays
  ['a contain [$ = 1]', { a: [0, 1] }, true],
  ['a contain [$ = 1]', { a: 1 }, false],
  ['a contain [$ = 1]', {}, false],
  ['a contain [b = 1 and c = 1]', { a: [{ b: 1 }, { c: 1 }] }, false],
  ['a contain [b = 1]', { a: { b: 1 } }, true],
  ['a.b contain-any [c]', { a: { b: [{ c: 1 }] } }, true],
  ['a contain-all [$ > 0]', { a: [1, 2] }, true],
  ['a contain-all [$ > 0]', { a: [1, 0] }, false],
  ['a contain-all [$ > 0]', { a: [] }, true],
  ['a contain-all [$ > 0]', {}, false],
  ['a contain-none [$ > 0]', { a: [0] }, true],
  ['a contain-none [$ > 0]', { a: [0, 1] }, false],
  ['a contain-none [$ > 0]', {}, true],
  ["a contain ['x']", { a: ['x'] }, true],
  ["a contain ['x%']", { a: ['XY'] }, true],
  ['a contain [2]', { a: ['2'] }, true],
  ['a with [b]', { a: [{ b: 1 }] }, true],
  ['a with [b] length() = 2', { a: [{ b: 1 }, {}, { b: 1 }] }, true],
  ['a with [b] length() > 0', {}, false],
  ['a with [b = 1] with [c = 2] length() = 1', { a: [{ b: 1 }, { b: 1, c: 2 }] }, true],
  ['a groupBy [b] contain [values length() > 1]', { a: [{ b: 'x' }, { b: 'y' }, { b: 'x' }] }, true],
  ['a groupBy [b] length() = 3', { a: [{ b: 'x' }, { b: ['x'] }, { b: ['x'] }, { b: '["x"]' }] }, true],
  ['a groupBy [b] length() = 1', { a: [{}, { b: null }] }, true],
  ['a groupBy [b]', { a: 'x' }, false],
  ['a contain [b contain [c contain [$ = 1]]]', { a: [{ b: [{ c: [1] }] }] }, true],
  // leaving the bracket
  ['a contain [$ = ~b]', { a: [1, 2], b: 2 }, true],
  ["a contain [$ = ~getValue('b')]", { a: [1], b: 2 }, false],
  ['a contain [~b length() = 2]', { a: [1], b: [1, 2] }, true],
  // functions
  ['a isEmpty()', {}, true],
  ['a isEmpty()', { a: '' }, true],
  ['a isEmpty()', { a: {} }, true],
  ['a isEmpty()', { a: { b: 1 } }, false],
  ['a isEmpty()', { a: [0] }, false],
  ['a isEmpty()', { a: 0 }, false],
  ['a length() = 0', {}, true],
  ['a length() = 3', { a: 'abc' }, true],
  ['a length() = 1', { a: { b: 1 } }, true],
  ['a length() = 1', { a: 1 }, false],
  ["a split(',') length() = 2", { a: 'x,y' }, true],
  ["a split(',') contain [$ = 'y']", { a: 'x,y' }, true],
  ["a split(',')", { a: 5 }, false],
  // dates
  ["a before(-90, 'days')", { a: NOW - 91 * DAY }, true],
  ["a before(-90, 'days')", { a: NOW - 90 * DAY }, false],
  ["a before(-90, 'days')", { a: NEVER }, true],
  ["a before(-90, 'days')", {}, true],
  ["a after(-90, 'days')", {}, false],
  ["a after(-90, 'days')", { a: NOW }, true],
  ["a after(-90, 'days')", { a: 'yesterday' }, false],
  ["a before(-90, 'days')", { a: 'yesterday' }, false],
  ["a after(-2, 'hours') and a before(-90, 'minutes')", { a: NOW - 6000 }, true],
  ["a after(-1, 'months')", { a: Date.UTC(2024, 1, 29, 12, 0, 1) / 1000 }, true],
  ["a after(-1, 'months')", { a: Date.UTC(2024, 1, 29, 12) / 1000 }, false],
  ["a before(1, 'years')", { a: Date.UTC(2025, 2, 31, 11) / 1000 }, true],
  ["a before(-2, 'weeks')", { a: NOW - 15 * DAY }, true],
  // logic
  ['a or b and c', { a: true }, true],
  ['(a or b) and c', { a: true }, false],
  ['not a = 1', { a: 2 }, true],
  ["not a in ('x') and b", { a: 'y', b: 1 }, true],
  ["'x' = 'x' and true", {}, true],
  ['a and b and c and d and e', { a: 1, b: 1, c: 1, d: 1, e: 1 }, true],
  ['a or b or c or d', { d: 1 }, true],
  ["a = 'x' and b = 'y'", { a: 'x', b: 'y' }, true],
  ["a = 'x' and b = 'y' and c and d and e", { a: 'x', b: 'y', c: 1, d: 1 }, false],
  ["a = 'x' and b = 'y' and c", 'text', false],
  ['a.b.c = 1 or a.d.e', { a: { d: { e: 1 } } }, true],
  ['a.b.c = null or a.d.e', {}, true],
  ['a.b.c = null or a.d.e', { a: { b: { c: 1 } } }, false],
  ['a.b.c = 1 or a.d.e = null', { a: { d: 1 } }, true],
];

describe('conditions', () => {
  it.each(CONDITIONS)('%s on %j: %j', (condition, entity, expected) => {
    expect(holds(condition, entity)).toBe(expected);
  });
});

describe('rules', () => {
  it.each([
    ['T where a should have b', {}, 'not-relevant'],
    ['T where a should have b', { a: 1 }, 'non-compliant'],
    ['T where a should have b', { a: 1, b: 1 }, 'compliant'],
    ['T should not have b', {}, 'compliant'],
    ['T should not b', { b: 1 }, 'non-compliant'],
    ['T should be b', { b: 1 }, 'compliant'],
    ['T should have b exclude a', { a: 1 }, 'not-relevant'],
    ['T where c should have b exclude a', { c: 1 }, 'non-compliant'],
    ['T where a', { a: 1 }, 'non-compliant'],
    ['T where a', {}, 'not-relevant'],
    ['true', null, 'compliant'],
    ['FALSE', null, 'non-compliant'],
    ['List<T> should have items', { items: [] }, 'non-compliant'],
    ['List<T> should have items contain [a = ~n]', { items: [{ a: 1 }], n: 1 }, 'compliant'],
  ])('%s on %j: %s', (text, entity, outcome) => {
    expect(judge(text, entity)).toBe(outcome);
  });

  it('tells the entity type and whether a list of them is judged', () => {
    const shape = (text: string): unknown => {
      const result = compileRule(text);
      return result.ok ? [result.compiled.entityType, result.compiled.isList] : null;
    };
    expect(shape('IamRole should have tags')).toEqual(['IamRole', false]);
    expect(shape('List<IamRole> should have items')).toEqual(['IamRole', true]);
    expect(shape('true')).toEqual([null, false]);
  });
});

/** For every switch: another value, a condition and an entity on which it differs from the default. */
const DIFFERENCES: {
  readonly [K in keyof Switches]: readonly [value: Switches[K], condition: string, entity: unknown];
} = {
  emptyTextIsTrue: [true, 'a', { a: '' }],
  zeroIsTrue: [true, 'a', { a: 0 }],
  booleanTextAnyCase: [false, 'a = true', { a: 'True' }],
  textEqualityAnyCase: [true, "a in (b split(':'))", { a: 'X', b: 'x' }],
  numberEqualsText: [false, 'a = b', { a: 5, b: '5' }],
  nullIsUnequal: [false, 'a != 1', {}],
  nullOrder: ['lowest', 'a < 1', {}],
  nullLength: ['null', 'a length() = 0', {}],
  emptyContainAll: [false, 'a contain-all [b]', { a: [] }],
  objectAsList: [false, 'a contain [b]', { a: { b: 1 } }],
  bareTextIsPattern: [false, "a contain ['x%']", { a: ['xy'] }],
  regexOnStructure: ['false', 'a regexMatch /x/', { a: ['x'] }],
  splitList: ['null', "a in (b split(':'))", { a: 'x', b: ['x'] }],
  deepOutward: ['parent', 'a contain [b contain [$ = ~c]]', { a: [{ b: [1], c: 1 }] }],
  month: ['30-days', "a before(-1, 'months')", { a: NOW - 30 * DAY - 1 }],
  longUnits: ['reject', "a before(-1, 'weeks')", { a: NEVER }],
  shouldBe: ['reject', '', {}],
  excluded: ['compliant', '', {}],
};

describe('switches', () => {
  it('are all listed, with their default first', () => {
    expect(SWITCHES.map(({ name }) => name).sort()).toEqual(Object.keys(DIFFERENCES).sort());
    for (const info of SWITCHES) {
      expect(info.values.length).toBeGreaterThan(1);
      expect(info.default).toBe(info.values[0]);
      expect(DEFAULT_SWITCHES[info.name]).toBe(info.default);
      expect(info.description).toMatch(/^\S.*[^.]$/);
    }
  });

  const evaluated = Object.entries(DIFFERENCES).filter(
    ([name, [, condition]]) => condition !== '' && !['deepOutward', 'longUnits'].includes(name),
  );
  it.each(evaluated)('%s', (name, [value, condition, entity]) => {
    const [byDefault, switched] = [holds(condition, entity), holds(condition, entity, { [name]: value })];
    expect(switched).toBe(!byDefault);
  });

  it('deepOutward: refused, the root, or the parent', () => {
    const condition = 'a contain [b contain [$ = ~c]]';
    const parent = { a: [{ b: [1], c: 1 }], c: 2 };
    const root = { a: [{ b: [1], c: 2 }], c: 1 };
    expect(compileRule(`T should have ${condition}`)).toMatchObject({
      ok: false,
      errors: [{ code: 'outward' }],
    });
    expect(holds(condition, parent, { deepOutward: 'parent' })).toBe(true);
    expect(holds(condition, root, { deepOutward: 'parent' })).toBe(false);
    expect(holds(condition, parent, { deepOutward: 'root' })).toBe(false);
    expect(holds(condition, root, { deepOutward: 'root' })).toBe(true);
    expect(holds('a contain [b contain [$ = ~~c]]', root, { deepOutward: 'parent' })).toBe(true);
    const between = { a: [{ n: 1, b: [{ k: [0] }, { k: [1], n: 5 }] }] };
    expect(holds('a contain [b contain [k contain [$ = ~~n]]]', between, { deepOutward: 'parent' })).toBe(
      true,
    );
    expect(holds('a contain [b contain [k contain [~n = 5]]]', between, { deepOutward: 'parent' })).toBe(
      true,
    );
  });

  it('longUnits, shouldBe: refused when switched off', () => {
    const weeks = compileRule("T should have a before(-1, 'weeks')", { switches: { longUnits: 'reject' } });
    expect(weeks).toMatchObject({ ok: false, errors: [{ code: 'bad-argument' }] });
    const be = compileRule('T should be a', { switches: { shouldBe: 'reject' } });
    expect(be).toMatchObject({ ok: false, errors: [{ code: 'not-allowed' }] });
  });

  it('excluded: not relevant, or compliant', () => {
    expect(judge('T should have a exclude b', { b: 1 })).toBe('not-relevant');
    expect(judge('T should have a exclude b', { b: 1 }, { excluded: 'compliant' })).toBe('compliant');
  });

  it('hold in every form of a comparison', () => {
    const anyCase = { textEqualityAnyCase: true };
    expect(holds("a = 'x' and b in ('y') and c contain ['z']", { a: 'X', b: 'Y', c: ['Z'] }, anyCase)).toBe(
      true,
    );
    expect(holds("a split(':') contain [$ = 'x']", { a: ['X:y'] }, { splitList: 'null' })).toBe(false);
    expect(holds('a <= 0', {}, { nullOrder: 'lowest' })).toBe(true);
    expect(holds('a >= b', {}, { nullOrder: 'lowest' })).toBe(true);
    expect(holds("a unlike 'x'", {}, { nullIsUnequal: false })).toBe(false);
  });
});
