import Database from 'better-sqlite3';
import { HOSTILE, type HostileCase, type Size, SOUND } from './case.ts';
import type { Outcome } from './run-case.ts';

/** What is not as it should be, in sentences; none when all is well. */
export function faultsOf(
  whole: HostileCase,
  { scan, reports, db }: Outcome,
  size: Size = 'full',
): readonly string[] {
  const one = size === 'short' ? { ...whole, ...whole.short } : whole;
  if (scan.hung) return [`still at it after ${scan.seconds.toFixed(0)} seconds`];
  const faults: string[] = [];
  for (const { command, megabytes, exit, hung, stderr } of [scan, ...reports]) {
    if (hung || exit === null || exit === 4)
      faults.push(`\`${command.join(' ')}\` ended with ${exit}: ${stderr.slice(-500)}`);
    if (!(megabytes <= one.megabytes))
      faults.push(`\`${command.join(' ')}\` held ${megabytes.toFixed(0)} MB`);
  }
  if (scan.exit !== one.exit)
    faults.push(`exit ${scan.exit} instead of ${one.exit}: ${scan.stderr.slice(-500)}`);
  if (faults.some((fault) => fault.includes(' ended with '))) return faults;
  if (one.exit === 2) {
    // Nothing was read, and the store is as it was.
    if (one.says !== null && !one.says.test(scan.stderr))
      faults.push(`does not say ${one.says}: ${scan.stderr}`);
    return faults;
  }
  const store = new Database(db, { readonly: true });
  try {
    const all = <T>(sql: string, ...values: string[]): T[] => store.prepare<string[], T>(sql).all(...values);
    const said = [
      scan.stdout,
      scan.stderr,
      ...store.prepare<[], string>('SELECT problems FROM v_reconciliation').pluck().all(),
      ...store.prepare<[], string>('SELECT code || message FROM reject').pluck().all(),
      ...store
        .prepare<[], string>("SELECT reason FROM v_current_verdict WHERE verdict = 'error'")
        .pluck()
        .all(),
    ].join('\n');
    if (one.says !== null && !one.says.test(said))
      faults.push(`does not say ${one.says}: ${said.slice(-1500)}`);
    const sound = all<{ verdict: string }>(
      'SELECT verdict FROM v_current_verdict WHERE account_id = ?',
      SOUND,
    );
    if (sound.map(({ verdict }) => verdict).join() !== 'fail')
      faults.push('the role of the sound file does not fail');
    for (const { path } of all<{ path: string }>('SELECT path FROM v_reconciliation WHERE NOT adds_up')) {
      faults.push(`the counts of ${path} do not add up`);
    }
    const roles = all('SELECT 1 FROM v_current_role WHERE account_id = ?', HOSTILE).length;
    if (one.roles !== undefined && roles !== one.roles) faults.push(`${roles} roles instead of ${one.roles}`);
  } finally {
    store.close();
  }
  return faults;
}
