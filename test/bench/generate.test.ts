import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { evidence, ORDINARY, REAL } from '../../bench/generate-file.ts';
import { writeDailyExports, writeMixedFolder } from '../../bench/generate-folder.ts';
import { WRITERS } from '../../bench/generate-formats.ts';
import { ODDITIES, type OddKind } from '../../bench/generate-odd.ts';
import { Organisation, type Recipe, type Role } from '../../bench/generate-organisation.ts';
import { readContent } from '../formats/read.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const ROLES = 10_000;
const FORMATS = Object.keys(WRITERS);
const EVERY_ODD: Recipe = { ...ORDINARY, distinct: 0.3, denies: 0.05, odd: 1, roles: 300, accounts: 2 };

function rolesOf(shares: Partial<Recipe>): readonly Role[] {
  const organisation = new Organisation({ ...ORDINARY, ...shares, roles: ROLES, accounts: 1 });
  const account = organisation.accounts[0] ?? '';
  return Array.from({ length: ROLES }, (_, number) => organisation.role(account, number));
}

function countBy(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

const policiesOf = (roles: readonly Role[]) => roles.map(({ trust }) => JSON.stringify(trust));
const share = (items: readonly unknown[]) => items.length / ROLES;
const isFenced = (policy: string) => policy.includes('"Deny"') && policy.includes('"ArnLike"');

/** Remembers the roles that a writer asks for. */
class Remembering extends Organisation {
  readonly written: Role[] = [];

  override role(account: string, number: number): Role {
    const role = super.role(account, number);
    this.written.push(role);
    return role;
  }
}

describe('the shares of generated evidence', () => {
  it.each([0.04, 0.3])('hold for policies that nobody else has: %d of the roles', (distinct) => {
    const uses = countBy(policiesOf(rolesOf({ distinct })));
    const own = [...uses.values()].filter((count) => count === 1);
    expect(Math.abs(share(own) - distinct)).toBeLessThan(0.015);
    expect(uses.size - own.length).toBeLessThanOrEqual(ORDINARY.policies);
  });

  it('hold for Denies and patterns, which stand in policies of one role and of many', () => {
    const roles = policiesOf(rolesOf(REAL));
    const uses = countBy(roles);
    const fenced = roles.filter(isFenced);
    expect(Math.abs(share(fenced) - REAL.denies)).toBeLessThan(0.007);
    expect(fenced.some((policy) => uses.get(policy) === 1)).toBe(true);
    expect(fenced.some((policy) => (uses.get(policy) ?? 0) > 1)).toBe(true);
    expect(policiesOf(rolesOf({ distinct: 0.3 })).some((policy) => /"Deny"|Like"/.test(policy))).toBe(false);
  });

  it('hold for odd elements, of every kind', () => {
    const odd = rolesOf(REAL).flatMap((role) => role.odd ?? []);
    expect(Math.abs(share(odd) - REAL.odd)).toBeLessThan(0.003);
    expect(new Set(odd)).toEqual(new Set(Object.keys(ODDITIES)));
    expect(rolesOf({ distinct: 0.3 }).every((role) => role.odd === null)).toBe(true);
  });
});

describe('generated evidence', () => {
  it.each(FORMATS)('is the same for the same options and another for another seed: %s', (format) => {
    const text = (seed: number) => Buffer.concat([...evidence(format, { ...EVERY_ODD, seed })]).toString();
    expect(text(1)).toBe(text(1));
    expect(text(2)).not.toBe(text(1));
  });

  it.each(FORMATS)('comes in pieces of bounded size: %s', (format) => {
    const sizes = [...evidence(format, { ...EVERY_ODD, roles: 3000 })].map(({ length }) => length);
    expect(sizes.length).toBeGreaterThan(5);
    expect(Math.max(...sizes)).toBeLessThan(400_000);
  });

  it.each(FORMATS)(
    'has its odd roles taken or rejected as each is meant, with their policies: %s',
    async (format) => {
      const { rejected, taken } = await readRemembered(format, EVERY_ODD);
      const kinds = FORMATS_OF_ARNS_ONLY.includes(format) ? 3 : Object.keys(ODDITIES).length;
      expect(taken.size + rejected.size).toBe(kinds);
      expect([...rejected]).not.toEqual([]);
    },
  );

  it.each(FORMATS)('has every role taken where none is odd: %s', async (format) => {
    const { rejected, taken } = await readRemembered(format, { ...EVERY_ODD, odd: 0 });
    expect([rejected.size, [...taken]]).toEqual([0, ['ordinary']]);
  });
});

const FORMATS_OF_ARNS_ONLY: readonly string[] = ['config', 'cloudquery-csv'];

/** Expects each role to be read as it is meant; returns the kinds of those that were. */
async function readRemembered(format: string, recipe: Recipe) {
  const organisation = new Remembering(recipe);
  const writer = WRITERS[format] as (typeof WRITERS)[string];
  const content = [...writer(organisation, () => recipe.roles / recipe.accounts)].join('');
  const name = format === 'cloudquery-csv' ? 'aws_iam_roles.csv' : 'evidence.json';
  const found = await readContent(content, {}, name);
  const policies = new Map(found.roles.map(({ arn, trust }) => [arn, trust]));
  const taken = new Set<string>();
  const rejected = new Set<string>();
  const codes: string[] = [];
  for (const { arn, trust, odd } of organisation.written) {
    const kind = oddIn(format, odd);
    const code = kind === null ? null : ODDITIES[kind].rejected;
    const policy = policies.get(arn);
    if (code === null) {
      taken.add(kind ?? 'ordinary');
      expect([kind, policy?.state === 'document' ? JSON.parse(policy.text) : policy]).toEqual([kind, trust]);
    } else {
      rejected.add(kind ?? 'ordinary');
      codes.push(code);
      expect([kind, policy]).toEqual([kind, undefined]);
    }
  }
  expect(found.roles).toHaveLength(organisation.written.length - codes.length);
  expect(found.rejects.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
  return { taken, rejected };
}

/** Of roles whose policy stands in a text, only the ARN is odd. */
function oddIn(format: string, kind: OddKind | null): OddKind | null {
  if (kind === null || !FORMATS_OF_ARNS_ONLY.includes(format)) return kind;
  return 'arn' in ODDITIES[kind] ? kind : null;
}

describe('a mixed folder', () => {
  it('holds forty gzip files of all formats, one account each, of the size asked for', async () => {
    const folder = temporaryFolder();
    const roles = await writeMixedFolder(folder, 4_000_000);
    const names = readdirSync(folder);
    expect(names).toHaveLength(40);
    let bytes = 0;
    const read = { roles: 0, accounts: new Set<string>(), formats: new Set<string | null>() };
    for (const name of names) {
      const content = gunzipSync(readFileSync(join(folder, name)));
      bytes += content.length;
      const found = await readContent(content, {}, name.replace(/\.gz$/, ''));
      read.roles += found.roles.length + found.rejects.length;
      for (const { account } of found.roles) read.accounts.add(account);
      read.formats.add(found.reading.format);
    }
    expect(read.roles).toBe(roles);
    expect(read.accounts.size).toBe(40);
    expect(read.formats).toEqual(new Set(['gaad', 'cloudquery', 'aws-config', 'list-roles']));
    expect(Math.abs(bytes - 4_000_000)).toBeLessThan(1_500_000);
  });
});

describe('daily exports', () => {
  it('are 730 listings of 200 roles, of two accounts, in which a role changes each month', async () => {
    const folder = temporaryFolder();
    expect(writeDailyExports(folder)).toBe(730 * 200);
    const names = readdirSync(folder).toSorted();
    expect(names).toHaveLength(730);
    const arnsOf = async (name: string) => {
      const { roles, rejects } = await readContent(
        readFileSync(join(folder, name)),
        { capturedAt: null },
        name,
      );
      expect(rejects).toEqual([]);
      expect(roles[0]?.capturedAt).toBe(`${name.slice(0, 10)}T00:00:00Z`);
      return roles.map(({ arn }) => arn);
    };
    const first = await arnsOf('2025-01-01-roles-0.json');
    expect(first).toHaveLength(200);
    expect(await arnsOf('2025-01-31-roles-0.json')).toEqual(first);
    expect((await arnsOf('2025-02-01-roles-0.json')).slice(0, -1)).toEqual(first.slice(1));
    expect((await arnsOf('2025-01-01-roles-1.json'))[0]).not.toBe(first[0]);
  });
});
