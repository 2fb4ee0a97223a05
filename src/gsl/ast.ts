/** The syntax tree of the rule language. Plain data without positions: two texts of one meaning give equal trees. */
export type Rule =
  /** `true` or `false`: a rule switched to always pass or always fail. */
  | { readonly kind: 'constant'; readonly value: boolean }
  /** `X where ... should [not] have ... [exclude ...]` */
  | {
      readonly kind: 'assertion';
      readonly target: Target;
      readonly negated: boolean;
      readonly verb: 'have' | 'be' | null;
      readonly expected: Expr;
      readonly exclude: Expr | null;
    }
  /** `x where ...`: a search without a requirement. */
  | { readonly kind: 'query'; readonly target: Target };

export interface Target {
  readonly entity: string;
  /** `List<X>`: one object per account whose `items` are the entities. */
  readonly list: boolean;
  readonly where: Expr | null;
}

export type Expr =
  | { readonly kind: 'or'; readonly items: readonly Expr[] }
  | { readonly kind: 'and'; readonly items: readonly Expr[] }
  | { readonly kind: 'not'; readonly operand: Expr }
  | { readonly kind: 'compare'; readonly op: CompareOp; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'like'; readonly negated: boolean; readonly left: Expr; readonly pattern: string }
  | { readonly kind: 'regex'; readonly left: Expr; readonly source: string; readonly flags: string }
  /** `list`: the literals between the brackets. */
  | { readonly kind: 'in-values'; readonly left: Expr; readonly list: readonly Literal[] }
  /** `list`: an expression that gives a list. */
  | { readonly kind: 'in-list'; readonly left: Expr; readonly list: Expr }
  | { readonly kind: 'array'; readonly op: ArrayOp; readonly target: Expr; readonly test: Expr }
  | { readonly kind: 'group-by'; readonly target: Expr; readonly path: Path }
  /** `target` null: the function is applied to the element at hand. */
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly target: Expr | null;
      readonly args: readonly Expr[];
    }
  /** `~`: evaluated outside the bracket. */
  | { readonly kind: 'outward'; readonly levels: number; readonly operand: Path | Call }
  | Literal
  | Path
  /** `$`: the element at hand. */
  | { readonly kind: 'self' };

export type Literal = { readonly kind: 'literal'; readonly value: string | number | boolean | null };
export type Path = { readonly kind: 'path'; readonly segments: readonly string[] };
export type Call = Extract<Expr, { kind: 'call' }>;

export const COMPARE_OPS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];

export const ARRAY_OPS = ['with', 'contain', 'contain-any', 'contain-all', 'contain-none'] as const;
export type ArrayOp = (typeof ARRAY_OPS)[number];

const STRUCTURE_WORDS = ['where', 'should', 'not', 'have', 'be', 'exclude', 'and', 'or', 'in'] as const;
const OPERATOR_WORDS = [...ARRAY_OPS, 'groupBy', 'like', 'unlike', 'regexMatch'] as const;

/** Words that cannot begin a path. `true`, `false` and `null` count in any case, the others as written here. */
export const KEYWORDS: ReadonlySet<string> = new Set([...STRUCTURE_WORDS, ...OPERATOR_WORDS]);

export function isConstantWord(word: string): boolean {
  return /^(?:true|false|null)$/i.test(word);
}
