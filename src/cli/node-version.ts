/** The oldest Node.js the program runs on; the same as `engines` in package.json. */
export const OLDEST_NODE = '22.12';

/** Why the program does not run on this version of Node.js (`process.versions.node`), or null where it does. */
export function refusalOf(version: string): string | null {
  const [major, minor] = numbersOf(version);
  const [oldestMajor, oldestMinor] = numbersOf(OLDEST_NODE);
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return null;
  return `Node.js ${OLDEST_NODE} or newer is needed, and this is ${version}`;
}

function numbersOf(version: string): readonly [number, number] {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return [major, minor];
}
