import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import carried from '../../.ci/node/package.json' with { type: 'json' };
import { hostLabel, PLATFORMS, platformOf } from '../../src/kit/platforms.ts';

const root = new URL('../../', import.meta.url);

it('carries the Node.js that the checkout runs on', () => {
  const { node } = platformOf('linux-x64');
  expect(carried.optionalDependencies).toEqual({ [node.name]: node.version });
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly integrity: string }>>;
  };
  expect(lock.packages[`node_modules/${node.name}`]?.integrity).toBe(node.integrity);
});

it.each(PLATFORMS)('has all that $label needs', ({ node, binary, licenceFrom, prebuild }) => {
  const file = new URL(`node_modules/better-sqlite3/prebuilds/${prebuild}.node`, root);
  expect(existsSync(file)).toBe(true);
  expect(Buffer.from(node.integrity.slice('sha512-'.length), 'base64')).toHaveLength(64);
  expect(binary.sha256).toMatch(/^[0-9a-f]{64}$/);
  // The licence of another version may be another licence.
  if (licenceFrom !== null) expect(licenceFrom.version).toBe(node.version);
});

it('knows every platform by one name, and this machine by the same', () => {
  expect(PLATFORMS.map(({ label }) => label)).toEqual([
    ...['linux-x64', 'linux-arm64', 'win-x64', 'win-arm64', 'darwin-x64', 'darwin-arm64'],
  ]);
  expect(platformOf().label).toBe(hostLabel());
});

it.each(PLATFORMS)('is documented: $label', ({ label, node }) => {
  const page = readFileSync(new URL('docs/air-gap.md', root), 'utf8');
  const [, version, from] = new RegExp(`^\\| \`${label}\` \\| (.*?) \\| (.*?)[;,]? `, 'm').exec(page) ?? [];
  expect([version, from?.replace(/[;,]$/, '')]).toEqual([node.version, node.name]);
});

it('names the known platforms where one is unknown', () => {
  expect(() => platformOf('freebsd-x64')).toThrow(
    'there is no kit for the platform `freebsd-x64`: known are linux-x64, linux-arm64, win-x64',
  );
});
