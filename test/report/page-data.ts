import { gunzipSync } from 'node:zlib';
import type { PayloadLine } from '../../src/report/html/shared/payload.ts';
import { BytesOfText } from '../../src/report/html/shared/text-bytes.ts';

/** The lines of data in the text of a page. */
export function pageData(page: string): readonly PayloadLine[] {
  const packed = /id="report-data">([\s\S]*?)<\/script>/.exec(page)?.[1];
  if (packed === undefined) throw new Error('the page has no data');
  const decoder = new BytesOfText();
  const text = gunzipSync(Buffer.concat([decoder.add(packed), decoder.end()])).toString('utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PayloadLine);
}
