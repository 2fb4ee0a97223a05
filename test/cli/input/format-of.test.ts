import { describe, expect, it } from 'vitest';
import { formatOf } from '../../../src/cli/input/format-of.ts';
import { DIFF_FORMATS, REPORT_FORMATS } from '../../../src/report/index.ts';

describe('what to write where --format does not say so', () => {
  const all = Object.values(REPORT_FORMATS);
  // Of formats with the same ending the first is meant, and another by its name before it.
  const first = all.filter(
    ({ extension }, index) => all.findIndex((one) => one.extension === extension) === index,
  );
  it.each([
    ...first.map(({ id, extension }) => [`some.folder/Report.${extension}`, id] as const),
    ['some.folder/vendors.register.csv', 'register'],
  ] as const)('%s', (path, id) => {
    expect(formatOf(REPORT_FORMATS, undefined, path)).toBe(id);
    expect(formatOf(REPORT_FORMATS, undefined, path.toUpperCase())).toBe(id);
  });

  it.each([
    ['x.jsonl', 'ndjson'],
    ['x.htm', 'html'],
    ['acme.2026-04-30.csv', 'csv'],
  ])('%s', (path, id) => expect(formatOf(REPORT_FORMATS, undefined, path)).toBe(id));

  it.each([
    ['x.txt', /^the ending of `x\.txt` says no format: give --format, one of csv, html, /],
    ['csv', /says no format/],
    ['some.csv/x', /says no format/],
    ['x.sarif.json', /says two formats, sarif and json: give --format, one of /],
    ['-', /^standard output has no ending/],
  ])('is asked for with %s', (path, message) => {
    expect(() => formatOf(REPORT_FORMATS, undefined, path)).toThrow(message);
    expect(formatOf(REPORT_FORMATS, 'md', path)).toBe('md');
  });

  it('is text for what knows text, unless the ending says something else', () => {
    const formats = { text: { extension: 'txt' }, ...DIFF_FORMATS };
    for (const path of ['-', 'x', 'some.csv/x', 'x.txt'])
      expect(formatOf(formats, undefined, path, 'text')).toBe('text');
    expect(formatOf(formats, undefined, 'x.html', 'text')).toBe('html');
    for (const path of ['x.out', 'x.pdf', 'x.json.gz'])
      expect(() => formatOf(formats, undefined, path, 'text')).toThrow(/says no format/);
  });
});
