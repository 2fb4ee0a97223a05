import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT } from '../checkout.ts';
import { temporaryFolder, writeBelow } from '../temporary-folder.ts';
import { LEFTOVER, type Packed, packed, productionPackages, textOf } from './packed.ts';

let pack: Packed;
beforeAll(async () => {
  pack = await packed();
}, 120_000);

describe('what npm packs', () => {
  it('is built anew, whatever lay in dist', () => {
    expect(pack.files.has('dist/cli/main.js')).toBe(true);
    expect(pack.files.has('dist/audit/pool/worker.js')).toBe(true);
    expect(pack.files.has('dist/report/html/client.js')).toBe(true);
    expect(pack.files.has(LEFTOVER)).toBe(false);
  });

  it('holds documents and samples', () => {
    for (const path of [
      'LICENSE',
      'README.md',
      'docs/ARCHITECTURE.md',
      'docs/formats.md',
      'samples/README.md',
    ]) {
      expect(textOf(pack.files, path).length, path).toBeGreaterThan(100);
    }
    expect(pack.files.has('samples/evidence/2026-04-30/444455556666.json')).toBe(true);
    for (const path of linksOf(textOf(pack.files, 'README.md'))) {
      expect(
        pack.files.has(path) || [...pack.files.keys()].some((one) => one.startsWith(`${path}/`)),
        path,
      ).toBe(true);
    }
  });

  it('holds the manual page where npm looks for it', () => {
    // npm links a list of pages only.
    expect(pack.manifest['man']).toEqual(['./dist/man/trustsieve.1']);
    expect(textOf(pack.files, 'dist/man/trustsieve.1')).toContain('\n.SH NAME\ntrustsieve \\- ');
  });

  it('holds no sources, no tests and nothing that builds', () => {
    const places = new Set([...pack.files.keys()].map((path) => path.replace(/\/.*/, '')));
    const allowed = [
      ...['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'],
      ...['deploy', 'dist', 'docs', 'package.json', 'samples'],
    ];
    expect([...places].filter((place) => !allowed.includes(place))).toEqual([]);
    const source = /(?<!\.d)\.[cm]?ts$|\.mjs$|\.map$|\.test\.|(?:^|\/)node_modules\//;
    expect([...pack.files.keys()].filter((path) => source.test(path))).toEqual([]);
  });

  it('leaves out the Node.js that the checkout carries', () => {
    expect(textOf(pack.files, 'package.json')).not.toContain('node-linux');
    expect(pack.manifest).not.toHaveProperty('optionalDependencies');
    for (const version of Object.values(pack.manifest['dependencies'] as Record<string, string>)) {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    }
    expect(productionPackages().filter((path) => /\/node-(?:linux|win|darwin)/.test(path))).toEqual([]);
  });

  it('keeps what package.json promises', async () => {
    const { buffer } = pack.tarball;
    const { messages } = await publint({ pack: { tarball: buffer }, strict: true });
    expect(messages).toEqual([]);
  });

  it('has types that are found wherever the package runs', async () => {
    const result = await checkPackage(createPackageFromTarballData(pack.tarball));
    if (result.types === false) throw new Error('there are no types');
    expect(Object.keys(result.entrypoints)).toEqual(['./policy', './stream', './store', './package.json']);
    // Every Node.js that the program runs on knows `exports`, and may `require` an ES module.
    const problems = result.problems.filter(
      (one) =>
        one.kind !== 'CJSResolvesToESM' && !('resolutionKind' in one && one.resolutionKind === 'node10'),
    );
    expect(problems).toEqual([]);
  });
});

/** Where the links of a Markdown file lead within the project. */
function linksOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path as string);
}

describe('the package, installed', () => {
  const folder = temporaryFolder();
  beforeAll(async () => {
    for (const [path, bytes] of pack.files) {
      writeBelow(folder, join('node_modules', 'trustsieve', path), bytes);
    }
    for (const path of productionPackages()) {
      if (existsSync(join(CHECKOUT, path)))
        cpSync(join(CHECKOUT, path), join(folder, path), { recursive: true });
    }
    // As npm does it.
    const { trustsieve } = pack.manifest['bin'] as { readonly trustsieve: string };
    mkdirSync(join(folder, 'node_modules', '.bin'));
    chmodSync(join(folder, 'node_modules', 'trustsieve', trustsieve), 0o755);
    symlinkSync(join('..', 'trustsieve', trustsieve), join(folder, 'node_modules', '.bin', 'trustsieve'));
  }, 120_000);

  function trustsieve(...args: string[]): { code: number | null; stdout: string; stderr: string } {
    const { status, stdout, stderr } = spawnSync(join('node_modules', '.bin', 'trustsieve'), args, {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: dirname(process.execPath) },
    });
    return { code: status, stdout, stderr };
  }

  it('scans its samples and writes every report with nothing but Node.js in the path', () => {
    const samples = join('node_modules', 'trustsieve', 'samples');
    const { code, stdout, stderr } = trustsieve(
      'scan',
      join(samples, 'evidence'),
      ...['--accounts', join(samples, 'accounts.json'), '--known-accounts', join(samples, 'vendors.yaml')],
      ...['--exceptions', join(samples, 'exceptions.yaml'), '--as-of', '2026-05-01'],
      ...['csv', 'html', 'json', 'sarif', 'ocsf', 'md'].flatMap((one) => [`--${one}`, `report.${one}`]),
    );
    // Some of the samples are broken on purpose.
    expect(code, stderr).toBe(3);
    expect(stdout).toMatch(/^316 roles in 10 accounts: 51 fail, 8 error/m);
    for (const one of ['csv', 'html', 'json', 'sarif', 'ocsf', 'md']) {
      expect(existsSync(join(folder, `report.${one}`)), one).toBe(true);
    }
    expect(trustsieve('verify', 'report.csv.manifest.json').code).toBe(0);
  }, 60_000);

  it('says its version', () => {
    expect(trustsieve('--version')).toEqual({ code: 0, stdout: `${pack.manifest['version']}\n`, stderr: '' });
  });
});
