import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import chain from 'stream-chain';
import { pick } from 'stream-json/filters/pick.js';
import { parser } from 'stream-json/parser.js';
import { streamValues } from 'stream-json/streamers/stream-values.js';

/**
 * Every role as an object, as stream-json's README makes them: a chain of parser, `pick` and `streamValues`. Rows that
 * stand on lines of their own are values already.
 *
 * @returns the number of roles
 */
export async function pickAndAssemble(path: string, lines: boolean): Promise<number> {
  const options = { jsonStreaming: true, packValues: true, streamValues: false };
  const roles = lines
    ? chain([createReadStream(path), parser(options), streamValues()])
    : chain([
        createReadStream(path),
        parser(options),
        pick({ filter: /^RoleDetailList\.\d+$/ }),
        streamValues(),
      ]);
  let count = 0;
  roles.on('data', () => count++);
  await finished(roles);
  return count;
}
