import { randomInt } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { damage, randomOf } from '../../store/seal/damages.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { put, putOrganisation } from '../evidence.ts';
import { cli } from '../harness.ts';

const AS_OF = ['--as-of', '2026-05-01T00:00:00Z'];

/** Ways of reading a store; each damage is tried on one of them. */
const COMMANDS = [
  ...['csv', 'json', 'md', 'register'].map((format) => ['report', '--format', format]),
  ['runs'],
  ['runs', '--check'],
  ['explain', 'arn:aws:iam::111122223333:role/Steady'],
  ['fix'],
  ['diff', '2026-01-31', '2026-04-30', '--all'],
  ['trend'],
];

/**
 * Damages a store at random and holds that whoever reads it either says what it says of the sound one, or refuses with
 * exit 2, one line on stderr and nothing on stdout. Returns how many were refused.
 */
export async function tryDamages(count: number): Promise<number> {
  const given = process.env['SEED'];
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  console.info(`SEED=${seed}`);
  const random = randomOf(seed);
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder, name);
  const db = at('damaged.db');
  putOrganisation(at('in'));
  const scan = async () => cli(['scan', at('in'), '--db', at('sound.db'), ...AS_OF, '--quiet']);
  await scan();
  const before = readFileSync(at('sound.db'));
  put(at('in'), 'gaad/more.json', { UserDetailList: [], RoleDetailList: [], Policies: [] });
  await scan();
  const sound = readFileSync(at('sound.db'));
  copyFileSync(at('sound.db'), db);
  const said = new Map<string, string>();
  const run = async (args: readonly string[]) => cli([...args, '--db', db]);
  for (const args of COMMANDS) {
    const { exit, stdout } = await run(args);
    said.set(args.join(' '), `${exit} ${stdout}`);
  }
  let refused = 0;
  for (let n = 0; n < count; n++) {
    const { what, bytes } = damage(sound, before, random);
    const args = COMMANDS[random(COMMANDS.length)] ?? [];
    for (const suffix of ['-wal', '-shm', '-journal']) rmSync(db + suffix, { force: true });
    writeFileSync(db, bytes);
    const { exit, stdout, stderr } = await run(args);
    const where = `SEED=${seed}, damage ${n}: ${what}, ${args.join(' ')}: ${stderr}`;
    if (exit === 2) {
      refused++;
      expect(stdout, where).toBe('');
      expect(stderr, where).toMatch(/^error: [^\n]*\n$/);
    } else {
      expect(`${exit} ${stdout}`, where).toBe(said.get(args.join(' ')));
    }
  }
  return refused;
}
