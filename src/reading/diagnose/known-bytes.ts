import { contentOf } from '../../evidence/content.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { EXPORT } from './aside.ts';

interface Magic {
  readonly magic: string;
  readonly name: string;
  readonly advice: string;
  /** True for what nobody would keep an export in. */
  readonly unrelated?: true;
}

const MAGICS: readonly Magic[] = [
  { magic: '\x28\xb5\x2f\xfd', name: 'zstd inside a compressed file', advice: 'unpack it with `zstd -d`' },
  { magic: 'BZh', name: 'bzip2 inside a compressed file', advice: 'unpack it once' },
  { magic: '\xfd7zXZ', name: 'xz-compressed data', advice: 'unpack it with `unxz`' },
  { magic: '7z\xbc\xaf', name: 'a 7-Zip archive', advice: 'unpack it' },
  { magic: 'Rar!', name: 'a RAR archive', advice: 'unpack it' },
  { magic: '\x1f\x8b', name: 'gzip inside gzip', advice: 'unpack it once with `gunzip`' },
  { magic: '\xff\xfe\0\0', name: 'text in UTF-32', advice: 'save it as UTF-8' },
  { magic: '%PDF', name: 'a PDF document', advice: EXPORT, unrelated: true },
  { magic: '\x89PNG', name: 'a picture', advice: EXPORT, unrelated: true },
  { magic: '\xff\xd8\xff', name: 'a picture', advice: EXPORT, unrelated: true },
  { magic: 'GIF8', name: 'a picture', advice: EXPORT, unrelated: true },
];

/** Says what a file is that is no text; null when it may be one. */
export function knownBytes(head: Uint8Array, prefix: Uint8Array): FileProblem | null {
  const content = contentOf(head);
  if (content === 'zip' || content === 'tar') {
    const message = `is a ${content} archive inside an archive inside an archive; unpack the outer ones`;
    return { code: 'archive-nested', message };
  }
  const first = Buffer.from(head.subarray(0, 16)).toString('latin1');
  const known = MAGICS.find(({ magic }) => first.startsWith(magic));
  if (known !== undefined) {
    const message = `is ${known.name}; ${known.advice}`;
    if (known.unrelated !== true) return { code: 'format-unknown', message };
    return { code: 'unrelated', kind: known.name, message };
  }
  if (!prefix.subarray(0, 1024).includes(0)) return null;
  const message = 'is binary, or text in an unknown encoding; save it as UTF-8';
  return { code: 'format-unknown', message };
}
