import type { RuleOutcome } from '../gsl/assemble.ts';
import type { Outcome } from '../model/exposure.ts';
import type { EntityRecord, EntityType } from '../model/record.ts';
import type { PolicyVerdict } from '../model/verdict.ts';
import type { FurtherRule } from '../rules/custom/further-rule.ts';
import { ruleDigest } from '../rules/digest.ts';
import { BoundedMap } from '../text/bounded-map.ts';
import { type EntityView, viewEntity } from './entity-view.ts';

/** What all rules over entities of one type say of one of them. */
export interface EntityOutcomes {
  /**
   * A JSON object that names the outcome under each rule id and the digest of that rule, in the order of ids: the
   * same rules and outcomes, the same text.
   */
  readonly text: string;
  /** Rules that the evidence does not hold enough for are left out. */
  readonly verdicts: readonly PolicyVerdict[];
}

/** The rules of rule files, ready to judge. */
export interface EntityRules {
  /** The types that some rule judges. */
  readonly types: ReadonlySet<EntityType>;
  /** Null for an entity that is gone. The same outcomes give the same object back. */
  judge(record: EntityRecord): EntityOutcomes | null;
}

const OUTCOMES: Readonly<Record<RuleOutcome, Outcome>> = {
  compliant: 'pass',
  'non-compliant': 'fail',
  'not-relevant': 'not-applicable',
};

/** Distinct outcomes kept; there are rarely more than a few hundred. */
const CAPACITY = 20_000;

/** @param asOf the moment that date functions count from, ISO 8601 UTC */
export function openEntityRules(rules: readonly FurtherRule[], asOf: string): EntityRules {
  const byType = new Map<string, FurtherRule[]>();
  for (const rule of [...rules].sort((a, b) => (a.metadata.id < b.metadata.id ? -1 : 1))) {
    if (rule.compiled === null) continue;
    const known = byType.get(rule.kind);
    if (known === undefined) byType.set(rule.kind, [rule]);
    else known.push(rule);
  }
  const env = { asOf: Math.floor(Date.parse(asOf) / 1000) };
  const memo = new BoundedMap<string, EntityOutcomes>(CAPACITY);

  function outcomeOf(rule: FurtherRule, view: EntityView): Outcome | null {
    if (looksAt(rule, view.absent)) return null;
    if (rule.compiled === null) return null;
    if (looksAt(rule, view.unreadable)) return 'error';
    return OUTCOMES[rule.compiled.evaluate(view.entity, env)];
  }

  return {
    types: new Set([...byType.keys()].filter(isEntityType)),
    judge(record) {
      if (record.status === 'deleted') return null;
      const own = byType.get(record.type) ?? [];
      const view = record.status === 'live' ? viewEntity(record) : null;
      const outcomes = own.map((rule) => [rule, view === null ? 'error' : outcomeOf(rule, view)] as const);
      const parts = outcomes.flatMap(([{ metadata }, outcome]) =>
        outcome === null
          ? []
          : [`${JSON.stringify(metadata.id)}:{"outcome":"${outcome}","digest":"${ruleDigest(metadata)}"}`],
      );
      const text = `{${parts.join(',')}}`;
      const key = `${record.type}${text}`;
      let known = memo.get(key);
      if (known === undefined) {
        const verdicts = outcomes.flatMap(([rule, outcome]) =>
          outcome === null ? [] : [verdictOf(rule, record.type, outcome)],
        );
        known = { text, verdicts };
        memo.set(key, known);
      }
      return known;
    },
  };
}

function isEntityType(kind: string): kind is EntityType {
  return kind === 'IamRole' || kind === 'IamUser' || kind === 'IamGroup' || kind === 'IamPolicy';
}

function looksAt({ needs }: FurtherRule, properties: ReadonlySet<string>): boolean {
  if (properties.size === 0) return false;
  if (needs === null) return true;
  for (const property of properties) if (needs.has(property)) return true;
  return false;
}

const REASONS: Readonly<Record<Outcome, string>> = {
  pass: 'rule-compliant',
  fail: 'rule-non-compliant',
  'not-applicable': 'rule-not-relevant',
  error: 'rule-undecidable',
};

const NOUNS: Readonly<Record<EntityType, string>> = {
  IamRole: 'role',
  IamUser: 'user',
  IamGroup: 'group',
  IamPolicy: 'policy',
};

function verdictOf({ metadata }: FurtherRule, type: EntityType, outcome: Outcome): PolicyVerdict {
  const noun = NOUNS[type];
  const messages: Readonly<Record<Outcome, string>> = {
    pass: `The ${noun} complies with the rule: ${metadata.title}.`,
    fail: `The ${noun} does not comply with the rule: ${metadata.title}.`,
    'not-applicable': `The rule does not speak of this ${noun}: ${metadata.title}.`,
    error: `What the rule asks of this ${noun} cannot be read in the evidence: ${metadata.title}.`,
  };
  return {
    rule: metadata.id,
    verdict: outcome,
    literal: outcome,
    reason: REASONS[outcome],
    notes: [],
    message: messages[outcome].replace(/\.\.$/, '.'),
    paths: [],
    witness: null,
  };
}
