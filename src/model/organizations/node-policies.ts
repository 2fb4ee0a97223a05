import { FULL_ACCESS, isAccountNumber } from './fact.ts';
import type { AttachedPolicy, PoliciesOfAccount, UnknownPolicies } from './organization.ts';
import { listOf, more, type OrganizationProblem, older, type StandingFacts, textOf } from './standing.ts';
import type { Tree } from './tree.ts';

/** The resource control policies at the places of an organisation. */
export interface NodePolicies {
  /**
   * Those attached to any of these places; `since` is when the oldest word on them was said, where they are attached and
   * what they say, as facts have it.
   *
   * @param nodes from the root down
   */
  along(nodes: readonly string[]): PoliciesOfAccount;
  /** When policies were last seen attached; null when they never were. */
  readonly lastAttached: string | null;
}

export function unknownPolicies(lack: string): UnknownPolicies {
  return { policies: null, since: null, lack };
}

/** What is known of the organisation otherwise. */
interface Surroundings {
  /** All accounts; null when these are not known. */
  readonly accounts: ReadonlySet<string> | null;
  readonly tree: Tree;
}

/** What is said of a policy at a place: the newest word, and `null` where words of one moment contradict each other. */
interface Word {
  readonly at: string;
  readonly attached: boolean | null;
}

/** By policy in small letters, when it was said. */
type Attached = ReadonlyMap<string, string>;

/**
 * Which policies are attached where. Evidence says it from three sides: all policies of a place, all places of a policy,
 * or of one place and one policy that they belong together. The newest word on a policy at a place holds. All
 * policies of a place are known when they were listed, or when all policies of the organisation and their places were.
 */
export function openNodePolicies(
  facts: StandingFacts,
  { accounts, tree }: Surroundings,
  problems: OrganizationProblem[],
): NodePolicies {
  const list = facts.get('policies', '');
  const all = listOf(list);
  const listed = all === null ? null : new Set(all.map((id) => id.toLowerCase()));
  /** What the list of all policies does not name is gone since. */
  const isGone = (policy: string, at: string): boolean =>
    list !== undefined && listed !== null && at < list.at && !listed.has(policy);
  const spelling = new Map<string, string>();
  const spell = (id: string): string => {
    const small = id.toLowerCase();
    const before = spelling.get(small);
    // Folders are named in small letters; capitals come first in the order of text.
    if (before === undefined || id < before) spelling.set(small, id);
    return small;
  };
  for (const id of all ?? []) spell(id);
  const words = wordsOf(facts, spell);
  /** When evidence last failed to show what it should have shown of policies. */
  const lostAt = facts.get('policies-lost', '')?.at ?? '';
  const unplaced = unplacedPolicy(facts, listed);
  const isListWhole = listed !== null && (list?.at ?? '') >= lostAt;
  reportStrangers(facts, words, { accounts, tree, isGone, spelling }, problems);

  /** When it last was not known where some policy is attached. */
  const unclearAt = facts
    .all('targets')
    .reduce((last, [, { at, value }]) => (value === null && at > last ? at : last), '');
  /** Why the list of policies does not tell of every place which are attached to it; null where it does. */
  const lackOfList = !isListWhole
    ? 'which resource control policies there are'
    : unplaced === null
      ? null
      : `where ${spelling.get(unplaced) ?? unplaced} is attached`;
  const ofNode = new Map<string, Attached | null>();
  function at(node: string): Attached | null {
    const before = ofNode.get(node);
    if (before !== undefined) return before;
    const attached = attachedTo(node);
    ofNode.set(node, attached);
    return attached;
  }

  function attachedTo(node: string): Attached | null {
    const own = facts.get('attached', node);
    if (own === undefined) {
      if (lackOfList !== null) return null;
    } else if (own.value === null || own.at <= unclearAt || own.at < lostAt) return null;
    const found = new Map<string, string>();
    for (const [policy, word] of words.get(node) ?? []) {
      if (policy === FULL_ACCESS || isGone(policy, word.at)) continue;
      if (word.attached === null) return null;
      if (word.attached) found.set(policy, word.at);
    }
    return found;
  }

  return {
    lastAttached: lastAttached(words, isGone),
    along(nodes) {
      const targets = new Map<string, string[]>();
      let since: string | null = null;
      for (const node of nodes) {
        const attached = at(node);
        if (attached === null) {
          const isSaid = facts.get('attached', node) !== undefined || lackOfList === null;
          return unknownPolicies(
            isSaid ? `which resource control policies are attached to ${node}` : lackOfList,
          );
        }
        for (const [policy, at] of attached) {
          targets.set(policy, [...(targets.get(policy) ?? []), node]);
          since = older(since, at);
        }
      }
      const policies: AttachedPolicy[] = [];
      for (const policy of [...targets.keys()].sort()) {
        const text = facts.get('policy-text', policy);
        const content = textOf(text);
        if (text === undefined || content === null)
          return unknownPolicies(`a text of ${spelling.get(policy) ?? policy} that can be used`);
        since = older(since, text.at);
        policies.push({
          id: spelling.get(policy) ?? policy,
          name: textOf(facts.get('policy-name', policy)),
          content,
          targets: targets.get(policy) ?? [],
        });
      }
      return { policies, since, lack: null };
    },
  };
}

