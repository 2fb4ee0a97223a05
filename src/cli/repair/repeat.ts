import { availableParallelism } from 'node:os';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import { walkEvidence } from '../../evidence/walk.ts';
import { ruleDigest } from '../../rules/digest.ts';
import { RULES } from '../../rules/index.ts';
import type { Run, Store, StoredEvidence } from '../../store/index.ts';
import type { CliContext } from '../context.ts';
import { startProgress } from '../scan/progress.ts';
import { readInputs } from '../scan/reading.ts';
import { TOOL_VERSION } from '../version.ts';
import type { Lost, RepairScan } from './repair-scan.ts';

const STANDARD_INPUT = '-';

/**
 * What was read for the scans before. A file is read once for all scans that come one after the other with the same rules
 * and options, for what a store holds of it hangs on nothing else.
 */
export class FilesRead {
  private kind = '';
  private files = new Set<string>();

  /** To be called for one scan after the other. */
  startScan({ readOptions, furtherRules, asOf }: RepairScan): void {
    // When a scan received its evidence matters for standard input alone, which is never read again.
    const options = { ...readOptions, receivedAt: null };
    const rules = furtherRules.map(({ metadata }) => [metadata, asOf]);
    const kind = JSON.stringify([options, rules]);
    if (kind !== this.kind) this.files = new Set();
    this.kind = kind;
  }

  has(file: FileKey): boolean {
    return this.files.has(keyOf(file));
  }

  add(file: FileKey): void {
    this.files.add(keyOf(file));
  }
}

/**
 * Scans again what a scan read, into a store: of its files those that hold the same bytes. What is not there any more is
 * kept in the store as evidence that could not be read, and returned.
 *
 * @param before is told what is read now
 */
export async function repeatScan(
  scan: RepairScan,
  store: Store,
  before: FilesRead,
  context: CliContext,
): Promise<readonly Lost[]> {
  if (scan.lists !== null) {
    if (scan.lists.members !== null) store.saveMembers(scan.lists.members);
    store.saveRelations(scan.lists.relations);
  }
  const rules = [...RULES, ...scan.furtherRules.map(({ metadata }) => metadata)];
  const run = store.beginRun({
    startedAt: scan.startedAt,
    asOf: scan.asOf,
    toolVersion: TOOL_VERSION,
    rules: rules.map(({ id }) => id),
    ruleDigests: Object.fromEntries(rules.map((rule) => [rule.id, ruleDigest(rule)])),
    furtherRules: scan.furtherRules,
    exceptions: scan.exceptions,
    staleAfter: scan.staleAfter,
    maxAge: scan.maxAge,
    options: scan.options,
    id: scan.id,
    shards: scan.shards,
  });
  before.startScan(scan);
  const known = scan.evidence.filter((one) => before.has(one));
  run.again(known);
  const wanted = new Wanted(scan.evidence.filter((one) => !before.has(one)));
  await read(await inputsFor(scan.paths, wanted), scan, wanted.only(run, before), context);
  const lost = [...wanted.lost(), ...scan.lost];
  for (const { path, reason, sha256 = '', bytes = 0 } of lost as readonly (Lost & Partial<StoredEvidence>)[])
    keepAsLost(run, { path, sha256, bytes }, reason);
  const isWhole = lost.length === 0 || scan.status === 'interrupted';
  run.finish(isWhole ? scan.status : 'incomplete', scan.finishedAt);
  return lost;
}

async function read(
  inputs: readonly EvidenceInput[],
  { readOptions, furtherRules, asOf }: RepairScan,
  run: Run,
  context: CliContext,
): Promise<void> {
  const progress = startProgress('auto', { files: inputs.length, bytes: 0 }, context);
  try {
    const plan = {
      options: readOptions,
      reader: 'auto',
      furtherRules,
      asOf,
      jobs: availableParallelism(),
      bytes: 0,
      largest: 0,
    } as const;
    await readInputs(inputs, plan, run, progress, context.stop, () => {});
  } finally {
    progress.stop();
  }
}

