import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { startProgress } from '../../../src/cli/scan/progress.ts';

/** What is written to stderr when all is read. */
function shown(bytesTotal: number, read: number): unknown {
  let text = '';
  const stderr = new Writable({
    write(chunk: Buffer, _encoding, done) {
      text += chunk.toString();
      done();
    },
  });
  const context = { stderr } as unknown as Parameters<typeof startProgress>[2];
  const progress = startProgress('json', { files: 1, bytes: bytesTotal }, context);
  progress.bytes(read);
  progress.records(7);
  progress.fileDone('export.json');
  progress.stop();
  return JSON.parse(text);
}

it('tells what is left where the size is known', () => {
  expect(shown(200, 200)).toMatchObject({
    files: 1,
    bytes: 200,
    bytesTotal: 200,
    records: 7,
    secondsLeft: 0,
  });
});

it('claims nothing of what it cannot know, as of standard input', () => {
  expect(shown(0, 200)).toMatchObject({ bytes: 200, bytesTotal: null, secondsLeft: null });
});

it('draws no more than was read when it is stopped early', () => {
  let sent = '';
  const stderr = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        sent += chunk.toString();
        done();
      },
    }),
    { isTTY: true, columns: 120 },
  );
  const context = { stderr } as unknown as Parameters<typeof startProgress>[2];
  const progress = startProgress('auto', { files: 4, bytes: 200 }, context);
  progress.bytes(50);
  progress.stop();
  expect(sent).toContain(' 25% ');
  expect(sent).not.toContain('100%');
});

it('names the pipe that is all it waits for', () => {
  let sent = '';
  const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
    sent += chunk.toString();
    done();
  };
  const context = (more: object) =>
    ({ stderr: Object.assign(new Writable({ write }), more) }) as unknown as Parameters<
      typeof startProgress
    >[2];
  const json = startProgress('json', { files: 2, bytes: 200 }, context({}));
  json.fileStarted('export.json', false);
  json.fileStarted('pipe', true);
  json.stop();
  expect(JSON.parse(sent)).toMatchObject({ waitingFor: ['pipe'] });
  const bar = startProgress('auto', { files: 2, bytes: 200 }, context({ isTTY: true, columns: 120 }));
  bar.fileStarted('export.json', false);
  bar.fileStarted('pipe', true);
  bar.fileDone('export.json');
  bar.stop();
  expect(sent).toContain('waits for `pipe`');
});
