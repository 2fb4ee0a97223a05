import type { Json, JsonObject } from '../iam/json.ts';
import type { Principal } from '../iam/principals.ts';
import type { Statement } from '../iam/trust-policy.ts';
import { capital } from '../text/capital.ts';
import { type Draft, pathsWith } from './draft.ts';
import { asksForMfa, knownExternalId } from './external-ids.ts';
import { type GuardPlan, guardPlans, type Subject } from './guard-plans.ts';
import { narrow } from './narrow-wildcard.ts';
import { refuse } from './refusal.ts';
import type { DerivedStatement, PolicyChange } from './remediation.ts';
import { callersOf, withoutPrincipals, withPrincipals } from './statement-principals.ts';

/** Principals of one statement that take the same guard. */
export interface GuardedGroup {
  readonly plan: GuardPlan;
  /** As the proposal writes them. */
  readonly principals: readonly string[];
  readonly subjects: readonly Subject[];
}

/** What became of one statement. */
export interface ClosedStatement {
  readonly statements: readonly DerivedStatement[];
  readonly changes: readonly PolicyChange[];
  readonly groups: readonly GuardedGroup[];
}

/**
 * Guards a statement that has a way in without a guard. Principals that need no guard keep the statement as it is;
 * the others move to statements of their own, one for each guard.
 */
export function closeStatement(draft: Draft, index: number): ClosedStatement {
  const derived = draft.statements[index] as DerivedStatement;
  const statement = draft.parsed[index] as Statement;
  const open = new Set(
    draft.paths
      .filter((path) => path.statement === index && path.guards.length === 0)
      .map((path) => path.principal),
  );
  if (open.size === 0) return { statements: [derived], changes: [], groups: [] };
  const { origin } = derived;
  const changes: PolicyChange[] = [];
  const rest: DerivedStatement[] = [];
  const guarded: Principal[] = [];
  const wide = statement.exceptPrincipals
    ? [...open]
    : statement.principals.flatMap(({ kind, text }) => (kind === 'anyone' && open.has(text) ? [text] : []));
  if (!statement.exceptPrincipals) {
    const kept = withoutPrincipals(derived.object, open);
    if (kept !== null) rest.push({ ...derived, object: kept });
    guarded.push(...statement.principals.filter(({ kind, text }) => kind !== 'anyone' && open.has(text)));
  }
  if (wide.length > 0) {
    const { wildcard, outside, inside } = narrow(draft, index, wide);
    if (inside !== null) rest.push({ ...derived, object: inside, suffix: `${derived.suffix}OwnAccount` });
    guarded.push(...outside.map((account) => wholeAccount(account, draft.options.partition)));
    const named = outside.map((account) => `account ${account}`);
    if (inside !== null) named.unshift('the own account');
    const sentence = `${capital(wildcard)} is narrowed to what the conditions name: ${listed(named)}.`;
    changes.push({ statement: origin, kind: 'principal-narrowed', sentence });
  }
  const groups = groupByPlan(draft, index, guarded);
  if (rest.length > 0 && groups.length > 0) {
    const sentence = `Statement ${origin} stays as it is for the principals that need no guard; the others move to ${groups.length === 1 ? 'a statement' : 'statements'} of their own.`;
    changes.push({ statement: origin, kind: 'split', sentence });
  }
  for (const { plan, principals } of groups) {
    const sentence = `${listed(principals.map((text) => `\`${text}\``))} in statement ${origin} must now ${plan.demand}.`;
    changes.push({ statement: origin, kind: plan.kind, sentence });
  }
  const all = [...rest, ...groups.map((group) => guardedStatement(derived, group))];
  // The first takes the place and the Sid of the original.
  const statements = all.map((part, at) => (at === 0 ? { ...part, suffix: derived.suffix } : part));
  return { statements, changes, groups };
}

function wholeAccount(account: string, partition: string): Principal {
  return { kind: 'account', account, partition, text: `arn:${partition}:iam::${account}:root` };
}

function guardedStatement(derived: DerivedStatement, group: GuardedGroup): DerivedStatement {
  const { plan, principals, subjects } = group;
  const accounts = new Set(subjects.map(({ account }) => account));
  const suffix = `${plan.guard === 'mfa' ? 'Mfa' : 'ExternalId'}${accounts.size === 1 ? [...accounts][0] : ''}`;
  // The plan was tried on every principal before.
  const object = plan.apply(withPrincipals(derived.object, principals)) as JsonObject;
  return { ...derived, object, suffix: derived.suffix + suffix };
}

function groupByPlan(draft: Draft, index: number, principals: readonly Principal[]): readonly GuardedGroup[] {
  const { conditions } = draft.parsed[index] as Statement;
  const groups = new Map<string, { plan: GuardPlan; principals: Set<string>; subjects: Subject[] }>();
  for (const principal of principals) {
    const account = 'account' in principal ? (principal.account ?? '') : '';
    const callers = callersOf(principal.kind, conditions);
    const subject: Subject = { account, callers, relation: draft.options.relationOf(account) };
    const plan = planFor(draft, index, principal.text, subject);
    const group = groups.get(plan.key) ?? { plan, principals: new Set(), subjects: [] };
    group.principals.add(principal.text);
    group.subjects.push(subject);
    groups.set(plan.key, group);
  }
  return [...groups.values()].map((group) => ({ ...group, principals: [...group.principals] }));
}

/** The first plan that guards the statement and still lets somebody in. */
function planFor(draft: Draft, index: number, principal: Json, subject: Subject): GuardPlan {
  const derived = draft.statements[index] as DerivedStatement;
  const alone = withPrincipals(derived.object, [principal]);
  const elsewhere = {
    externalId: knownExternalId(draft, subject.account),
    mfa: asksForMfa(draft, subject.account),
  };
  const statement = draft.parsed[index] as Statement;
  for (const plan of guardPlans(statement, subject, elsewhere, draft.options)) {
    const object = plan.apply(alone);
    if (object === null) continue;
    const paths = pathsWith(draft, index, object);
    if (paths.length > 0 && paths.every(({ guards }) => guards.length > 0)) return plan;
  }
  return refuse(
    `no guard that ${subject.callers === 'roles' ? 'roles' : 'principals'} of account ${subject.account} could present fits the conditions of statement ${derived.origin}`,
    'take out the conditions that forbid an external ID',
  );
}

function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) as string}`;
}
