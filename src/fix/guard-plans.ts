import { EXTERNAL_ID, MFA_AGE, MFA_PRESENT } from '../iam/conditions/keys.ts';
import type { Condition } from '../iam/conditions/parse.ts';
import type { Json, JsonObject } from '../iam/json.ts';
import type { Statement } from '../iam/trust-policy.ts';
import type { Guard } from '../model/exposure.ts';
import type { Relation } from '../model/verdict.ts';
import { addCondition, plainOperator, replaceCondition } from './condition-edits.ts';
import type { KnownExternalId } from './external-ids.ts';
import { externalIdPlaceholder, type RemediationOptions } from './remediation.ts';

/** Whoever comes in through one principal of a statement. */
export interface Subject {
  readonly account: string;
  /** What kind of callers it can be, by the principal and the statement's conditions. */
  readonly callers: 'users' | 'roles' | 'both';
  readonly relation: Relation;
}

/** One way to guard a statement. Plans with equal keys make the same edit. */
export interface GuardPlan {
  readonly kind: 'condition-strengthened' | 'external-id-added' | 'mfa-added';
  readonly guard: Guard;
  readonly key: string;
  /** Null when the statement's conditions leave no room for it. */
  readonly apply: (statement: JsonObject) => JsonObject | null;
  /** What it asks for, to follow `must now`. */
  readonly demand: string;
  readonly placeholder: string | null;
}

/**
 * The ways to guard a statement against a subject, the most fitting first. A condition that was meant as a guard
 * and leaks is made strict (`elsewhere`: what other statements ask for); otherwise people of the own organisation are asked for MFA and everybody else for an
 * external ID, as AWS advises. Role sessions carry no MFA information and are never asked for it
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa_configure-api-require.html and
 * .../id_roles_create_for-user_externalid.html).
 */
export function guardPlans(
  statement: Statement,
  subject: Subject,
  elsewhere: { readonly externalId: KnownExternalId | null; readonly mfa: boolean },
  options: RemediationOptions,
): readonly GuardPlan[] {
  const mfaPossible = subject.callers !== 'roles' && options.guard !== 'external-id';
  const strictMfa = mfaPossible ? strengthenMfa(statement) : [];
  const mfa = mfaPossible ? [addMfa()] : [];
  const strictId = strengthenExternalId(statement, subject.account, options);
  const ids = addExternalId(subject.account, elsewhere.externalId, options);
  if (options.guard === 'mfa' && mfaPossible) return [...strictMfa, ...mfa, ...strictId, ...ids];
  const people = subject.callers === 'users' && subject.relation === 'same-organisation';
  if (people || elsewhere.mfa) return [...strictId, ...strictMfa, ...mfa, ...ids];
  return [...strictId, ...strictMfa, ...ids, ...mfa];
}

interface Edit {
  readonly condition: Condition;
  readonly operator: string;
  /** Null: the values as they are. */
  readonly value: Json | null;
}

function strengthenExternalId(
  { conditions }: Statement,
  account: string,
  options: RemediationOptions,
): readonly GuardPlan[] {
  const { value, placeholder } = newExternalId(account, options);
  let filled = false;
  const edits = conditions.flatMap((condition): readonly Edit[] => {
    if (condition.key !== EXTERNAL_ID || condition.kind !== 'compare' || condition.negated) return [];
    const { quantifier, ifExists, values, comparison } = condition;
    if (comparison.family !== 'string' && comparison.family !== 'arn') return [];
    if (values.length === 0) {
      // Of an empty list AWS does not say what it matches; with IfExists it asks for requests without the key.
      if (quantifier !== 'none' || ifExists) return [];
      filled = true;
      return [{ condition, operator: 'StringEquals', value }];
    }
    if (!ifExists && quantifier !== 'for-all') return [];
    return [{ condition, operator: plainOperator(condition.operator), value: null }];
  });
  return strengthen(edits, 'external-id', filled ? placeholder : null);
}

