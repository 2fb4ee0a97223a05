import type { Diff, DiffChange } from '../../history/compare/diff.ts';
import { SEVERITIES, type Severity } from '../../model/verdict.ts';

/** What becomes of findings, in the order of importance in which people read it. */
export const SECTIONS = [
  'critical',
  'new',
  'reopened',
  'changed',
  'resolved',
  'not-comparable',
  'unchanged',
] as const;
export type Section = (typeof SECTIONS)[number];

export const SECTION_TITLE: Readonly<Record<Section, string>> = {
  critical: 'New or reopened, and critical',
  new: 'New',
  reopened: 'Reopened',
  changed: 'Changed',
  resolved: 'Resolved',
  'not-comparable': 'Not comparable',
  unchanged: 'Unchanged',
};

/** The changes of a section that are listed, the most important first, and how many there are. */
export interface RankedSection {
  readonly section: Section;
  readonly listed: readonly DiffChange[];
  readonly count: number;
}

/** The changes in order of importance, and whether more rules than one have any. */
export interface RankedChanges {
  /** Those with a change. */
  readonly sections: readonly RankedSection[];
  readonly several: boolean;
}

/**
 * Goes through the changes once and keeps so many of each section: by direction and severity, the worst first, and among
 * these by account, ARN, rule, role id. Holds no more than that many of each rank.
 */
export function rankChanges({ changes }: Pick<Diff, 'changes'>, most: number): RankedChanges {
  const ranks = new Map<string, DiffChange[]>();
  const counts = new Map<Section, number>();
  const rules = new Set<string>();
  for (const one of changes) {
    const section = sectionOf(one);
    counts.set(section, (counts.get(section) ?? 0) + 1);
    rules.add(one.rule);
    const key = `${section} ${rankOf(one)}`;
    const rank = ranks.get(key) ?? [];
    if (rank.length === 0) ranks.set(key, rank);
    if (rank.length < most) rank.push(one);
  }
  const sections = SECTIONS.flatMap((section): readonly RankedSection[] => {
    const count = counts.get(section);
    if (count === undefined) return [];
    const listed = RANKS.flatMap((rank) => ranks.get(`${section} ${rank}`) ?? []).slice(0, most);
    return [{ section, listed, count }];
  });
  return { sections, several: rules.size > 1 };
}

function sectionOf({ change, severity }: DiffChange): Section {
  return severity === 'critical' && (change === 'new' || change === 'reopened') ? 'critical' : change;
}

const DIRECTIONS = ['worse', 'other', 'better', 'none'] as const;
const WEIGHTS: readonly (Severity | 'none')[] = [...SEVERITIES, 'none'];
const RANKS = DIRECTIONS.flatMap((direction) => WEIGHTS.map((weight) => `${direction} ${weight}`));

function rankOf({ direction, severity }: DiffChange): string {
  return `${direction ?? 'none'} ${severity ?? 'none'}`;
}

/** How many ranks `importanceOf` knows. */
export const IMPORTANCES = SECTIONS.length * RANKS.length;

/** The rank of a change among all: by section, then as in one; 0 comes first. */
export function importanceOf(one: DiffChange): number {
  return SECTIONS.indexOf(sectionOf(one)) * RANKS.length + RANKS.indexOf(rankOf(one));
}
