import { coversAction } from '../../exposure/statement-scope.ts';
import { NEEDED_ACTIONS } from '../../iam/actions.ts';
import {
  EXTERNAL_ID,
  isNeverPresent,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  RESOURCE_ACCOUNT,
  USERNAME,
} from '../../iam/conditions/keys.ts';
import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import { JsonSyntaxError } from '../../iam/json.ts';
import { literalText } from '../../iam/pattern.ts';
import type { Principal } from '../../iam/principals.ts';
import { parseTrustPolicy, type Statement, type TrustPolicyDocument } from '../../iam/trust-policy.ts';
import { splitArn } from '../../model/arn.ts';
import type { SlotKind } from './placeholders.ts';

/**
 * Does the judge decide the same of this policy whatever stands in its slots? True only where every value stands where it
 * is compared with nothing but other values of its kind, and for equality alone.
 *
 * @param text the policy with placeholders in its slots
 * @param pieces the text without them
 * @param placeholders what each of them stands for
 */
export function isSharable(
  text: string,
  pieces: readonly string[],
  placeholders: ReadonlyMap<string, SlotKind>,
): boolean {
  const fixed = pieces.join('\u0000');
  if (fixed.includes('${') || /\d{12}/.test(fixed)) return false;
  for (const placeholder of placeholders.keys()) if (fixed.includes(placeholder)) return false;
  const document = documentOf(text);
  if (document === null || document.rejected) return false;
  const { statements } = document;
  const places = new Places(placeholders);
  if (!places.nameAllOrNone(statements)) return false;
  let placed = 0;
  for (const statement of statements) {
    for (const principal of statement.principals) placed += places.inPrincipal(principal.text);
    const isRelevant = NEEDED_ACTIONS.some((action) => coversAction(statement, action));
    for (const condition of statement.conditions) {
      const more = isRelevant ? places.inRelevant(condition) : places.inOther(condition);
      if (more === null) return false;
      placed += more;
    }
  }
  // A slot that was met nowhere stands where nobody looked what becomes of it.
  return placed === pieces.length - 1;
}

function documentOf(text: string): TrustPolicyDocument | null {
  try {
    return parseTrustPolicy(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

type Comparing = Extract<Condition, { kind: 'compare' }>;

/** Counts the slots of a policy that stand in places where they may. */
class Places {
  private readonly kinds: ReadonlyMap<string, SlotKind>;

  constructor(kinds: ReadonlyMap<string, SlotKind>) {
    this.kinds = kinds;
  }

  /** Names are compared with each other, so all of them are to be slots, or none. */
  nameAllOrNone(statements: readonly Statement[]): boolean {
    const named = statements.flatMap(({ principals }) => principals.filter(hasName));
    const slots = named.filter(({ text }) => this.kinds.get(lastPart(text)) === 'name');
    return slots.length === 0 || slots.length === named.length;
  }

  /** A bare account id, or the account of an ARN and the name at its end. */
  inPrincipal(text: string): number {
    const kind = this.kinds.get(lastPart(text));
    const isNamed = kind === 'name' || kind === 'provider' || kind === 'cluster';
    return this.accountIn(text) + Number(isNamed);
  }

  private accountIn(text: string): number {
    return Number(this.kinds.get(splitArn(text)?.account ?? text) === 'account');
  }

  /** In a condition of a statement on the actions that are judged; null where the policy must not be shared. */
  inRelevant(condition: Condition): number | null {
    if (condition.kind !== 'compare') return 0;
    const { key, values } = condition;
    const allAre = (isMeant: (kind: SlotKind) => boolean): number | null => {
      const slots = values.map(({ text }) => this.kinds.get(text));
      return isExact(condition) && slots.every((kind) => kind !== undefined && isMeant(kind))
        ? values.length
        : null;
    };
    switch (key) {
      case EXTERNAL_ID:
        return allAre(isExternalId);
      case PRINCIPAL_ACCOUNT:
      case RESOURCE_ACCOUNT:
        return allAre((kind) => kind === 'account');
      // Whole ARNs and names are compared with those of principals.
      case PRINCIPAL_ARN:
      case USERNAME:
        return null;
      default:
        return isNeverPresent(key) ? this.accountsIn(condition) : 0;
    }
  }

  /** In a condition of another statement, of which nothing is asked but whether it is damaged. */
  inOther(condition: Condition): number {
    const { key, writtenKey } = condition;
    const colon = writtenKey.lastIndexOf(':');
    const cluster = writtenKey.slice(writtenKey.lastIndexOf('/', colon) + 1, colon);
    const inKey = Number(this.kinds.get(cluster) === 'cluster');
    if (condition.kind !== 'compare') return inKey;
    const isMeant = (kind: SlotKind): boolean =>
      key === EXTERNAL_ID ? isExternalId(kind) : kind === 'subject' && key.endsWith(':sub');
    const slots = condition.values.map(({ text }) => this.kinds.get(text));
    const meant = slots.filter((kind) => kind !== undefined && isMeant(kind));
    return inKey + (isTextual(condition) ? meant.length : 0) + this.accountsIn(condition);
  }

  private accountsIn(condition: Comparing): number {
    return isTextual(condition)
      ? condition.values.reduce((sum, { text }) => sum + this.accountIn(text), 0)
      : 0;
  }
}

function hasName({ kind }: Principal): boolean {
  return kind === 'user' || kind === 'role' || kind === 'session' || kind === 'federated-user';
}

function isExternalId(kind: SlotKind): boolean {
  return kind === 'strong-id' || kind === 'guessable-id' || kind === 'placeholder-id';
}

function lastPart(text: string): string {
  return text.slice(text.lastIndexOf('/') + 1);
}

function isTextual({ comparison }: Comparing): boolean {
  return comparison.family === 'string' || comparison.family === 'arn';
}

/** Patterns and case are judged by the letter. */
function isExact({ comparison, values }: Comparing): boolean {
  return (
    comparison.family === 'string' &&
    !ignoresCase(comparison) &&
    values.every(({ pattern }) => literalText(pattern) !== null)
  );
}
