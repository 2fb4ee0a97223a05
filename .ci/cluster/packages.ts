import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const WANTED = ['slurm-wlm', 'munge'];

/**
 * Fetches Debian's Slurm and munge, and what they need and the machine lacks, and unpacks them into `folder`. Nothing is installed,
 * so no service starts, no user is made, and the folder is all there is to remove. Needs apt-get and its sources, no root.
 */
export function unpackSlurm(folder: string): string {
  const state = join(folder, 'apt');
  const root = join(folder, 'root');
  for (const path of ['lists/partial', 'archives/partial']) mkdirSync(join(state, path), { recursive: true });
  const options = [
    `Dir::State=${state}`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${state}`,
    'Debug::NoLocking=1',
    // As root, apt would fetch as a user who may not write here.
    'APT::Sandbox::User=root',
  ].flatMap((option) => ['-o', option]);
  const apt = (...args: readonly string[]): void =>
    run('apt-get', [...options, '--quiet=2', '--yes', ...args]);
  apt('update');
  apt('install', '--no-install-recommends', '--download-only', ...WANTED);
  const archives = readdirSync(join(state, 'archives')).filter((name) => name.endsWith('.deb'));
  for (const name of archives) run('dpkg-deb', ['--extract', join(state, 'archives', name), root]);
  return root;
}

function run(command: string, args: readonly string[]): void {
  try {
    execFileSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  } catch (cause) {
    throw new Error(
      `\`${command}\` failed: this test needs Linux with apt-get, dpkg-deb and a Debian or Ubuntu mirror`,
      { cause },
    );
  }
}
