import type { Database } from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { ledgerId } from '../../model/ledger.ts';
import type { PolicyVerdict } from '../../model/verdict.ts';
import { Fold } from '../fold/fold.ts';
import { writing } from '../schema/seal-rows.ts';
import { guarded } from '../store-error.ts';
import { Dictionary } from './dictionary.ts';
import { type ExposureWriter, writeExposures } from './exposures.ts';
import { forgetRun } from './forget.ts';
import { type EvidenceWriter, type Run, type RunStart, reconcile } from './run.ts';
import { finishRun, insertRun, joinRun } from './runs.ts';
import { Staging, type StagingLimits } from './staging.ts';

/** What one connection writes. What it needs for that it makes when it first writes. */
export class StoreWriter {
  private readonly db: Database;
  private readonly path: string;
  private readonly limits: StagingLimits;
  private dictionary: Dictionary | undefined;
  private fold: Fold | undefined;
  private files = 0;

  /** @param path for messages */
  constructor(db: Database, path: string, limits: StagingLimits) {
    this.db = db;
    this.path = path;
    this.limits = limits;
  }

  beginRun(start: RunStart): Run {
    this.folding();
    const words = this.words();
    words.commit();
    // Other rules may judge now, so nothing that was saved before counts as saved.
    words.forget();
    words.verdicts.judgeBy(start.ruleDigests ?? {});
    const id = insertRun(this.db, start);
    return {
      id,
      evidence: () => this.evidence(id, (start.furtherRules ?? []).length > 0),
      again: (files) =>
        guarded(this.path, () => {
          words.commit();
          joinRun(this.db, id, files);
        }),
      finish: (status, finishedAt) =>
        guarded(this.path, () => {
          words.commit();
          this.folding().settle();
          finishRun(this.db, id, status, finishedAt);
        }),
    };
  }

  saveVerdict(policyId: number, account: string, verdict: PolicyVerdict): void {
    const words = this.words();
    words.commit();
    writing(this.db, () => words.verdicts.saveOne(policyId, account, verdict));
  }

  settleExposures(work: (writer: ExposureWriter) => void): void {
    this.commit();
    writeExposures(this.db, work);
  }

  /** Returns how many files only this run had. */
  forgetRun(id: number): number {
    const fold = this.folding();
    this.words().commit();
    return forgetRun(this.db, id, (account) => fold.rebuild(account));
  }

  /** Ends what waits to be committed; to be called before any other transaction, and before the connection is closed. */
  commit(): void {
    this.dictionary?.commit();
  }

  private evidence(run: number, withEntities: boolean): EvidenceWriter {
    const { path } = this;
    const staging = this.staging();
    const entities = withEntities ? this.staging() : null;
    const needed = (): Staging => {
      if (entities === null) throw new TrustsieveError('internal', 'an entity came without a rule for it');
      return entities;
    };
    const clear = (): void => {
      staging.clear();
      entities?.clear();
    };
    return {
      add: (record, evaluated, detail) => guarded(path, () => staging.add(record, evaluated, detail)),
      addRoles: (roles) => guarded(path, () => staging.addRoles(roles)),
      managedPolicy: (policy) => guarded(path, () => staging.addPolicy(policy)),
      rolePolicy: (policy) => guarded(path, () => staging.addRolePolicy(policy)),
      reject: (reject) => guarded(path, () => staging.reject(reject)),
      organization: (capture) => {
        staging.organization = capture;
      },
      entity: (record, outcomes) => guarded(path, () => needed().addEntity(record, outcomes)),
      entityCapture: (type, capture) =>
        guarded(path, () => needed().claim({ ...capture, account: ledgerId(capture.account, type) })),
      finish: (outcome) =>
        guarded(path, () => {
          for (const capture of outcome.captures) staging.claim(capture);
          const row = reconcile(outcome, staging);
          // All rows have their numbers before the transaction begins.
          entities?.distinct();
          const fold = this.folding();
          this.words().commitWith(() => fold.fold(staging, entities, row, run));
          clear();
          return row;
        }),
      abandon: () => guarded(path, clear),
    };
  }

  private staging(): Staging {
    return new Staging(this.db, this.files++, this.words(), this.limits);
  }

  private words(): Dictionary {
    this.dictionary ??= new Dictionary(this.db);
    return this.dictionary;
  }

  private folding(): Fold {
    if (this.db.readonly)
      throw new TrustsieveError('internal', `the store \`${this.path}\` is open for reading`);
    this.fold ??= new Fold(this.db, this.words());
    return this.fold;
  }
}
