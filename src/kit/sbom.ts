import { Enums, Models, Serialize, SPDX, Spec } from '@cyclonedx/cyclonedx-library';
import type { Checkout } from './checkout.ts';
import type { Lock, LockedPackage } from './lock.ts';
import type { Platform } from './platforms.ts';

/** What a bill of materials speaks of. */
export interface BomFacts {
  readonly checkout: Checkout;
  readonly platform: Platform;
  readonly lock: Lock;
  readonly sqlite: string;
  /** SHA-256 of the binary of better-sqlite3, which holds SQLite. */
  readonly prebuildSha256: string;
}

/**
 * The parts of a kit as CycloneDX 1.6 (https://cyclonedx.org/docs/1.6/json/): the packages, Node.js, SQLite, what was
 * compiled in. It has no serial number, and its time is that of the commit, so it is the same for the same kit.
 */
export function bomText({ checkout, platform, lock, sqlite, prebuildSha256 }: BomFacts): string {
  const program = new Models.Component(Enums.ComponentType.Application, 'trustsieve', {
    bomRef: `trustsieve@${checkout.version}`,
    version: checkout.version,
    licenses: new Models.LicenseRepository([new Models.NamedLicense('UNLICENSED')]),
    properties: properties({
      platform: platform.label,
      commit: checkout.commit,
      ...(checkout.isChanged ? { changed: 'true' } : {}),
    }),
  });
  const components = new Map<string, Models.Component>();
  const componentOf = (one: LockedPackage): Models.Component => {
    const known = components.get(bomRef(one)) ?? npmComponent(one);
    components.set(bomRef(one), known);
    return known;
  };
  const all = [...lock.production, ...lock.compiledIn];
  const byPath = new Map(all.map((one) => [one.path, componentOf(one)]));
  const depend = (component: Models.Component, paths: readonly string[]) => {
    for (const path of paths) {
      const needed = byPath.get(path);
      if (needed !== undefined) component.dependencies.add(needed.bomRef);
    }
  };
  for (const one of lock.production) depend(componentOf(one), one.dependencies);
  depend(program, [...lock.direct, ...lock.compiledIn.map(({ path }) => path)]);
  const node = nodeComponent(platform);
  const database = sqliteComponent(sqlite, prebuildSha256, platform);
  program.dependencies.add(node.bomRef);
  byPath.get('node_modules/better-sqlite3')?.dependencies.add(database.bomRef);
  const bom = new Models.Bom({
    metadata: new Models.Metadata({ timestamp: new Date(checkout.seconds * 1000), component: program }),
    components: new Models.ComponentRepository([...components.values(), node, database]),
  });
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 1 })}\n`;
}

function npmComponent(one: LockedPackage): Models.Component {
  const [group, name] = one.name.startsWith('@') ? one.name.split('/') : [undefined, one.name];
  return new Models.Component(Enums.ComponentType.Library, name ?? one.name, {
    bomRef: bomRef(one),
    group,
    version: one.version,
    purl: `pkg:npm/${one.name.replace('@', '%40')}@${one.version}`,
    licenses: licences(one.licence),
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], hexOf(one.integrity)]]),
    externalReferences: new Models.ExternalReferenceRepository([distribution(one)]),
  });
}

/** Its hash is that of the binary, which can be found in what nodejs.org hands out too. */
function nodeComponent({ node, binary }: Platform): Models.Component {
  return new Models.Component(Enums.ComponentType.Platform, 'node', {
    bomRef: `node@${node.version}`,
    version: node.version,
    cpe: `cpe:2.3:a:nodejs:node.js:${node.version}:*:*:*:*:*:*:*`,
    purl: `pkg:npm/${node.name}@${node.version}`,
    licenses: licences('MIT'),
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], binary.sha256]]),
    externalReferences: new Models.ExternalReferenceRepository([distribution(node)]),
  });
}

function sqliteComponent(version: string, sha256: string, { prebuild }: Platform): Models.Component {
  return new Models.Component(Enums.ComponentType.Library, 'sqlite', {
    bomRef: `sqlite@${version}`,
    version,
    cpe: `cpe:2.3:a:sqlite:sqlite:${version}:*:*:*:*:*:*:*`,
    purl: `pkg:generic/sqlite@${version}`,
    licenses: licences('blessing'),
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], sha256]]),
    properties: properties({ inside: `app/node_modules/better-sqlite3/prebuilds/${prebuild}.node` }),
  });
}

function bomRef({ name, version }: LockedPackage): string {
  return `${name}@${version}`;
}

function distribution({ name, version, integrity }: Pick<LockedPackage, 'name' | 'version' | 'integrity'>) {
  const file = `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
  return new Models.ExternalReference(
    `https://registry.npmjs.org/${name}/-/${file}`,
    Enums.ExternalReferenceType.Distribution,
    { hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-512'], hexOf(integrity)]]) },
  );
}

function licences(spdx: string | null): Models.LicenseRepository {
  if (spdx === null) return new Models.LicenseRepository();
  const one = SPDX.isSupportedSpdxId(spdx)
    ? new Models.SpdxLicense(spdx)
    : new Models.LicenseExpression(spdx);
  return new Models.LicenseRepository([one]);
}

function hexOf(integrity: string): string {
  return Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
}

function properties(values: Readonly<Record<string, string>>): Models.PropertyRepository {
  return new Models.PropertyRepository(
    Object.entries(values).map(([name, value]) => new Models.Property(`trustsieve:${name}`, value)),
  );
}
