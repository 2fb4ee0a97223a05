import { describe, expect, it } from 'vitest';
import { ScanTally } from '../../../src/cli/scan/tally.ts';
import type { EvidenceRow } from '../../../src/model/evidence-row.ts';

function row(facts: Partial<EvidenceRow>): EvidenceRow {
  return {
    path: 'a',
    sha256: '',
    bytes: 1,
    format: 'gaad',
    account: null,
    capturedAt: null,
    capturedFrom: 'evidence',
    status: 'complete',
    problems: [],
    recordsRead: 1,
    recordsAccepted: 1,
    recordsSuperseded: 0,
    recordsDuplicate: 0,
    recordsRejected: 0,
    ...facts,
  };
}

function tallyOf(rows: readonly EvidenceRow[]): ScanTally {
  const tally = new ScanTally();
  for (const one of rows) tally.add(one);
  return tally;
}

describe('ScanTally', () => {
  it('adds up files and records', () => {
    const { files, records } = tallyOf([row({ recordsRead: 3 }), row({ recordsRead: 4 })]);
    expect([files, records]).toEqual([2, 7]);
  });

  it('calls evidence without a role a gap', () => {
    expect(tallyOf([row({ recordsRead: 0 })]).gaps(false)).toEqual(['no role was found in the evidence']);
    expect(tallyOf([row({})]).gaps(false)).toEqual([]);
  });

  it('calls files in no supported format a gap only where that is asked for', () => {
    const problems = [{ code: 'unrelated', message: 'left aside' }] as const;
    const tally = tallyOf([row({}), row({ recordsRead: 0, problems })]);
    expect(tally.gaps(false)).toEqual([]);
    expect(tally.gaps(true)).toEqual(['1 file is in no supported format (--strict)']);
  });

  it('says nothing where all files tell their time', () => {
    const rows = (['evidence', 'option', 'name', null] as const).map((capturedFrom) => row({ capturedFrom }));
    expect(tallyOf(rows).timeWarning()).toBeNull();
  });

  it('gives one sentence with the number and one file, whatever the order', () => {
    const rows = ['c.json', 'a.json', 'b.json'].map((path) => row({ path, capturedFrom: 'modified' }));
    const said = [rows, rows.toReversed()].map((order) => tallyOf(order).timeWarning());
    expect(said[0]).toBe(said[1]);
    expect(said[0]).toMatch(/^3 files .*such as a\.json.*--captured-at/);
  });
});
