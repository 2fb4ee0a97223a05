/** What one argument of a function must be. All arguments are literals. */
export type Argument = 'whole-number' | 'time-unit' | 'text' | 'separator';

export interface FunctionInfo {
  readonly name: string;
  readonly args: readonly Argument[];
  readonly description: string;
}

/** Every function of the language. Written after the value it is applied to, or alone for the element at hand. */
export const FUNCTIONS: readonly FunctionInfo[] = [
  {
    name: 'length',
    args: [],
    description: 'elements of a list, characters of a text, properties of an object',
  },
  {
    name: 'isEmpty',
    args: [],
    description: 'true for null, an empty text, an empty list and an empty object',
  },
  { name: 'split', args: ['separator'], description: 'the parts of a text as a list' },
  { name: 'getValue', args: ['text'], description: 'the property of that name, whatever characters it has' },
  {
    name: 'before',
    args: ['whole-number', 'time-unit'],
    description: 'the date is before now plus so many units',
  },
  {
    name: 'after',
    args: ['whole-number', 'time-unit'],
    description: 'the date is after now plus so many units',
  },
];

/** Functions of the language that only make sense for entities this tool has no evidence of. */
export const UNSUPPORTED_FUNCTIONS: ReadonlySet<string> = new Set([
  'allowedHostsForPort',
  'numberOfHosts',
  'isPublic',
  'isFilterPatternEqual',
]);

const BY_NAME: ReadonlyMap<string, FunctionInfo> = new Map(FUNCTIONS.map((info) => [info.name, info]));

export function functionNamed(name: string): FunctionInfo | null {
  return BY_NAME.get(name) ?? null;
}
