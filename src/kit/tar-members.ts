import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { createTarDecoder, type ParsedTarEntry } from 'modern-tar';

/** A member of a tar archive. Its bytes can be read until the next one is asked for. */
export interface TarMember {
  readonly name: string;
  readonly type: ParsedTarEntry['header']['type'];
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Lists the members of a tar archive that is compressed with gzip, holding none. */
export async function* tarMembers(archive: string): AsyncGenerator<TarMember, void> {
  const unpacked = createGunzip();
  // What goes wrong there comes out here.
  pipeline(createReadStream(archive, { highWaterMark: 1 << 20 }), unpacked).catch(() => undefined);
  const decoder = createTarDecoder({ strict: true });
  // Node.js's own way from such streams to those of the web breaks where they are left early.
  const feed = async () => {
    const writer = decoder.writable.getWriter();
    try {
      for await (const chunk of unpacked) await writer.write(chunk as Uint8Array);
      await writer.close();
    } catch (error) {
      await writer.abort(error).catch(() => undefined);
    }
  };
  const fed = feed();
  try {
    for await (const { header, body } of decoder.readable as unknown as AsyncIterable<ParsedTarEntry>) {
      let isRead = false;
      const chunks = async function* () {
        isRead = true;
        yield* body as unknown as AsyncIterable<Uint8Array>;
      };
      yield { name: header.name, type: header.type, chunks: { [Symbol.asyncIterator]: chunks } };
      if (!isRead) for await (const _ of chunks());
    }
  } finally {
    unpacked.destroy();
    await fed;
  }
}
