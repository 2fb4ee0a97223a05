import { describe, expect, it } from 'vitest';
import { captureTime, configSnapshotTime, timeInPath } from '../../src/formats/shared/capture-time.ts';
import { normaliseTime } from '../../src/model/time.ts';

describe('normaliseTime', () => {
  it.each([
    ['2026-02-01T00:00:00Z', '2026-02-01T00:00:00Z'],
    ['2026-02-01T00:00:00.000Z', '2026-02-01T00:00:00Z'],
    ['2026-02-01T00:00:00.5Z', '2026-02-01T00:00:00.500Z'],
    ['2026-02-01T00:00:00.123456Z', '2026-02-01T00:00:00.123Z'],
    ['2026-02-01 01:00:00+01:00', '2026-02-01T00:00:00Z'],
    ['2026-01-31T19:00:00-0500', '2026-02-01T00:00:00Z'],
    ['2026-02-01 00:00:00', '2026-02-01T00:00:00Z'],
    ['2026-02-01 00:00:00 UTC', '2026-02-01T00:00:00Z'],
    ['2026-02-01T10:20Z', '2026-02-01T10:20:00Z'],
    ['20260201T000000Z', '2026-02-01T00:00:00Z'],
    ['2026-02-01', '2026-02-01T00:00:00Z'],
    ['2024-02-29', '2024-02-29T00:00:00Z'],
    ['2026-02-29', null],
    ['2026-13-01', null],
    ['2026-02-01T24:00:01Z', null],
    ['2026-02-01T00:00:00+99:00', null],
    ['yesterday', null],
    ['', null],
    ['1769904000', null],
  ])('%s', (text, expected) => {
    expect(normaliseTime(text)).toBe(expected);
  });
});

describe('timeInPath', () => {
  it.each([
    ['roles-2026-02-01.json', '2026-02-01T00:00:00Z'],
    ['20260201.json.gz', '2026-02-01T00:00:00Z'],
    ['x_20260201T101112Z_1.json', '2026-02-01T10:11:12Z'],
    ['x-2026-02-01T10-11-12Z.json', '2026-02-01T10:11:12Z'],
    ['2026-02-01/2026-03-01/roles.json', '2026-03-01T00:00:00Z'],
    ['2026-02-01/111122223333.json', '2026-02-01T00:00:00Z'],
    ['from-2026-01-01-to-2026-02-01.json', '2026-02-01T00:00:00Z'],
    ['AWSLogs/111122223333/Config/eu-west-1/2026/2/1/ConfigSnapshot/x.json', '2026-02-01T00:00:00Z'],
    ['2026/2/31/x.json', null],
    ['2/1/x.json', null],
    ['account-202602011234.json', null],
    ['2026-02-30.json', null],
    ['roles.json', null],
    ['-', null],
  ])('%s', (path, expected) => {
    expect(timeInPath(path)).toBe(expected);
  });
});

describe('configSnapshotTime', () => {
  it('reads the name that AWS Config gives', () => {
    const name = '111122223333_Config_eu-west-1_ConfigSnapshot_20160927T183939Z_0f0e0d0c.json.gz';
    expect(configSnapshotTime(`a/${name}`)).toBe('2016-09-27T18:39:39Z');
    expect(configSnapshotTime(name.replace('ConfigSnapshot', 'ConfigHistory'))).toBeNull();
  });
});

describe('captureTime', () => {
  const clues = {
    evidence: '2026-01-01T00:00:00Z',
    option: '2026-01-02T00:00:00Z',
    path: '2026-01-03/x.json',
    modifiedAt: '2026-01-04T00:00:00Z',
    receivedAt: '2026-01-05T00:00:00Z',
  };

  it.each([
    [{}, 'evidence', '01'],
    [{ evidence: null }, 'option', '02'],
    [{ evidence: null, option: null }, 'name', '03'],
    [{ evidence: null, option: null, path: 'x' }, 'modified', '04'],
    [{ evidence: null, option: null, path: '-', modifiedAt: null }, 'modified', '05'],
  ])('%o', (without, from, day) => {
    expect(captureTime({ ...clues, ...without })).toEqual({ at: `2026-01-${day}T00:00:00Z`, from });
  });
});
