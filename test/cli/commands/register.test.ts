import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { allow, policy } from '../../exposure/cases/index.ts';
import { readCsv } from '../../report/csv/read-csv.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { CLOSED, gaad, gaadRole, put } from '../evidence.ts';
import { cli } from '../harness.ts';

const [FIRST, SECOND] = ['444455556666', '777788889999'];
const trusts = (...accounts: readonly string[]): unknown =>
  policy(allow({ AWS: accounts.map((account) => `arn:aws:iam::${account}:root`) }));
/** IAM could not hold this, so it is undecided. */
const DAMAGED = policy(
  allow({ AWS: `arn:aws:iam::${SECOND}:root` }, { StringLike: { 'sts:ExternalId': {} } }),
);

let folder: string;
const at = (name: string): string => join(folder, name);
const ARGUMENTS = ['--as-of', '2026-05-01T00:00:00Z', '--no-manifest', '--quiet'];

function rows(csv: string): readonly Readonly<Record<string, string>>[] {
  const [header = [], ...lines] = readCsv(csv);
  return lines.map((line) => Object.fromEntries(header.map((name, index) => [name, line[index] ?? ''])));
}

beforeAll(() => {
  folder = temporaryFolder();
  put(folder, 'in/2026-01-31/own.json', gaad([gaadRole('Partner', { trust: trusts(FIRST) })]));
  put(
    folder,
    'in/2026-04-30/own.json',
    gaad([gaadRole('Partner', { trust: trusts(FIRST, SECOND) }), gaadRole('Closed', { trust: CLOSED })]),
  );
});

describe('the register of a scan', () => {
  it('tells since when each account gets in, not since when the role fails', async () => {
    const { exit } = await cli([
      'scan',
      at('in'),
      '--db',
      at('s.db'),
      '--register',
      at('register.csv'),
      ...ARGUMENTS,
    ]);
    expect(exit).toBe(0);
    const written = readFileSync(at('register.csv'), 'utf8');
    expect(rows(written)).toMatchObject([
      { outside_account: FIRST, open_roles: '1', first_seen: '2026-01-31T00:00:00Z', evidence: 'unknown' },
      { outside_account: SECOND, open_roles: '1', first_seen: '2026-04-30T00:00:00Z' },
    ]);
    const { stdout } = await cli(['report', '--db', at('s.db'), '--format', 'register']);
    expect(stdout).toBe(written);
  });

  it('is that of a moment for --at', async () => {
    const { stdout } = await cli([
      'report',
      '--db',
      at('s.db'),
      '--format',
      'register',
      '--at',
      '2026-02-28',
    ]);
    expect(rows(stdout).map(({ outside_account }) => outside_account)).toEqual([FIRST]);
  });

  it('says what could not be decided, of whom, and that it is incomplete', async () => {
    const roles = [gaadRole('Damaged', { trust: DAMAGED }), gaadRole('Lost', { trust: 'no policy' })];
    put(folder, 'broken/2026-04-30/own.json', gaad(roles));
    const path = at('broken.csv');
    const scanned = await cli(['scan', at('broken'), '--db', at('b.db'), '--register', path, ...ARGUMENTS]);
    expect(scanned.exit).toBe(3);
    expect(rows(readFileSync(path, 'utf8'))).toMatchObject([
      { outside_account: 'not known', not_evaluated_roles: '1', evidence: 'incomplete' },
      { outside_account: SECOND, not_evaluated_roles: '1', not_evaluated_why: 'policy-damaged 1' },
    ]);
    expect(readFileSync(at('broken.evidence.csv'), 'utf8')).toContain('could not be decided');
    const piped = await cli(['report', '--db', at('b.db'), '--format', 'register']);
    expect(piped.exit).toBe(3);
    expect(piped.stderr).toContain('there is no such file beside standard output');
  });
});
