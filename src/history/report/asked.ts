import { STALE_AFTER } from '../../model/completeness.ts';
import type { AcceptedRisk } from '../../model/exception.ts';
import type { AccountRelations } from '../../model/relations.ts';
import {
  type AccountLook,
  type CaptureScope,
  type Store,
  type StoredRule,
  type StoreReader,
  scopeOfRun,
} from '../../store/index.ts';
import { type Exceptions, openExceptions } from '../exceptions/exceptions.ts';
import { type Guardrails, guardrailsAt } from '../guardrails/guardrails.ts';
import { lookBefore } from '../look/looks.ts';
import { runFactsIn } from '../run-facts.ts';

export interface ReportScope {
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Id of a run: the accounts its evidence holds, as they were at the latest capture it holds of each. */
  readonly run?: number;
  /**
   * Column time: what stood at that moment in evidence time, as the store would tell it had it seen nothing later.
   * Rules, ages, exceptions and account lists are then those of the last run before later evidence came.
   */
  readonly at?: string;
  /** Each account at the look before instead, with which states compare. */
  readonly before?: boolean;
  /** Days; instead of those of the run. See `Completeness`. */
  readonly staleAfter?: number;
  /** Days, null for no limit; instead of those of the run. */
  readonly maxAge?: number | null;
  /** Instead of those the run was given. */
  readonly exceptions?: readonly AcceptedRisk[];
}

/** What a report is of: the part of the store, and by what its findings are judged. */
export interface Asked {
  readonly reader: StoreReader;
  /** ISO 8601 UTC. */
  readonly asOf: string;
  /** Null: the whole store. */
  readonly run: number | null;
  readonly scope: CaptureScope;
  /** Accounts and ledgers count at the look before that of the scope. */
  readonly before: boolean;
  /** '' for a store without any run. */
  readonly toolVersion: string;
  /** Days, like `maxAge`. See `Completeness`. */
  readonly staleAfter: number;
  readonly maxAge: number | null;
  /** The exceptions that apply, expired ones included. */
  readonly accepted: readonly AcceptedRisk[];
  readonly exceptions: Exceptions;
  /** Ids of all rules of the run. */
  readonly allRules: readonly string[];
  /** Those of them that are built in. */
  readonly rules: readonly string[];
  /** Those that come from rule files. */
  readonly furtherRules: readonly StoredRule[];
  /** The latest look at each account in scope; worked out at the first question. */
  looks(): readonly AccountLook[];
  /** Those over an account in scope; null where no evidence of its organisation is in force. */
  guardrails(look: AccountLook): Guardrails | null;
  /** See StoreReader; worked out at the first question, like the next. */
  relations(): AccountRelations;
  sharedExternalIds(): ReadonlySet<string>;
}

/** Errors: `not-found` for an unknown run. */
export function askedOf(store: Store, given: ReportScope): Asked {
  const { asOf } = given;
  const reader = given.at === undefined ? store.reader : store.readerAt(given.at);
  const run = given.run ?? null;
  const before = given.before === true;
  const scope = scopeOfRun(run);
  const facts = runFactsIn(reader, store.path, run);
  const accepted = given.exceptions ?? ((facts?.exceptions ?? []) as readonly AcceptedRisk[]);
  const furtherRules = facts?.furtherRules ?? [];
  const fromFiles = new Set(furtherRules.map(({ metadata }) => metadata.id));
  const allRules = facts?.rules ?? [];
  let looks: readonly AccountLook[] | undefined;
  let relations: AccountRelations | undefined;
  let shared: ReadonlySet<string> | undefined;
  return {
    reader,
    asOf,
    run,
    scope,
    before,
    toolVersion: facts?.toolVersion ?? '',
    staleAfter: given.staleAfter ?? facts?.staleAfter ?? STALE_AFTER,
    maxAge: given.maxAge !== undefined ? given.maxAge : (facts?.maxAge ?? null),
    accepted,
    exceptions: openExceptions(accepted, asOf),
    allRules,
    rules: allRules.filter((rule) => !fromFiles.has(rule)),
    furtherRules,
    looks: () => (looks ??= before ? looksBefore(reader, scope) : reader.accountLooks(scope)),
    guardrails: (look) => guardrailsAt(reader, look.account, look),
    relations: () => (relations ??= reader.relations()),
    sharedExternalIds: () => (shared ??= reader.sharedExternalIds()),
  };
}

function looksBefore(reader: StoreReader, scope: CaptureScope): readonly AccountLook[] {
  return reader.accountLooks(scope).flatMap(({ account, name, at }) => {
    const look = lookBefore(reader, account, at);
    return look === null ? [] : [{ ...look, account, name }];
  });
}

/** The ledgers of an account that rules of rule files are judged on, each with its rules. */
export function judgedLedgers(
  { reader, scope, before, furtherRules }: Asked,
  account: string,
): readonly (readonly [AccountLook, readonly StoredRule[]])[] {
  const judging = furtherRules.filter(({ unjudged }) => unjudged === null);
  if (judging.length === 0) return [];
  return [...reader.ledgerLooks(scope, account)].flatMap(([kind, present]) => {
    const look = before ? lookBefore(reader, present.account, present.at) : present;
    if (look === null) return [];
    const own = judging.filter((rule) => rule.kind === kind);
    return own.length === 0 ? [] : [[{ ...present, ...look }, own] as const];
  });
}
