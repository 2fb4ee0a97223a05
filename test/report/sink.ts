import { Writable } from 'node:stream';
import type { ReportSource } from '../../src/model/report-source.ts';
import type { ReportOptions, ReportRenderer } from '../../src/report/shared/options.ts';
import { OPTIONS } from './sample-source.ts';

export async function renderToString(
  renderer: ReportRenderer,
  source: ReportSource,
  options: Partial<ReportOptions> = {},
): Promise<string> {
  return written((out) => renderer(source, out, { ...OPTIONS, ...options }));
}

/** What is written into a stream that is always nearly full. */
export async function written(render: (out: Writable) => Promise<void>): Promise<string> {
  return (await writtenBytes(render)).toString('utf8');
}

export async function writtenBytes(render: (out: Writable) => Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const out = new Writable({
    highWaterMark: 16,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(done);
    },
  });
  await render(out);
  if (out.writableEnded) throw new Error('a renderer must leave its stream open');
  return Buffer.concat(chunks);
}
