import type { DataProblem } from '../errors.ts';
import type { ReadAhead } from './read-ahead.ts';

/**
 * One input file as received, or one member of an archive.
 *
 * `sha256` and `bytes` speak of the bytes as received (still compressed), because those are what an auditor
 * can hash again. Those of a member are the bytes that unpacking the archive gives.
 */
export interface Evidence {
  /**
   * Path as the user named it, with `/` separators; the same on every machine for the same command line. A member
   * has its archive's path in front: `export.zip!/accounts/1.json`.
   */
  readonly path: string;
  /** Size in bytes as received. */
  readonly bytes: number;
  /** Lower-case hexadecimal SHA-256 of the bytes as received; empty when the file could not be read. */
  readonly sha256: string;
  /** Last modification, ISO 8601 UTC with seconds; null for standard input. */
  readonly modifiedAt: string | null;
}

export interface OpenOptions {
  /** Told how many bytes were read from the file system, as often as some are. */
  readonly onBytes?: (count: number) => void;
  /** Reads and hashes large files; see there for where it may be used. */
  readonly readAhead?: ReadAhead;
  /** Ends the waiting for a pipe or terminal: reading it then throws. Files are read on. */
  readonly stop?: AbortSignal;
}

/** What is to be read of an archive where several read it, each other members. */
export interface ArchivePart {
  /** Paths of members, as shown. */
  readonly members: readonly string[];
  /** Whether what is to be said of the archive itself is to be said. */
  readonly itself: boolean;
}

/** One thing the command line leads to. */
export type EvidenceInput =
  | {
      readonly kind: 'file';
      /** As shown: see Evidence. */
      readonly path: string;
      /** Path for the file system, or an open file descriptor (standard input). */
      readonly file: string | number;
      /** Of an archive, what of it is to be read; absent: all. */
      readonly only?: ArchivePart;
    }
  | {
      /** Listed so that it is not left out in silence. */
      readonly kind: 'skipped';
      readonly path: string;
      readonly code: DataProblem;
      readonly message: string;
    };
