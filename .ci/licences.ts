/** What package-lock.json says of a package. */
export interface Locked {
  /** SPDX; undefined where the package says nothing. */
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly optional?: boolean;
  readonly link?: boolean;
}

/** Licences under which others' software may be passed on inside ours, if its notices go along (`src/kit/notices.ts`). */
const PASSED_ON = ['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];
/** Those of tools, of which nothing is passed on. */
const USED = [...PASSED_ON, 'CC0-1.0', 'MPL-2.0'];

/**
 * The packages whose licence nobody has looked at, a clause each.
 *
 * @param packages of package-lock.json, by where they are installed
 * @param passedOn where packages are installed whose code the build puts into the program although they are tools
 */
export function licenceFaults(
  packages: Readonly<Record<string, Locked>>,
  passedOn: readonly string[],
): readonly string[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    // The project itself, and its own folder that stands for a package.
    if (!path.includes('node_modules/') || entry.link === true) return [];
    const isTool = (entry.dev === true || entry.devOptional === true) && !passedOn.includes(path);
    if (isAllowed(entry.license, isTool ? USED : PASSED_ON)) return [];
    const what = isTool ? 'to be used' : 'to be passed on';
    return [
      `\`${path}\`: ${entry.license ?? 'it names no licence'}, which is not in the list of those ${what}`,
    ];
  });
}

/** Of several licences (`A OR B`) one may be chosen; what is put together in another way is to be looked at. */
function isAllowed(licence: string | undefined, list: readonly string[]): boolean {
  const choices = licence?.replace(/^\((.*)\)$/, '$1').split(' OR ') ?? [];
  return choices.some((choice) => list.includes(choice));
}
