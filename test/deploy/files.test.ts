import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';

const FOLDERS = ['aws-batch', 'kubernetes', 'slurm'];
const linesOf = (name: string): number => readFileSync(inCheckout(name), 'utf8').split('\n').length - 1;
const below = (folder: string): readonly string[] =>
  readdirSync(inCheckout('deploy', folder)).map((name) => `deploy/${folder}/${name}`);
const scripts = ['deploy/part.sh', ...FOLDERS.flatMap(below), 'test/deploy/standin.sh'].filter((name) =>
  /\.(?:sh|sbatch)$/.test(name),
);

describe('what is to be read and adapted', () => {
  it.each(FOLDERS)('is less than 60 lines for %s', (folder) => {
    const lines = below(folder).map(linesOf);
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThan(60);
  });
});

describe('scripts', () => {
  it('are there', () => {
    expect(scripts).toHaveLength(6);
  });

  it.each(scripts)('are what a shell of POSIX can parse: %s', (name) => {
    expect(readFileSync(inCheckout(name), 'utf8')).toMatch(/^#!\/bin\/sh\n/);
    expect(execFileSync('sh', ['-n', inCheckout(name)], { stdio: 'pipe', encoding: 'utf8' })).toBe('');
  });
});

it('the Dockerfile has nothing that a linter complains of, and adds the script to the image of the program', () => {
  const dockerfile = readFileSync(inCheckout('deploy/Dockerfile'), 'utf8');
  // Without a tag it is the one that was built just before.
  expect(validate(dockerfile)).toEqual([]);
  expect(dockerfile).toMatch(/^FROM trustsieve$/m);
  expect(dockerfile).not.toMatch(/^USER |^RUN |^ADD /m);
});
