import type { CaptureTimeSource } from '../../model/capture.ts';
import { normaliseTime } from '../../model/time.ts';

export interface CaptureTime {
  readonly at: string;
  readonly from: CaptureTimeSource;
}

/** Everything that may tell when evidence was captured, most trusted first; null where there is nothing. */
export interface CaptureClues {
  /** What the evidence says of itself. */
  readonly evidence: string | null;
  /** The user's word for it. */
  readonly option: string | null;
  /** Path as shown. */
  readonly path: string;
  readonly modifiedAt: string | null;
  /** For input without a modification time. */
  readonly receivedAt: string;
}

/** Takes the most trusted clue. `evidence` and `option` must be normalised. */
export function captureTime(clues: CaptureClues): CaptureTime {
  if (clues.evidence !== null) return { at: clues.evidence, from: 'evidence' };
  if (clues.option !== null) return { at: clues.option, from: 'option' };
  const named = timeInPath(clues.path);
  if (named !== null) return { at: named, from: 'name' };
  return { at: clues.modifiedAt ?? clues.receivedAt, from: 'modified' };
}

const STAMP = /(?<!\d)(20\d{2}-?\d{2}-?\d{2})(?:[T_ -](\d{2}[:-]?\d{2}[:-]?\d{2})Z?)?(?!\d)/g;
const MONTH = /^(0?[1-9]|1[0-2])$/;
const DAY = /^(0?[1-9]|[12]\d|3[01])$/;

/**
 * Finds a date or time in the name of a file or, nearest first, of its folders: `2026-02-01`, `20260201`,
 * `20260201T000000Z`, and year, month and day as three folders, as AWS writes them below `AWSLogs`
 * (`.../2026/2/1/...`). Of several in one name the last.
 */
export function timeInPath(path: string): string | null {
  const segments = path.split('/');
  for (let index = segments.length - 1; index >= 0; index--) {
    const found = timeInName(segments[index] as string) ?? dateInFolders(segments.slice(0, index + 1));
    if (found !== null) return found;
  }
  return null;
}

/** The time in the name AWS Config gives a snapshot (`..._ConfigSnapshot_20160927T183939Z_...`); null elsewhere. */
export function configSnapshotTime(path: string): string | null {
  const match = /_ConfigSnapshot_(\d{8}T\d{6}Z)_/.exec(path.slice(path.lastIndexOf('/') + 1));
  return match === null ? null : normaliseTime(match[1] as string);
}

function timeInName(name: string): string | null {
  let found: string | null = null;
  for (const [, date, clock] of name.matchAll(STAMP)) {
    const time = clock === undefined ? '' : `T${clock.replaceAll(/[:-]/g, '')}Z`;
    const day = (date as string).replaceAll('-', '');
    found = normaliseTime(day + time) ?? normaliseTime(day) ?? found;
  }
  return found;
}

function dateInFolders(segments: readonly string[]): string | null {
  const [year = '', month = '', day = ''] = segments.slice(-3);
  if (!/^20\d{2}$/.test(year) || !MONTH.test(month) || !DAY.test(day)) return null;
  return normaliseTime(`${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
}
