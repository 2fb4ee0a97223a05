import type { EvidenceEnd, EvidenceStream } from '../evidence/open.ts';
import type { Pull } from '../evidence/pull.ts';

/** The text of a file from its first byte on. */
export interface Text {
  readonly next: Pull;
  /** Offset of its first byte in the evidence. */
  readonly start: number;
  finish(): Promise<EvidenceEnd>;
  close(): Promise<void>;
}

export function textOf(stream: EvidenceStream): Text {
  return {
    next: () => stream.next(),
    start: stream.start,
    finish: () => stream.finish(),
    close: () => stream.close(),
  };
}
