import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileReading, FormatEvent, ReadOptions } from '../../src/formats/shared/file-reading.ts';
import type { ReaderFactory } from '../../src/json/reader.ts';
import type { AccountCapture } from '../../src/model/capture.ts';
import type { RejectedRecord, RoleRecord } from '../../src/model/record.ts';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { temporaryFolder } from '../temporary-folder.ts';

export const OPTIONS: ReadOptions = {
  account: null,
  capturedAt: '2026-02-01T00:00:00Z',
  format: null,
  receivedAt: '2026-05-05T05:05:05Z',
};

export interface Found {
  readonly events: readonly FormatEvent[];
  readonly roles: readonly RoleRecord[];
  readonly rejects: readonly RejectedRecord[];
  readonly captures: readonly AccountCapture[];
  readonly reading: FileReading;
  /** Codes of the file's problems. */
  readonly codes: readonly string[];
}

/** A path by which a format may know a role; others take no notice of it. */
export const ROLE_PATH = 'iam-data/aws/aws/accounts/111122223333/iam/role/open/trust-policy.json';

/** Of the format that knows files of an organisation by their places. */
export const ORGANIZATION_PATH = 'iam-data/aws/aws/organizations/o-exampleorg1/accounts.json';

/** Formats of organisation evidence, which show no roles. */
export const OF_ORGANIZATIONS: readonly string[] = [
  'iam-collect-organization',
  'organization',
  'organizations-cli',
  'steampipe-organizations',
];

/** Formats of tables of policies, which show no roles; their fixtures have a folder of their own. */
export const OF_POLICIES: readonly string[] = [
  'cloudquery-policies',
  'cloudquery-role-policies',
  'steampipe-policies',
];

/** A path at which the fixture of a format may lie. */
export function pathOf(id: string): string {
  return id === 'iam-collect-organization' ? ORGANIZATION_PATH : ROLE_PATH;
}

/** Reads `content` as if it were a file shown as `path`. */
export async function readContent(
  content: string | Uint8Array,
  options: Partial<ReadOptions> = {},
  path = ROLE_PATH,
  createReader?: ReaderFactory,
): Promise<Found> {
  const folder = temporaryFolder();
  try {
    const file = join(folder, 'content');
    writeFileSync(file, content);
    const events: FormatEvent[] = [];
    const batches = readEvidence({ kind: 'file', path, file }, { ...OPTIONS, ...options }, createReader);
    let step = await batches.next();
    for (; step.done !== true; step = await batches.next()) events.push(...step.value);
    const reading = step.value;
    return {
      events,
      roles: events.flatMap((event) => (event.kind === 'role' ? [event.record] : [])),
      rejects: events.flatMap((event) => (event.kind === 'reject' ? [event.reject] : [])),
      captures: events.flatMap((event) => (event.kind === 'capture' ? [event.capture] : [])),
      reading,
      codes: reading.problems.map(({ code }) => code),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same for what shows all roles, as `--whole` says; what tells whether it does is tested in shapes.test.ts. */
export const readWhole: typeof readContent = (content, options, path, createReader) =>
  readContent(content, { whole: true, ...options }, path, createReader);

/** How many records its events hand out. */
export function recordsIn({ events, roles, rejects }: Found): number {
  const ofOrganizations = events.map((event) =>
    event.kind === 'organization' ? event.capture.accepted + event.capture.duplicate : 0,
  );
  const policies = events.filter(
    (event) => event.kind === 'role-policy' || (event.kind === 'policy' && event.isRecord === true),
  );
  return ofOrganizations.reduce((sum, count) => sum + count, roles.length + rejects.length + policies.length);
}

/** The fixture of a format, whatever its name ends in. */
export function fixtureOf(id: string): Buffer {
  if (OF_POLICIES.includes(id)) return fixture(`policies/${id}.json`);
  const names = readdirSync(new URL('fixtures', import.meta.url)).filter((name) => name.startsWith(`${id}.`));
  if (names.length !== 1) throw new Error(`there must be one fixture for ${id}`);
  return fixture(names[0] as string);
}

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}`, import.meta.url));
}
