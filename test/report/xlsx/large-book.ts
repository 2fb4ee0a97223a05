/** Writes a workbook of as many findings as its argument says to nowhere, and prints the most memory it took, in MB. */
import { Writable } from 'node:stream';
import type { StoredVerdict } from '../../../src/model/report-source.ts';
import { renderXlsx } from '../../../src/report/xlsx/index.ts';
import { makePath, makeVerdict, memorySource, OPTIONS } from '../sample-source.ts';

const rows = Number(process.argv[2]);
const severities = ['critical', 'high', 'medium', 'low'] as const;

function* verdicts(): Generator<StoredVerdict> {
  for (let n = 0; n < rows; n++) {
    yield makeVerdict({
      account: String(111_122_223_333 + Math.floor(n / 5_000)),
      roleName: `Role-${n}-of-the-team`,
      roleId: `AROA${String(n).padStart(16, '0')}`,
      severity: severities[n % severities.length] ?? 'low',
      paths: [makePath({ account: String(444_455_550_000 + (n % 977)) }), makePath({ statement: 1 })],
    });
  }
}

const source = { ...memorySource({ verdicts: [] }), verdicts };
let bytes = 0;
const out = new Writable({
  write(chunk: Buffer, _encoding, done) {
    bytes += chunk.length;
    done();
  },
});
await renderXlsx(source, out, OPTIONS);
process.stdout.write(JSON.stringify({ bytes, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) }));
