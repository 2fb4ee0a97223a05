import type { Expr } from './ast.ts';

/**
 * Questions the published language reference leaves open. Each is a named switch, so that a reading can be
 * changed without touching a rule, and so that reports can say which reading was used.
 */
export interface Switches {
  readonly emptyTextIsTrue: boolean;
  readonly zeroIsTrue: boolean;
  readonly booleanTextAnyCase: boolean;
  readonly textEqualityAnyCase: boolean;
  readonly numberEqualsText: boolean;
  readonly nullIsUnequal: boolean;
  readonly nullOrder: 'never' | 'lowest';
  readonly nullLength: 'zero' | 'null';
  readonly emptyContainAll: boolean;
  readonly objectAsList: boolean;
  readonly bareTextIsPattern: boolean;
  readonly regexOnStructure: 'json-text' | 'false';
  readonly splitList: 'flatten' | 'null';
  readonly deepOutward: 'reject' | 'root' | 'parent';
  readonly month: 'calendar' | '30-days';
  readonly longUnits: 'accept' | 'reject';
  readonly shouldBe: 'accept' | 'reject';
  readonly excluded: 'not-relevant' | 'compliant';
}

export interface SwitchInfo<K extends keyof Switches = keyof Switches> {
  readonly name: K;
  readonly default: Switches[K];
  readonly values: readonly Switches[K][];
  readonly description: string;
}

/** Checks that a row's default and values are of the switch's own type. */
function row<K extends keyof Switches>(
  name: K,
  values: readonly [Switches[K], ...Switches[K][]],
  description: string,
): SwitchInfo<K> {
  return { name, default: values[0], values, description };
}

/** Every switch, its default (always the first value) and one line on what it decides. */
export const SWITCHES: readonly SwitchInfo[] = [
  row('emptyTextIsTrue', [false, true], 'a bare property that holds an empty text counts as true'),
  row('zeroIsTrue', [false, true], 'a bare property that holds the number 0 counts as true'),
  row('booleanTextAnyCase', [true, false], 'the text `True` equals the boolean true, whatever its case'),
  row('textEqualityAnyCase', [false, true], '`=`, `!=` and `in` ignore the case of text'),
  row('numberEqualsText', [true, false], 'a number equals, and is ordered with, a text that writes a number'),
  row('nullIsUnequal', [true, false], '`!=` is true when exactly one side is null or missing'),
  row(
    'nullOrder',
    ['never', 'lowest'],
    '`<`, `<=`, `>`, `>=` with null: never true, or null counts as the lowest value',
  ),
  row('nullLength', ['zero', 'null'], 'what `length()` gives for null or a missing property'),
  row('emptyContainAll', [true, false], '`contain-all` on an empty list'),
  row('objectAsList', [true, false], 'an array operator treats an object as a list of that one object'),
  row(
    'bareTextIsPattern',
    [true, false],
    'a bare text in an array bracket that holds a `%` is a `like` pattern',
  ),
  row(
    'regexOnStructure',
    ['json-text', 'false'],
    '`regexMatch` on an object or a list searches its JSON text',
  ),
  row(
    'splitList',
    ['flatten', 'null'],
    '`split()` on a list: every text is split and the parts are one list, or null',
  ),
  row('deepOutward', ['reject', 'root', 'parent'], 'what `~` means more than one bracket deep'),
  row('month', ['calendar', '30-days'], 'length of a month (and of a year as 12 months) in date functions'),
  row('longUnits', ['accept', 'reject'], 'date functions know the units weeks and years'),
  row('shouldBe', ['accept', 'reject'], '`should be` is understood as `should have`'),
  row('excluded', ['not-relevant', 'compliant'], 'outcome of an entity that the rule excludes'),
];

/** The default of every switch. */
export const DEFAULT_SWITCHES: Switches = Object.fromEntries(
  SWITCHES.map((info) => [info.name, info.default]),
) as unknown as Switches;

/** A bare text in an array bracket that is a `like` pattern: `Action contain ['%*%']`. */
export function isBarePattern(
  test: Expr,
  { bareTextIsPattern }: Switches,
): test is { readonly kind: 'literal'; readonly value: string } {
  return (
    bareTextIsPattern && test.kind === 'literal' && typeof test.value === 'string' && test.value.includes('%')
  );
}