/** By place, what is said of every policy that is named anywhere together with it. */
function wordsOf(
  facts: StandingFacts,
  spell: (id: string) => string,
): ReadonlyMap<string, ReadonlyMap<string, Word>> {
  const words = new Map<string, Map<string, Word>>();
  const say = (node: string, policy: string, at: string, attached: boolean): void => {
    let ofNode = words.get(node);
    if (ofNode === undefined) {
      ofNode = new Map();
      words.set(node, ofNode);
    }
    const before = ofNode.get(policy);
    if (before === undefined || before.at < at) ofNode.set(policy, { at, attached });
    else if (before.at === at && before.attached !== attached) ofNode.set(policy, { at, attached: null });
  };
  for (const [node, standing] of facts.all('attached'))
    for (const id of listOf(standing) ?? []) say(node, spell(id), standing.at, true);
  for (const [policy, standing] of facts.all('targets')) {
    for (const node of listOf(standing) ?? []) say(node, policy, standing.at, true);
  }
  for (const [key, standing] of facts.all('attachment')) {
    const [policy = '', node = ''] = key.split(' ');
    spell(textOf(standing) ?? policy);
    say(node, policy, standing.at, true);
  }
  // What lists of a place, or of a policy, leave out.
  for (const [node, ofNode] of words) {
    const own = facts.get('attached', node);
    const named = new Set((listOf(own) ?? []).map((id) => id.toLowerCase()));
    for (const policy of [...ofNode.keys()]) {
      if (own !== undefined && own.value !== null && !named.has(policy)) say(node, policy, own.at, false);
      const targets = facts.get('targets', policy);
      const places = listOf(targets);
      if (targets !== undefined && places !== null && !places.includes(node))
        say(node, policy, targets.at, false);
    }
  }
  return words;
}

function lastAttached(
  words: ReadonlyMap<string, ReadonlyMap<string, Word>>,
  isGone: (policy: string, at: string) => boolean,
): string | null {
  let last: string | null = null;
  for (const ofNode of words.values()) {
    for (const [policy, { at, attached }] of ofNode) {
      if (attached === true && policy !== FULL_ACCESS && !isGone(policy, at) && at > (last ?? '')) last = at;
    }
  }
  return last;
}

/** The first of the known policies of which not all places are known that it is attached to. */
function unplacedPolicy(facts: StandingFacts, listed: ReadonlySet<string> | null): string | null {
  const policies = new Set(listed);
  const list = facts.get('policies', '');
  for (const kind of ['policy-text', 'policy-name', 'targets'] as const)
    for (const [policy, { at }] of facts.all(kind))
      if (list !== undefined && at >= list.at) policies.add(policy);
  policies.delete(FULL_ACCESS);
  return [...policies].sort().find((policy) => facts.get('targets', policy)?.value == null) ?? null;
}

interface Judging extends Surroundings {
  readonly isGone: (policy: string, at: string) => boolean;
  readonly spelling: ReadonlyMap<string, string>;
}

