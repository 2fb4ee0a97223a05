import { ANY_ACCOUNT, type ElementSource, type ReadPlan, type RowPlan } from './reader.ts';

/** A wanted field, or an object on the way to one. */
export interface FieldNode {
  /** The path joined with `/`. */
  readonly name: string;
  /** Null for a wanted field. */
  readonly children: Map<string, FieldNode> | null;
}

export interface Candidate {
  readonly source: number;
  readonly at: readonly string[];
}

/** A plan arranged for lookup by key. */
export interface PlanIndex {
  readonly sources: readonly {
    readonly shape: ElementSource['shape'];
    readonly tree: FieldNode;
    readonly whole: boolean;
    readonly row: RowPlan | null;
    /** True when each container is a scope of its own. */
    readonly ownScope: boolean;
  }[];
  /** By the last key of `at`, in the plan's order. */
  readonly byKey: ReadonlyMap<string, readonly Candidate[]>;
  /** The source whose elements are the documents themselves, or -1. */
  readonly root: number;
  /** Facts as the plan spells them, by key as `spell` gives it. */
  readonly facts: ReadonlyMap<string, string>;
  /** How a key of the document is looked up. */
  readonly spell: (key: string) => string;
}

const asIs = (key: string): string => key;
const folded = (key: string): string => key.toLowerCase();

export function compilePlan(plan: ReadPlan): PlanIndex {
  const spell = plan.anyCase === true ? folded : asIs;
  const byKey = new Map<string, Candidate[]>();
  let root = -1;
  plan.sources.forEach(({ at: path }, source) => {
    const at = path.map(spell);
    const last = at.at(-1);
    if (last === undefined) {
      root = source;
      return;
    }
    const candidates = byKey.get(last);
    if (candidates === undefined) byKey.set(last, [{ source, at }]);
    else candidates.push({ source, at });
  });
  return {
    sources: plan.sources.map(({ at, shape, fields, whole, row }) => ({
      shape,
      tree: fieldTree(fields, spell),
      whole: whole === true,
      row: row ?? null,
      ownScope: at.at(-1) === ANY_ACCOUNT,
    })),
    byKey,
    root,
    facts: new Map(plan.facts.toReversed().map((fact) => [spell(fact), fact])),
    spell,
  };
}

const ACCOUNT = /^\d{12}$/;
const NONE: readonly Candidate[] = [];

/** The sources whose container may stand under the key. */
export function candidatesAt({ byKey }: PlanIndex, key: string): readonly Candidate[] {
  const found = byKey.get(key);
  if (found !== undefined) return found;
  return (byKey.has(ANY_ACCOUNT) && ACCOUNT.test(key) ? byKey.get(ANY_ACCOUNT) : null) ?? NONE;
}

/** True when a key stands where the path to a container wants this step. */
export function isStep(step: string | undefined, key: string): boolean {
  return step === key || (step === ANY_ACCOUNT && ACCOUNT.test(key));
}

function fieldTree(fields: ElementSource['fields'], spell: PlanIndex['spell']): FieldNode {
  const root: FieldNode = { name: '', children: new Map() };
  for (const path of fields) {
    let node = root;
    path.forEach((key, index) => {
      const children = node.children as Map<string, FieldNode>;
      const name = path.slice(0, index + 1).join('/');
      const next = children.get(spell(key)) ?? {
        name,
        children: index === path.length - 1 ? null : new Map(),
      };
      children.set(spell(key), next);
      node = next;
    });
  }
  return root;
}
