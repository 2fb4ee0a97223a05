import { isRootId, isUnitId } from './fact.ts';
import { more, type OrganizationProblem, type StandingFacts, textOf } from './standing.ts';

/** The units of an organisation, as far as evidence shows them. */
export interface Tree {
  /** From the root down to the unit that holds the account; null where the evidence does not show all of it. */
  pathOf(account: string): readonly string[] | null;
  /** What of that way is not known, as the object of a sentence. */
  lackOf(account: string): string;
  /** True for a root or unit that something is known of apart from policies. */
  knows(node: string): boolean;
}

/** Deeper than AWS lets units be nested (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html). */
const DEEPEST = 64;

export function openTree(
  facts: StandingFacts,
  accounts: readonly string[],
  problems: OrganizationProblem[],
): Tree {
  const root = facts.get('root', '');
  const known = new Set<string>();
  if (root !== undefined) known.add(textOf(root) ?? '');
  const torn: string[] = [];
  const members = new Set(accounts);
  for (const [child, standing] of facts.all('parent')) {
    const parent = textOf(standing);
    if (isUnitId(child)) known.add(child);
    if (parent !== null) known.add(parent);
    else if (isUnitId(child) || members.has(child)) torn.push(child);
  }
  if (torn.length > 0) {
    const message = `files of one moment, or one file, put ${torn[0]}${more(torn)} below two parents`;
    problems.push({ code: 'organization-two-parents', message });
  }
  const circles = circlesIn(facts);
  if (circles.length > 0) {
    const message = `the units go round in a circle at ${circles[0]}${more(circles)}`;
    problems.push({ code: 'organization-unit-cycle', message });
  }
  const ofUnit = new Map<string, readonly string[] | null>();

  /** Of a root or unit, itself included. */
  function pathTo(node: string, depth: number): readonly string[] | null {
    if (isRootId(node)) return root === undefined || textOf(root) === node ? [node] : null;
    const before = ofUnit.get(node);
    if (before !== undefined) return before;
    const parent = depth > DEEPEST ? null : textOf(facts.get('parent', node));
    const above = parent === null ? null : pathTo(parent, depth + 1);
    const path = above === null ? null : [...above, node];
    // What was given up for its depth alone may be reached from elsewhere.
    if (depth === 0) ofUnit.set(node, path);
    return path;
  }

  return {
    pathOf(account) {
      const parent = textOf(facts.get('parent', account));
      return parent === null ? null : pathTo(parent, 0);
    },
    lackOf(account) {
      let node = account;
      for (let depth = 0; depth <= DEEPEST; depth++) {
        const parent = textOf(facts.get('parent', node));
        if (parent === null) return `in which unit ${node} lies`;
        if (isRootId(parent)) return `which root is that of the organisation, of ${parent} and another one`;
        node = parent;
      }
      return `the way of ${account} to the root`;
    },
    knows: (node) => known.has(node),
  };
}

/** The least unit of each circle. */
function circlesIn(facts: StandingFacts): readonly string[] {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const [child] of facts.all('parent')) {
    const way: string[] = [];
    const onWay = new Set<string>();
    let node: string | null = child;
    while (node !== null && isUnitId(node) && !seen.has(node)) {
      seen.add(node);
      onWay.add(node);
      way.push(node);
      node = textOf(facts.get('parent', node));
    }
    if (node !== null && onWay.has(node)) found.push(way.slice(way.indexOf(node)).sort()[0] as string);
  }
  return found.sort();
}