/** Attachments that contradict each other, lead to nothing, or are of policies that nothing else is known of. */
function reportStrangers(
  facts: StandingFacts,
  words: ReadonlyMap<string, ReadonlyMap<string, Word>>,
  { accounts, tree, isGone, spelling }: Judging,
  problems: OrganizationProblem[],
): void {
  const torn: string[] = [];
  const nowhere: string[] = [];
  const unknown = new Set<string>();
  const spelt = (policy: string): string => spelling.get(policy) ?? policy;
  for (const node of [...words.keys()].sort()) {
    for (const [policy, { at, attached }] of words.get(node) ?? []) {
      if (policy === FULL_ACCESS || isGone(policy, at) || attached === false) continue;
      if (attached === null) torn.push(`${spelt(policy)} at ${node}`);
      // An account that left the organisation since takes its attachments along.
      else if (accounts !== null && !tree.knows(node) && !accounts.has(node) && isNewest(facts, node, at))
        nowhere.push(`${spelt(policy)} to ${node}`);
      const isKnown =
        facts.get('policy-text', policy) !== undefined || facts.get('policy-name', policy) !== undefined;
      if (!isKnown) unknown.add(spelt(policy));
    }
  }
  const disagreeing = facts.all('attached').filter(([, { value }]) => value === null);
  for (const [node] of disagreeing) torn.push(`those at ${node}`);
  for (const [policy, { value }] of facts.all('targets'))
    if (value === null) torn.push(`the places of ${spelt(policy)}`);
  if (facts.get('policies', '')?.value === null) torn.push('which policies there are');
  if (torn.length > 0) {
    const message = `files of one moment, or one file, say different things of attached policies: ${torn.sort()[0]}${more(torn)}`;
    problems.push({ code: 'organization-conflict', message });
  }
  if (nowhere.length > 0) {
    const message = `a policy is attached to what does not exist: ${nowhere.sort()[0]}${more(nowhere)}`;
    problems.push({ code: 'organization-target-unknown', message });
  }
  const unattached = unattachedPolicies(facts, { words, isGone, accounts });
  if (unattached.length > 0) {
    const message = `a policy is attached to nothing, so it guards nothing: ${spelt(unattached[0] as string)}${more(unattached)}`;
    problems.push({ code: 'organization-policy-unattached', message });
  }
  if (unknown.size > 0) {
    const ids = [...unknown].sort();
    const message = `nothing is known of a policy that is attached: ${ids[0]}${more(ids)}`;
    problems.push({ code: 'organization-policy-unknown', message });
  }
}

/**
 * Policies with a text that are attached nowhere, by evidence that says where policies are. AWS lets one be, but evidence that
 * lost its attachments looks the same.
 */
function unattachedPolicies(
  facts: StandingFacts,
  {
    words,
    isGone,
    accounts,
  }: Pick<Judging, 'isGone' | 'accounts'> & {
    readonly words: ReadonlyMap<string, ReadonlyMap<string, Word>>;
  },
): readonly string[] {
  const named = new Set<string>();
  for (const ofNode of words.values())
    for (const [policy, { attached }] of ofNode) if (attached !== false) named.add(policy);
  const root = textOf(facts.get('root', ''));
  const nodes = [
    ...(root === null ? [] : [root]),
    ...facts.all('parent').map(([child]) => child),
    ...(accounts ?? []),
  ];
  const areNodesListed =
    accounts !== null && nodes.every((node) => facts.get('attached', node)?.value != null);
  return facts
    .all('policy-text')
    .filter(([policy, { at }]) => {
      if (policy === FULL_ACCESS || named.has(policy) || isGone(policy, at)) return false;
      const targets = listOf(facts.get('targets', policy));
      return targets === null ? areNodesListed : targets.length === 0;
    })
    .map(([policy]) => policy)
    .sort();
}

/** False for a word from before the list of all accounts, which an account may have left since. */
function isNewest(facts: StandingFacts, node: string, at: string): boolean {
  return !isAccountNumber(node) || at >= (facts.get('accounts', '')?.at ?? '');
}
