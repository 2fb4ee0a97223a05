import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/index.ts';
import { makeVerdict, memorySource } from './sample-source.ts';
import { renderToString } from './sink.ts';

const formats = Object.values(REPORT_FORMATS);

describe('the list of report formats', () => {
  it('calls each by its id', () => {
    expect(formats.map(({ id }) => id)).toEqual(Object.keys(REPORT_FORMATS));
    expect(formats.map(({ id }) => id)).toEqual([
      'csv',
      'html',
      'json',
      'ndjson',
      'sarif',
      'ocsf',
      'md',
      'register',
      'xlsx',
    ]);
  });

  it.each(formats)('$id: its reports, and no others, begin as it says', async ({ beginnings }) => {
    const source = memorySource({ verdicts: [makeVerdict()] });
    const recognised: string[] = [];
    for (const { id, render } of formats) {
      const report = await renderToString(render, source);
      if (beginnings.some((pattern) => pattern.test(report))) recognised.push(id);
    }
    expect(recognised).toEqual(formats.filter((one) => one.beginnings === beginnings).map(({ id }) => id));
  });
});