function strengthenMfa({ conditions }: Statement): readonly GuardPlan[] {
  const edits = conditions.flatMap((condition): readonly Edit[] => {
    if (condition.kind === 'null') {
      const present = condition.values.length > 0 && condition.values.every((value) => value === false);
      const meant = condition.key === MFA_PRESENT && condition.quantifier === 'none' && present;
      return meant ? [{ condition, operator: 'Bool', value: 'true' }] : [];
    }
    if (condition.kind !== 'compare' || condition.negated) return [];
    const { key, quantifier, ifExists, values, comparison } = condition;
    const leaks = ifExists || quantifier === 'for-all';
    if (key === MFA_AGE && comparison.family === 'number' && leaks)
      return [{ condition, operator: plainOperator(condition.operator), value: null }];
    if (comparison.family !== 'boolean' && comparison.family !== 'string') return [];
    const exact = comparison.family === 'string';
    const accepted = values.map(({ text }) => (exact ? text : text.toLowerCase()));
    if (key !== MFA_PRESENT || !accepted.includes('true')) return [];
    return leaks || accepted.includes('false') ? [{ condition, operator: 'Bool', value: 'true' }] : [];
  });
  return strengthen(edits, 'mfa', null);
}

function strengthen(edits: readonly Edit[], guard: Guard, placeholder: string | null): readonly GuardPlan[] {
  if (edits.length === 0) return [];
  const apply = (statement: JsonObject): JsonObject | null => {
    let result: JsonObject | null = null;
    for (const { condition, operator, value } of edits) {
      // Where the strict condition is there already, the leaky one beside it does no harm.
      result = replaceCondition(result ?? statement, condition, operator, value) ?? result;
    }
    return result;
  };
  const steps = edits.map(({ condition, operator, value }) => {
    const instead = operator === condition.operator ? 'the values it has now' : `\`${condition.operator}\``;
    const only = value === null ? '' : ` with ${JSON.stringify(value)} only`;
    return `\`${operator}\` on \`${condition.writtenKey}\`${only} instead of ${instead}`;
  });
  const without = guard === 'mfa' ? 'MFA' : 'an external ID';
  return [
    {
      kind: 'condition-strengthened',
      guard,
      key: JSON.stringify([guard, steps]),
      apply,
      demand: `meet ${steps.join(' and ')}, which held for requests without ${without} too`,
      placeholder,
    },
  ];
}

function addMfa(): GuardPlan {
  return {
    kind: 'mfa-added',
    guard: 'mfa',
    key: 'mfa',
    apply: (statement) => addCondition(statement, ['Bool'], 'aws:MultiFactorAuthPresent', 'true'),
    demand: 'present MFA',
    placeholder: null,
  };
}

function addExternalId(
  account: string,
  known: KnownExternalId | null,
  options: RemediationOptions,
): readonly GuardPlan[] {
  const fresh = newExternalId(account, options);
  const plans = [
    addedId(
      fresh.value,
      ['StringEquals', 'StringLike'],
      fresh.placeholder,
      `send the external ID \`${fresh.value}\``,
    ),
  ];
  if (known === null) return plans;
  const reused = addedId(
    known.value,
    [known.operator],
    null,
    'send the external ID that the policy already asks it for',
  );
  return options.externalId === null ? [reused, ...plans] : [...plans, reused];
}

function addedId(
  value: Json,
  operators: readonly string[],
  placeholder: string | null,
  demand: string,
): GuardPlan {
  return {
    kind: 'external-id-added',
    guard: 'external-id',
    key: JSON.stringify(['external-id', operators[0], value]),
    apply: (statement) => addCondition(statement, operators, 'sts:ExternalId', value),
    demand,
    placeholder,
  };
}

function newExternalId(
  account: string,
  { externalId, generateExternalId }: RemediationOptions,
): { value: string; placeholder: string | null } {
  if (externalId !== null) return { value: externalId, placeholder: null };
  if (generateExternalId !== null) return { value: generateExternalId(account), placeholder: null };
  const placeholder = externalIdPlaceholder(account);
  return { value: placeholder, placeholder };
}
