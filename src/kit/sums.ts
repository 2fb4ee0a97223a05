import { createHash, type KeyObject, sign, verify } from 'node:crypto';
import { TrustsieveError } from '../errors.ts';
import type { KitFile } from './kit-file.ts';

/** The sums of all other files of a kit, in the form that `sha256sum --check` reads. */
export const SUMS = 'SHA256SUMS';
/** 64 bytes: the Ed25519 signature (RFC 8032) of SHA256SUMS, which OpenSSL checks as it is. */
export const SUMS_SIGNATURE = 'SHA256SUMS.sig';

/**
 * The files, and behind them their sums and, with a key, the signature of these. Sums are taken while the files are
 * packed, so that they are of what was packed.
 */
export function sealed(files: readonly KitFile[], key: KeyObject | null): readonly KitFile[] {
  // An archive may not ask for the bytes of a file that has none.
  const taken = new Map(files.map(({ name }) => [name, EMPTY]));
  const summed = files.map((file) => ({
    ...file,
    chunks: async function* () {
      const hash = createHash('sha256');
      for await (const chunk of file.chunks()) {
        hash.update(chunk);
        yield chunk;
      }
      taken.set(file.name, hash.digest('hex'));
    },
  }));
  const text = () => Buffer.from([...taken].map(([name, sha256]) => line(sha256, name)).join(''));
  const behind = (name: string, bytes: number, content: () => Buffer): KitFile => ({
    name,
    isExecutable: false,
    bytes,
    chunks: function* () {
      yield content();
    },
  });
  const sums = behind(SUMS, text().length, text);
  return [
    ...summed,
    sums,
    ...(key === null ? [] : [behind(SUMS_SIGNATURE, 64, () => sign(null, text(), key))]),
  ];
}

const EMPTY = createHash('sha256').digest('hex');

function line(sha256: string, name: string): string {
  return `${sha256}  ${name}\n`;
}

/** A kit as it was found, packed or unpacked. */
export interface FoundKit {
  /** SHA-256 of every file but the two below, by name. */
  readonly files: ReadonlyMap<string, string>;
  /** What no kit holds: links, files of the same name, files beside the folder. */
  readonly strays: readonly string[];
  readonly sums: Buffer | null;
  readonly signature: Buffer | null;
}

/** What is wrong with a kit's files, one clause each; nothing where every file is as it was packed. */
export function faultsOf({ files, strays, sums }: FoundKit): readonly string[] {
  if (sums === null) return [`there is no ${SUMS}`];
  const faults = strays.map((name) => `\`${name}\` does not belong into a kit`);
  const listed = new Set<string>();
  for (const text of sums.toString('utf8').split('\n').slice(0, -1)) {
    const [, sha256, name] = /^([0-9a-f]{64}) {2}(.+)$/.exec(text) ?? [];
    if (sha256 === undefined || name === undefined) {
      faults.push(`${SUMS} has a line that is none: \`${text.slice(0, 100)}\``);
      continue;
    }
    listed.add(name);
    const found = files.get(name);
    if (found === undefined) faults.push(`\`${name}\` is missing`);
    else if (found !== sha256) faults.push(`\`${name}\` is not as it was packed`);
  }
  if (!sums.toString('utf8').endsWith('\n')) faults.push(`${SUMS} breaks off`);
  for (const name of files.keys()) if (!listed.has(name)) faults.push(`\`${name}\` is not in ${SUMS}`);
  return faults;
}

/**
 * Holds the signature of a kit against a public key.
 *
 * @throws TrustsieveError `configuration-invalid` when it is missing or was not made with the key
 */
export function demandSignature({ sums, signature }: FoundKit, key: KeyObject): void {
  const fault =
    signature === null
      ? `the kit is not signed: there is no ${SUMS_SIGNATURE}`
      : sums === null || !verify(null, sums, key, signature)
        ? `${SUMS_SIGNATURE} is not the signature of ${SUMS} by this key: the sums were changed, or the key is another`
        : null;
  if (fault !== null) throw new TrustsieveError('configuration-invalid', fault);
}
