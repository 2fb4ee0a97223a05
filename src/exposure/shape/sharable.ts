import { NEEDED_ACTIONS } from '../../iam/actions.ts';
import {
  EXTERNAL_ID,
  isNeverPresent,
  PRINCIPAL_ACCOUNT,
  PRINCIPAL_ARN,
  RESOURCE_ACCOUNT,
  SOURCE_ARN,
  USERNAME,
} from '../../iam/conditions/keys.ts';
import { ignoresCase } from '../../iam/conditions/operators.ts';
import type { Condition } from '../../iam/conditions/parse.ts';
import { JsonSyntaxError } from '../../iam/json.ts';
import { literalText } from '../../iam/pattern.ts';
import type { Principal } from '../../iam/principals.ts';
import { parseTrustPolicy, type Statement, type TrustPolicyDocument } from '../../iam/trust-policy.ts';
import { splitArn } from '../../model/arn.ts';
import { coversAction } from '../statement-scope.ts';
import { accountOfPattern, areBeginnings, leaveALetter } from './caller-patterns.ts';
import type { SlotKind } from './placeholders.ts';

/** Does the policy tell callers by their ARNs? What is decided of it then hangs on limits, see `isFarFromTooComplex`. */
export function tellsCallersByArn(text: string): boolean {
  return /principalarn/i.test(text);
}

/**
 * Does the judge decide the same of this policy whatever stands in its slots? True only where every value stands where it
 * is compared with nothing but other values of its kind, and for equality alone; patterns on callers' ARNs, which run
 * over all accounts and names, are to be such that they find the same (`caller-patterns.ts`), and few enough
 * (`isFarFromTooComplex`).
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
    for (const condition of statement.conditions) {
      const more = isRelevant(statement) ? places.inRelevant(condition) : places.inOther(condition);
      if (more === null) return false;
      placed += more;
    }
  }
  if (!places.leaveCallersAlike(statements)) return false;
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
      case PRINCIPAL_ARN:
        return this.inCallerPattern(condition);
      // Names are compared with those of principals.
      case USERNAME:
        return null;
      default:
        return isNeverPresent(key) ? this.accountsIn(condition) + this.sourcesIn(condition) : 0;
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
    const texts = isTextual(condition) ? meant.length : 0;
    return inKey + texts + this.accountsIn(condition) + this.sourcesIn(condition);
  }

  /** Patterns on the caller's ARN, each of which is about one account. */
  private inCallerPattern(condition: Comparing): number | null {
    const isMeant = ({ text }: { readonly text: string }): boolean =>
      this.kinds.get(accountOfPattern(text) ?? '') === 'account';
    const { comparison, values } = condition;
    return isTextual(condition) && !ignoresCase(comparison) && values.every(isMeant) ? values.length : null;
  }

  /**
   * Where callers are told by patterns: is the same found whatever the accounts and the name? One caller stands for all
   * that a condition does not tell apart, so its values must be about one account.
   */
  leaveCallersAlike(statements: readonly Statement[]): boolean {
    const relevant = statements.filter(isRelevant);
    const patterns = textsOn(PRINCIPAL_ARN, relevant).flat();
    if (patterns.length === 0) return true;
    const principals = statements.flatMap((statement) => statement.principals);
    const lists = [
      ...textsOn(PRINCIPAL_ARN, relevant).map((texts) => texts.map(accountOfPattern)),
      ...textsOn(PRINCIPAL_ACCOUNT, relevant),
    ];
    if (lists.some((accounts) => new Set(accounts).size > 1)) return false;
    if (!leaveALetter([...patterns, ...principals.map(({ text }) => this.withoutName(text))])) return false;
    const names = [...this.kinds].filter(([, kind]) => kind === 'name');
    if (names.length === 0) return true;
    const accounts = new Set(patterns.map(accountOfPattern));
    const namedApart = principals
      .filter(hasName)
      .every((principal) => 'account' in principal && !accounts.has(principal.account));
    return names.length === 1 && namedApart && areBeginnings(patterns);
  }

  private withoutName(text: string): string {
    const last = lastPart(text);
    return this.kinds.get(last) === 'name' ? text.slice(0, -last.length) : text;
  }

  /** Of a key that no caller's request has, so that they are compared with nothing. */
  private sourcesIn(condition: Comparing): number {
    const { key, values } = condition;
    if (key !== SOURCE_ARN || !isTextual(condition)) return 0;
    return values.filter(({ text }) => this.kinds.get(splitArn(text)?.resource ?? '') === 'source').length;
  }

  private accountsIn(condition: Comparing): number {
    return isTextual(condition)
      ? condition.values.reduce((sum, { text }) => sum + this.accountIn(text), 0)
      : 0;
  }
}

function isRelevant(statement: Statement): boolean {
  return NEEDED_ACTIONS.some((action) => coversAction(statement, action));
}

/** What the conditions on a key compare it with, each on its own. */
function textsOn(key: string, statements: readonly Statement[]): readonly (readonly string[])[] {
  return statements
    .flatMap(({ conditions }) => conditions)
    .flatMap((condition) =>
      condition.kind === 'compare' && condition.key === key ? [condition.values.map(({ text }) => text)] : [],
    );
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