/** Found as the scan found them, and of these only what it read. */
async function inputsFor(paths: readonly string[], files: Wanted): Promise<readonly EvidenceInput[]> {
  const wanted = new Set<string>();
  for (const { path } of files.all()) {
    wanted.add(path);
    for (let at = path.indexOf('!/'); at > 0; at = path.indexOf('!/', at + 1)) wanted.add(path.slice(0, at));
  }
  const inputs = new Map<string, EvidenceInput>();
  for (const path of paths.length > 0 ? paths : wanted) {
    if (path === STANDARD_INPUT) continue;
    try {
      for await (const input of walkEvidence([path])) {
        if (wanted.has(input.path) && !inputs.has(input.path)) inputs.set(input.path, input);
      }
    } catch {
      // What is not there is missed below.
    }
  }
  return [...inputs.values()];
}

/** The files that a scan read, by name and content, until they are found again. */
class Wanted {
  private readonly missed: Map<string, StoredEvidence>;
  private readonly reasons = new Map<string, string>();

  constructor(evidence: readonly StoredEvidence[]) {
    this.missed = new Map(evidence.map((one) => [keyOf(one), one]));
  }

  all(): Iterable<StoredEvidence> {
    return this.missed.values();
  }

  /** Lets through only what the scan read: the bytes that are hashed are those that are judged. */
  only(run: Run, before: FilesRead): Run {
    return {
      ...run,
      evidence: () => {
        const writer = run.evidence();
        return {
          ...writer,
          finish: (outcome) => {
            const { path, sha256, bytes } = outcome.evidence;
            const times = new Set([...outcome.captures].map(({ capturedAt }) => capturedAt));
            const reason = this.faultOf(outcome.evidence, outcome.capturedFrom, times);
            if (reason === null) {
              const row = writer.finish(outcome);
              this.missed.delete(keyOf(outcome.evidence));
              before.add(outcome.evidence);
              return row;
            }
            this.reasons.set(path, reason);
            writer.abandon();
            return { ...NOTHING, path, sha256, bytes };
          },
        };
      },
    };
  }

  private faultOf(file: FileKey, from: string | null, times: ReadonlySet<string>): string | null {
    const before = this.missed.get(keyOf(file));
    if (before === undefined) return 'it holds something else now';
    const { capturedAt } = before;
    // Copying a file gives it another time, and that may be all there is.
    const isTimed = from !== 'modified' || capturedAt === null || times.has(`${capturedAt}Z`);
    return isTimed
      ? null
      : `its capture time was that of its last change, ${capturedAt}Z, which is another now`;
  }

  *lost(): Generator<Lost & StoredEvidence> {
    for (const one of this.missed.values()) {
      const gone =
        one.path === STANDARD_INPUT ? 'it was read from standard input' : 'it is not there any more';
      yield { ...one, reason: this.reasons.get(one.path) ?? gone };
    }
  }
}

type FileKey = Pick<StoredEvidence, 'path' | 'sha256'>;

function keyOf({ path, sha256 }: FileKey): string {
  return `${sha256} ${path}`;
}

const NOTHING = {
  format: null,
  account: null,
  capturedAt: null,
  capturedFrom: null,
  recordsRead: 0,
  recordsAccepted: 0,
  recordsSuperseded: 0,
  recordsDuplicate: 0,
  recordsRejected: 0,
  status: 'unreadable',
  problems: [],
} as const;

/** So that every report of the new store says that it is missing, until the same bytes are scanned again. */
export function keepAsLost(run: Run, file: Omit<StoredEvidence, 'capturedAt'>, reason: string): void {
  run.evidence().finish({
    evidence: { ...file, modifiedAt: null },
    format: null,
    capturedFrom: null,
    captures: [],
    recordsRead: 0,
    status: 'unreadable',
    problems: [{ code: 'evidence-not-rebuilt', message: `could not be rebuilt: ${reason}` }],
  });
}
