import { TrustsieveError } from '../../errors.ts';
import { settleExposures } from '../../history/report/settle-exposures.ts';
import { forget, temporaryBeside } from '../../report/files/unfinished.ts';
import { errorOfReplacement, openStore, removeDatabase, scansOf } from '../../store/index.ts';
import { counted } from '../../text/counted.ts';
import { errorCode } from '../../text/error-text.ts';
import { visible } from '../../text/hidden-characters.ts';
import { type CliContext, EXIT, type ExitCode, write } from '../context.ts';
import { withTemporaryStore } from '../output/closing.ts';
import { say, sayOutcome } from '../output/messages.ts';
import { openStopping } from '../scan/evidence.ts';
import { type GivenManifests, readManifests } from './manifests.ts';
import { putInPlace, takeBack } from './place.ts';
import { type Lost, type RepairArguments, type RepairScan, scansToRepeat } from './repair-scan.ts';
import { FilesRead, repeatScan } from './repeat.ts';

/** What is to be scanned again, and what nobody knows any more. */
interface RepairPlan {
  readonly scans: readonly RepairScan[];
  readonly unknown: readonly Lost[];
}

/** Rebuilds a damaged or lost store of the evidence that is still there; see docs/repair.md. */
export async function repairStore(args: RepairArguments, context: CliContext): Promise<ExitCode> {
  const { db } = args;
  takeBack(db);
  const what = stateOf(db);
  if (what === 'sound') {
    await write(context.stdout, `\`${visible(db)}\` is sound: there is nothing to repair\n`);
    return EXIT.done;
  }
  const plan = planOf(args, await readManifests(args, context));
  const stopping = openStopping(context);
  const temporary = temporaryBeside(db);
  try {
    const lost = await rebuild(temporary, plan, context);
    if (lost === null) {
      say('warning', `interrupted: \`${db}\` is left as it was`, context);
      return EXIT.incomplete;
    }
    const kept = putInPlace(temporary, db);
    for (const { path, reason } of lost) {
      await write(context.stdout, `NOT REBUILT ${visible(path)}: ${visible(reason)}\n`);
    }
    const files = plan.scans.reduce((sum, { evidence }) => sum + evidence.length, 0);
    const old = kept === null ? '' : `; the damaged store is kept as \`${visible(kept)}\``;
    await write(
      context.stdout,
      `rebuilt \`${visible(db)}\` of ${counted(plan.scans.length, 'scan')} of ${counted(files, 'file')}${old}\n`,
    );
    if (lost.length === 0) return EXIT.done;
    const why = `${counted(lost.length, 'part')} of the store could not be rebuilt, and every report says so`;
    sayOutcome('doubtful', 'incomplete (exit 3)', why, context);
    return EXIT.incomplete;
  } catch (error) {
    throw errorOfReplacement(error, temporary, db, 'repair it again');
  } finally {
    stopping.end();
    removeDatabase(temporary);
    forget(temporary);
  }
}

function stateOf(db: string): 'sound' | 'damaged' | 'lost' {
  try {
    openStore(db, { mode: 'read' }).close();
    return 'sound';
  } catch (error) {
    if (!(error instanceof TrustsieveError)) throw error;
    if (error.code === 'store-damaged') return 'damaged';
    if (error.code === 'store-not-found') return 'lost';
    // Where the first page is gone, nothing tells a store from any other file; a manifest must say that it was one.
    if (error.code === 'store-unwritable' && errorCode(error.cause) === 'SQLITE_NOTADB') return 'damaged';
    throw error;
  }
}

/** Errors: `store-damaged` when neither the store nor a manifest says what was scanned. */
function planOf({ db }: RepairArguments, given: GivenManifests): RepairPlan {
  const saved = scansOf(db);
  const stored = saved === null ? [] : scansToRepeat(saved);
  if (saved?.isProven === true) return { scans: stored, unknown: [] };
  const doubt = {
    path: db,
    reason: 'what the damaged store says of its scans is damaged, too, so there may have been more',
  };
  if (given.scans.length === 0) {
    if (stored.length > 0) return { scans: stored, unknown: [doubt] };
    throw new TrustsieveError(
      'store-damaged',
      `\`${db}\` does not say what was scanned: give the manifests of its scans with --manifest, or scan the evidence into a new file`,
    );
  }
  return { scans: given.scans, unknown: [...given.lost, ...beyond(stored, given.scans)] };
}

/** Evidence that the store tells of and no manifest does. */
function beyond(stored: readonly RepairScan[], scans: readonly RepairScan[]): readonly Lost[] {
  const known = new Set(scans.flatMap(({ evidence }) => evidence.map(({ path, sha256 }) => sha256 + path)));
  const files = new Map(
    stored.flatMap(({ evidence }) => evidence.map((one) => [one.sha256 + one.path, one])),
  );
  return [...files]
    .filter(([key]) => !known.has(key))
    .map(([, one]) => ({ ...one, reason: 'the damaged store names it, and no manifest does' }));
}

/** Returns what is missing; null when the user stopped it. */
async function rebuild(
  path: string,
  { scans, unknown }: RepairPlan,
  context: CliContext,
): Promise<readonly Lost[] | null> {
  return withTemporaryStore(openStore(path, { mode: 'write' }), async (store) => {
    const lost: Lost[] = [];
    const before = new FilesRead();
    for (const [index, scan] of scans.entries()) {
      const isLast = index === scans.length - 1;
      const whole = isLast ? { ...scan, lost: [...scan.lost, ...unknown] } : scan;
      lost.push(...(await repeatScan(whole, store, before, context)));
      if (context.stop.aborted) return null;
    }
    settleExposures(store);
    return lost;
  });
}
