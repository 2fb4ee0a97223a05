import { lstat, readdir } from 'node:fs/promises';
import { join, sep } from 'node:path';

const WILDCARD = /[*?[]/;

/**
 * Expands a path with wildcards, for shells that do not: `*` and `?` stand for anything in one name, `[...]` for one of
 * the characters, `**` for any number of folders. Names with a leading dot are matched by a pattern with one only. What
 * exists under the pattern's own name is taken as it is.
 *
 * @returns the paths that match, ordered by UTF-16 code unit; the path itself when it has no wildcards, exists, or
 *   nothing matches
 */
export async function expandPattern(path: string): Promise<readonly string[]> {
  if (!WILDCARD.test(path) || (await exists(path))) return [path];
  const slashed = sep === '/' ? path : path.replaceAll(sep, '/');
  const root = /^(?:[A-Za-z]:)?\//.exec(slashed)?.[0] ?? '';
  const segments = slashed
    .slice(root.length)
    .split('/')
    .filter((segment) => segment !== '');
  const found = await expand(root, segments);
  return found.length > 0 ? [...new Set(found)].sort() : [path];
}

async function expand(folder: string, segments: readonly string[]): Promise<string[]> {
  const [segment, ...rest] = segments;
  if (segment === undefined) return [folder];
  if (!WILDCARD.test(segment)) {
    const path = join(folder, segment);
    return rest.length > 0 || (await exists(path)) ? expand(path, rest) : [];
  }
  if (segment === '**') return expandFolders(folder, rest);
  const matches = compile(segment);
  const below: string[] = [];
  for (const { name, kind } of await list(folder)) {
    if (!matches.test(name) || (rest.length > 0 && kind === 'file')) continue;
    below.push(...(await expand(join(folder, name), rest)));
  }
  return below;
}

/** The folder and all below it. Links are not followed, so that no circle is walked. */
async function expandFolders(folder: string, rest: readonly string[]): Promise<string[]> {
  // The walk lists a folder with all below it.
  if (rest.length === 0) return [folder];
  const found = await expand(folder, rest);
  for (const { name, kind } of await list(folder)) {
    if (kind === 'folder' && !name.startsWith('.'))
      found.push(...(await expandFolders(join(folder, name), rest)));
  }
  return found;
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
}

/** Nothing for a folder that cannot be listed, as for one that does not exist. */
async function list(folder: string): Promise<Entry[]> {
  const entries = await readdir(folder === '' ? '.' : folder, { withFileTypes: true }).catch(() => []);
  return entries.map((entry) => ({
    name: entry.name,
    kind: entry.isDirectory() ? 'folder' : entry.isSymbolicLink() ? 'link' : 'file',
  }));
}

function compile(segment: string): RegExp {
  const parts = segment.match(/\*+|\?|\[[!^]?\]?[^\]]*\]|[^*?[]+|\[/g) ?? [];
  const source = parts.map((part) => {
    if (part.startsWith('*')) return '.*';
    if (part === '?') return '.';
    if (part.startsWith('[') && part.length > 2) return characterSet(part.slice(1, -1));
    return part.replaceAll(/[\\^$.|+(){}[\]]/g, '\\$&');
  });
  const dotted = segment.startsWith('.') ? '' : '(?!\\.)';
  try {
    return new RegExp(`^${dotted}${source.join('')}$`, 'su');
  } catch {
    // A set such as `[z-a]` matches nothing.
    return /(?!)/;
  }
}

function characterSet(content: string): string {
  const negated = /^[!^]/.test(content);
  const characters = (negated ? content.slice(1) : content).replaceAll(/[\\\]^[&~|]/g, '\\$&');
  return `[${negated ? '^' : ''}${characters}]`;
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
