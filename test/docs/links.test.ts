import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const names = (folder: string): readonly string[] =>
  readdirSync(new URL(folder, ROOT), { encoding: 'utf8', recursive: true }).toSorted();
const PAGES = [
  ...['', 'samples/', 'deploy/'].flatMap((folder) =>
    readdirSync(new URL(folder, ROOT)).map((name) => `${folder}${name}`),
  ),
  ...names('docs/').map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md'));

function read(page: string | URL): string {
  return readFileSync(new URL(page, ROOT), 'utf8');
}

/** Where the links and pictures of a page lead; code is no link. */
function targets(page: string): readonly string[] {
  const text = read(page)
    .replaceAll(/^```.*?^```/gms, '')
    .replaceAll(/`[^`\n]*`/g, 'code');
  return [...text.matchAll(/\]\(([^()\s]+)\)/g)].map(([, target]) => target as string);
}

/** The fragments by which the headings of a page are reached, as GitHub makes them. */
function anchors(page: URL): readonly string[] {
  return [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('links between pages', () => {
  it.each(PAGES)('%s leads to files and headings that are there', (page) => {
    const own = new URL(page, ROOT);
    const dead = targets(page).filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const { href, hash } = new URL(target, own);
      const file = new URL(href.split('#')[0] as string);
      return !existsSync(file) || (hash !== '' && !anchors(file).includes(hash.slice(1)));
    });
    expect(dead).toEqual([]);
  });

  it('are found: the pages have some, between files and to headings', () => {
    const all = PAGES.flatMap(targets);
    expect(all).toContain('docs/ARCHITECTURE.md');
    expect(all).toContain('formats.md#whole-or-filtered');
  });
});

describe('files that pages name', () => {
  const pages = PAGES.filter((page) => /^(CONTRIBUTING|docs\/ARCHITECTURE|docs\/adr\/.*)\.md$/.test(page));
  it.each(pages)('are there: %s', (page) => {
    const named = [...read(page).matchAll(/`((?:src|test|bench|docs|samples)\/[\w./-]+)`/g)];
    expect(named.map(([, path]) => path).filter((path = '') => !existsSync(new URL(path, ROOT)))).toEqual([]);
  });
});

describe('docs/adr/README.md', () => {
  it('lists every decision under its number and title', () => {
    const list = [...read('docs/adr/README.md').matchAll(/^\| \[(\d{4})\]\((.+)\) \| (.+) \|$/gm)];
    const decisions = names('docs/adr/').filter((name) => name !== 'README.md');
    expect(list.map(([, , file]) => file)).toEqual(decisions);
    expect(list.map(([, number]) => number)).toEqual(
      decisions.map((_, index) => String(index + 1).padStart(4, '0')),
    );
    for (const [, number, file, title] of list) {
      expect(file).toMatch(new RegExp(`^${number}-[a-z-]+\\.md$`));
      expect(read(`docs/adr/${file}`).split('\n')[0]).toBe(`# ${number}: ${title}`);
    }
  });
});
