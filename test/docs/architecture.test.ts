import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inCheckout } from '../checkout.ts';

const ARCHITECTURE = 'docs/ARCHITECTURE.md';
const MOST_LINES = 200;
const MOST_FILES = 25;
/** What the build writes. */
const WRITTEN = 'scanner-wasm.ts';

interface Folder {
  /** With a slash at its end, such as `src/json/`. */
  readonly path: string;
  readonly files: readonly string[];
}

function foldersBelow(path: string): readonly Folder[] {
  const entries = readdirSync(inCheckout(path), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const below = entries.filter((entry) => entry.isDirectory()).map(({ name }) => `${path}${name}/`);
  return [{ path, files: files.filter((name) => name !== WRITTEN) }, ...below.flatMap(foldersBelow)];
}

const source = foldersBelow('src/');
const tests = foldersBelow('test/');
const text = readFileSync(inCheckout(ARCHITECTURE), 'utf8');

describe(ARCHITECTURE, () => {
  it('is short', () => {
    expect(text.split('\n').length - 1).toBeLessThanOrEqual(MOST_LINES);
  });

  it('names every folder of the sources, down to the second level', () => {
    const lines = text.split('\n');
    const isNamed = ({ path }: Folder): boolean => {
      const [, first, second] = path.split('/');
      if (second === '') return text.includes(`\`${path}\``);
      const beside = lines.filter((line) => line.includes(`\`src/${first}/\``));
      return text.includes(`${first}/${second}/`) || beside.some((line) => line.includes(`\`${second}/\``));
    };
    const folders = source.filter(({ path }) => [3, 4].includes(path.split('/').length));
    expect(folders.length).toBeGreaterThan(20);
    expect(folders.filter((folder) => !isNamed(folder)).map(({ path }) => path)).toEqual([]);
  });

  it('names the rules that check its invariants, all of them and no other', async () => {
    const { default: config } = (await import(inCheckout('.dependency-cruiser.mjs'))) as {
      readonly default: { readonly forbidden: readonly { readonly name: string }[] };
    };
    const rules = config.forbidden.map(({ name }) => name);
    const [, section = ''] = /^Checked by `\.dependency-cruiser\.mjs`.*?\n\n(.*?)\n\n/ms.exec(text) ?? [];
    const invariants = section.split(/^- /m).slice(1);
    expect(invariants.length).toBeGreaterThan(5);
    const namedBy = (invariant: string): readonly string[] =>
      [...invariant.matchAll(/`([a-z]+(?:-[a-z]+)+|[a-z]+(?:-[a-z]+)*-\*)`/g)].flatMap(([, name = '']) =>
        name.endsWith('*') ? rules.filter((rule) => rule.startsWith(name.slice(0, -1))) : [name],
      );
    expect(invariants.filter((invariant) => namedBy(invariant).length === 0)).toEqual([]);
    expect(invariants.flatMap(namedBy).toSorted()).toEqual(rules.toSorted());
  });
});

describe('paths in the documents', () => {
  const below = ['bench/', 'docs/', 'samples/'].flatMap(foldersBelow);
  const known = [...source, ...tests, ...below].flatMap(({ path, files }) => [
    `/${path}`,
    ...files.map((name) => `/${path}${name}`),
  ]);
  const isThere = (path: string): boolean =>
    existsSync(inCheckout(path)) || known.some((one) => one.endsWith(`/${path}`));
  const pages = [
    ARCHITECTURE,
    'CONTRIBUTING.md',
    'docs/json-reader.md',
    ...readdirSync(inCheckout('docs/adr')).map((name) => `docs/adr/${name}`),
  ];

  it.each(pages)('lead to something: %s', (page) => {
    const named = [
      ...readFileSync(inCheckout(page), 'utf8').matchAll(/`([\w.-]+(?:\/[\w.-]+)*(?:\/|\.(?:ts|mjs|md)))`/g),
    ];
    const paths = named.map(([, path]) => path as string).filter((path) => !path.startsWith('dist/'));
    expect(paths.filter((path) => !isThere(path))).toEqual([]);
  });
});

describe('no folder holds more files than one can look over', () => {
  it.each([
    ['src', source],
    ['test', tests],
  ])('in %s', (_, folders) => {
    const full = folders.filter(({ files }) => files.length > MOST_FILES);
    expect(full.map(({ path, files }) => `${path}: ${files.length}`)).toEqual([]);
  });
});
