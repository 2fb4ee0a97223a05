import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import {
  bySize,
  GAAD_HEAD,
  GAAD_TAIL,
  type HostileCase,
  OPEN_POLICY,
  openRole,
  ROLE_TAIL,
  roleHead,
} from './case.ts';
import { Writing } from './writing.ts';

const MB = 1_000_000;
const CSV_HEAD = 'arn,role_name,assume_role_policy_document,_cq_sync_time,account_id\n';

/** Text that is deep, long, endless or no text. */
export const TEXT_CASES: readonly HostileCase[] = [
  {
    name: 'json-arrays-deep',
    what: '10^6 arrays in each other, in a role',
    write: (folder, size) => deep(folder, bySize(size, 1_000_000, 50_000), '[', '1', ']'),
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /nested too deeply/,
  },
  {
    name: 'json-objects-deep',
    what: '10^6 objects in each other, in a role',
    write: (folder, size) => deep(folder, bySize(size, 1_000_000, 50_000), '{"a":', '1', '}'),
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /nested too deeply/,
  },
  {
    name: 'policy-deep',
    what: '10^6 arrays in each other, in a trust policy',
    write: (folder, size) => {
      const levels = bySize(size, 1_000_000, 50_000);
      const out = new Writing(folder, 'deep.json').put(`${GAAD_HEAD}${roleHead('Deep')}`);
      out.repeat('[', levels).repeat(']', levels).put(`${ROLE_TAIL}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /nested too deeply/,
  },
  {
    name: 'policy-text-deep',
    what: '10^6 arrays in each other, in a trust policy written as a string',
    write: (folder, size) => {
      const levels = bySize(size, 1_000_000, 50_000);
      const out = new Writing(folder, 'deep.json').put(`${GAAD_HEAD}${roleHead('Deep')}"{\\"Statement\\":`);
      out.repeat('[', levels).repeat(']', levels).put(`}"${ROLE_TAIL}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /trust-policy-undecodable|policy-damaged|not JSON/,
  },
  {
    name: 'yaml-flow-deep',
    what: '10^6 flow sequences in each other in YAML',
    write: (folder, size) => {
      const levels = bySize(size, 1_000_000, 50_000);
      const out = new Writing(folder, 'deep.yaml').put('RoleDetailList:\n- Arn: a\n  X: ');
      out.repeat('[', levels).repeat(']', levels).put('\n').close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /deep\.yaml/,
  },
  {
    name: 'yaml-block-deep',
    what: '3,000 block sequences in each other in YAML',
    write: (folder, size) => {
      const levels = bySize(size, 3_000, 500);
      const out = new Writing(folder, 'deep.yaml').put('RoleDetailList:\n- Arn: a\n  X:\n');
      for (let level = 2; level < levels; level++) out.put(`${' '.repeat(level)}a:\n`);
      out.close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /deep\.yaml/,
  },
  {
    name: 'json-keys',
    what: '10^6 keys in a role',
    write: (folder, size) => {
      const out = new Writing(folder, 'keys.json').put(`${GAAD_HEAD}${roleHead('Keys')}${OPEN_POLICY},`);
      out.list(bySize(size, 1_000_000, 50_000), (n) => `"key${n}":${n}`);
      out.put(`}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 1,
  },
  {
    name: 'json-keys-outside',
    what: '10^6 keys beside the list of roles',
    write: (folder, size) => {
      const out = new Writing(folder, 'keys.json').put('{');
      out.list(bySize(size, 1_000_000, 50_000), (n) => `"key${n}":${n}`);
      out.put(`,${GAAD_HEAD.slice(1)}${openRole('Behind')}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /keys\.json/,
  },
  {
    name: 'policy-keys',
    what: '10^6 keys in a trust policy',
    write: (folder, size) => {
      const out = new Writing(folder, 'keys.json').put(`${GAAD_HEAD}${roleHead('Keys')}{`);
      out.list(bySize(size, 1_000_000, 50_000), (n) => `"key${n}":${n}`);
      out.put(`}${ROLE_TAIL}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /policy-damaged|trust-policy-undecodable|field-too-large|too large|larger than/,
  },
  {
    name: 'json-string',
    what: 'a string of 1 GB in a role',
    write: (folder, size) => {
      const out = new Writing(folder, 'long.json').put(
        `${GAAD_HEAD}${roleHead('Long')}${OPEN_POLICY},"Description":"`,
      );
      out
        .repeat('a', bySize(size, 1000 * MB, 40 * MB))
        .put(`"}${GAAD_TAIL}`)
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /too long|read up to/,
  },
  {
    name: 'json-key-long',
    what: 'a key of 1 GB in a role',
    write: (folder, size) => {
      const out = new Writing(folder, 'long.json').put(`${GAAD_HEAD}${roleHead('Long')}${OPEN_POLICY},"`);
      out
        .repeat('a', bySize(size, 1000 * MB, 40 * MB))
        .put(`":1}${GAAD_TAIL}`)
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /too long|read up to/,
  },
  {
    name: 'json-policy-string',
    what: 'a trust policy written as a string of 1 GB',
    write: (folder, size) => {
      const out = new Writing(folder, 'long.json').put(`${GAAD_HEAD}${roleHead('Long')}"`);
      out
        .repeat('%20', bySize(size, 333 * MB, 14 * MB))
        .put(`"${ROLE_TAIL}${GAAD_TAIL}`)
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /too long|read up to/,
  },
  {
    name: 'json-number',
    what: 'a number of 10^8 digits in a role',
    write: (folder, size) => {
      const out = new Writing(folder, 'number.json').put(
        `${GAAD_HEAD}${roleHead('Long')}${OPEN_POLICY},"N":`,
      );
      out
        .repeat('9', bySize(size, 100 * MB, 40 * MB))
        .put(`}${GAAD_TAIL}`)
        .close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /too long|read up to/,
  },
  {
    name: 'csv-line',
    what: 'a CSV line of 1 GB',
    write: (folder, size) => {
      const out = new Writing(folder, 'line.csv').put(CSV_HEAD);
      out
        .repeat('a', bySize(size, 1000 * MB, 40 * MB))
        .put('\n')
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /longer than 32 MiB/,
  },
  {
    name: 'csv-quoted',
    what: 'a quoted CSV cell of 1 GB, of doubled quotes',
    write: (folder, size) => {
      const out = new Writing(folder, 'line.csv').put(`${CSV_HEAD}"`);
      out
        .repeat('""', bySize(size, 500 * MB, 20 * MB))
        .put('"\n')
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /longer than 32 MiB/,
  },
  {
    name: 'csv-header',
    what: 'a CSV header of 10^6 columns',
    write: (folder, size) => {
      const out = new Writing(folder, 'wide.csv').put(CSV_HEAD.slice(0, -1));
      out
        .repeat(',column', bySize(size, 1_000_000, 50_000))
        .put('\na\n')
        .close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /wide\.csv/,
  },
  {
    name: 'csv-cells',
    what: 'a CSV row of 10^7 cells',
    write: (folder, size) => {
      const out = new Writing(folder, 'wide.csv').put(CSV_HEAD);
      out
        .repeat(',', bySize(size, 10 * MB, MB))
        .put('\n')
        .close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /more than 10000 cells/,
  },
  {
    name: 'ndjson-line',
    what: 'an NDJSON line of 1 GB',
    write: (folder, size) => {
      const row = `{"_cq_sync_time":"2026-04-01T00:00:00Z","arn":"arn:aws:iam::111122223333:role/Line","role_name":"Line","assume_role_policy_document":${OPEN_POLICY}`;
      const out = new Writing(folder, 'aws_iam_roles.json').put(`${row}}\n${row},"tags":{"a":"`);
      out
        .repeat('a', bySize(size, 1000 * MB, 40 * MB))
        .put('"}}\n')
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /too long|read up to/,
  },
  {
    name: 'ndjson-many-values',
    what: 'an NDJSON line of 1 GB, of small values',
    write: (folder, size) => {
      const row = `{"_cq_sync_time":"2026-04-01T00:00:00Z","arn":"arn:aws:iam::111122223333:role/Line","role_name":"Line","assume_role_policy_document":${OPEN_POLICY}`;
      const out = new Writing(folder, 'aws_iam_roles.json').put(`${row},"tags":[0`);
      out
        .repeat(',"a"', bySize(size, 250 * MB, 10 * MB))
        .put(']}\n')
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 1,
  },
  {
    name: 'yaml-aliases',
    what: 'aliases of aliases in YAML: 10^9 strings',
    write: (folder) => {
      const out = new Writing(folder, 'laughs.yaml').put(
        'RoleDetailList:\n- Arn: arn:aws:iam::111122223333:role/A\n  A0: &a0 [lol]\n',
      );
      for (let n = 1; n <= 9; n++)
        out.put(
          `  A${n}: &a${n} [${Array(10)
            .fill(`*a${n - 1}`)
            .join(', ')}]\n`,
        );
      out.put('  AssumeRolePolicyDocument: *a9\nPolicies: []\n').close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /laughs\.yaml/,
  },
  {
    name: 'yaml-string',
    what: 'a string of 1 GB in YAML',
    write: (folder, size) => {
      const out = new Writing(folder, 'long.yaml').put('RoleDetailList:\n- Arn: "');
      out
        .repeat('a', bySize(size, 1000 * MB, 40 * MB))
        .put('"\n')
        .close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /long\.yaml/,
  },
  {
    name: 'zeros',
    what: '4 GB of zero bytes, sparse',
    write: (folder, size) => {
      new Writing(folder, 'zeros.json').close();
      truncateSync(join(folder, 'zeros.json'), bySize(size, 4000 * MB, 100 * MB));
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /zeros\.json/,
  },
  {
    name: 'zeros-behind',
    what: 'an export that is cut, with 4 GB of zero bytes behind it',
    write: (folder, size) => {
      new Writing(folder, 'zeros.json').put(`${GAAD_HEAD}${openRole('First')},`).close();
      truncateSync(join(folder, 'zeros.json'), bySize(size, 4000 * MB, 100 * MB));
    },
    seconds: 120,
    megabytes: 300,
    exit: 3,
    says: /zero bytes/,
  },
  {
    name: 'marks',
    what: '10^7 byte order marks in front of an export',
    write: (folder, size) => {
      const out = new Writing(folder, 'marks.json').repeat('\ufeff', bySize(size, 10 * MB, 100_000));
      out.put(`${GAAD_HEAD}${openRole('Marked')}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 3,
    says: /marks\.json/,
  },
  {
    name: 'utf-8-invalid',
    what: '200 MB that are no UTF-8, in a role',
    write: (folder, size) => {
      const out = new Writing(folder, 'bytes.json').put(
        `${GAAD_HEAD}${roleHead('Bytes')}${OPEN_POLICY},"Tags":[""`,
      );
      out.repeat(Buffer.from([0x2c, 0x22, 0xff, 0xc0, 0xed, 0xa0, 0x80, 0x22]), bySize(size, 25 * MB, MB));
      out.put(`]}${GAAD_TAIL}`).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 0,
    says: /not UTF-8/,
    roles: 1,
  },
  {
    name: 'utf-16-invalid',
    what: '200 MB of UTF-16 surrogates that stand alone, in a role',
    write: (folder, size) => {
      const utf16 = (text: string) => Buffer.from(text, 'utf16le');
      const out = new Writing(folder, 'units.json').put(
        utf16(`\ufeff${GAAD_HEAD}${roleHead('Units')}${OPEN_POLICY},"Tags":[""`),
      );
      out.repeat(Buffer.from([0x2c, 0, 0x22, 0, 0x00, 0xd8, 0x22, 0]), bySize(size, 25 * MB, MB));
      out.put(utf16(`]}${GAAD_TAIL}`)).close();
    },
    seconds: 60,
    megabytes: 300,
    exit: 0,
    says: /not UTF-16LE/,
    roles: 1,
  },
  {
    name: 'documents',
    what: '10^7 JSON documents in one file',
    write: (folder, size) => {
      const out = new Writing(folder, 'documents.json').put(`${GAAD_HEAD}${openRole('First')}${GAAD_TAIL}`);
      out.repeat('{}\n', bySize(size, 10 * MB, 100_000)).close();
    },
    seconds: 120,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 1,
  },
  {
    name: 'lines',
    what: '10^9 line ends in front of an export',
    write: (folder, size) => {
      const out = new Writing(folder, 'lines.json').repeat('\n', bySize(size, 1000 * MB, 10 * MB));
      out.put(`${GAAD_HEAD}${openRole('Late')}${GAAD_TAIL}`).close();
    },
    seconds: 120,
    megabytes: 300,
    // A format is told by the first 32 MiB.
    exit: 3,
    says: /is not in a supported format.*first trace of a trust policy is at byte/,
    short: { exit: 0, says: null, roles: 1 },
  },
];

function deep(folder: string, levels: number, open: string, inner: string, close: string): void {
  const out = new Writing(folder, 'deep.json').put(`${GAAD_HEAD}${roleHead('Deep')}${OPEN_POLICY},"X":`);
  out.repeat(open, levels).put(inner).repeat(close, levels).put(`}${GAAD_TAIL}`).close();
}
