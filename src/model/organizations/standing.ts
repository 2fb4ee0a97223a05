import type { DataProblem } from '../../errors.ts';
import type { FactKind } from './fact.ts';

/** Something in the evidence of an organisation that cannot be so. */
export interface OrganizationProblem {
  readonly code: DataProblem;
  /** One sentence. */
  readonly message: string;
}

/** The newest fact of a kind and key; `value` is null where facts of that moment disagree. */
export interface Standing {
  readonly at: string;
  readonly value: string | null;
}

/** What stands of one organisation: newest facts by kind and key. */
export interface StandingFacts {
  get(kind: FactKind, key: string): Standing | undefined;
  /** In the order of keys. */
  all(kind: FactKind): readonly (readonly [key: string, standing: Standing])[];
}

/** @param known by kind, a blank and the key */
export function openStanding(facts: ReadonlyMap<string, Standing>): StandingFacts {
  const known = new Map(facts);
  for (const kind of ['targets', 'attachment'] as const) {
    const untyped = `untyped-${kind} `;
    for (const [place, standing] of facts) {
      if (!place.startsWith(untyped)) continue;
      const key = place.slice(untyped.length);
      const policy = key.split(' ')[0] as string;
      if (!facts.has(`policy-name ${policy}`) && !facts.has(`policy-text ${policy}`)) continue;
      const before = facts.get(`${kind} ${key}`);
      known.set(`${kind} ${key}`, newer(before, standing));
    }
  }
  const byKind = new Map<string, (readonly [string, Standing])[]>();
  for (const [place, standing] of known) {
    const blank = place.indexOf(' ');
    const kind = place.slice(0, blank);
    const ofKind = byKind.get(kind) ?? [];
    byKind.set(kind, ofKind);
    ofKind.push([place.slice(blank + 1), standing]);
  }
  for (const ofKind of byKind.values()) ofKind.sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    get: (kind, key) => known.get(`${kind} ${key}`),
    all: (kind) => byKind.get(kind) ?? [],
  };
}

/** The newer of two words on one matter; where those of one moment differ, it is not known what holds. */
export function newer(before: Standing | undefined, standing: Standing): Standing {
  if (before === undefined || before.at < standing.at) return standing;
  if (before.at > standing.at || before.value === standing.value) return before;
  return { at: standing.at, value: null };
}

/** The earlier of two times; null: there is none yet. */
export function older(since: string | null, at: string): string {
  return since === null || at < since ? at : since;
}

/** What a fact says that is one text; null when it is not known. */
export function textOf(standing: Standing | undefined): string | null {
  return standing?.value == null ? null : (JSON.parse(standing.value) as string);
}

/** What a fact says that is a list; null when it is not known. */
export function listOf(standing: Standing | undefined): readonly string[] | null {
  return standing?.value == null ? null : (JSON.parse(standing.value) as readonly string[]);
}

/** ` and N more` behind the first of a list. */
export function more(list: readonly unknown[]): string {
  return list.length > 1 ? ` and ${list.length - 1} more` : '';
}
