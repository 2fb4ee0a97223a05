import type { FileReading } from '../../formats/shared/file-reading.ts';
import { counted } from '../../text/counted.ts';

/** What a scan lacks besides what the store then knows to be missing; see `Completeness`. */
export interface Coverage {
  /** Takes note of one file. */
  add(reading: FileReading): void;
  /**
   * Why the scan is incomplete, as parts of a sentence.
   *
   * @param strict counts files that no format recognised, even without a trace of roles
   */
  gaps(strict: boolean): readonly string[];
}

export function openCoverage(): Coverage {
  let records = 0;
  let unrelated = 0;
  return {
    add({ problems, recordsRead }) {
      records += recordsRead;
      if (problems.some(({ code }) => code === 'unrelated')) unrelated++;
    },
    gaps(strict) {
      return [
        ...(records === 0 ? ['no role was found in the evidence'] : []),
        ...(strict && unrelated > 0
          ? [`${counted(unrelated, 'file is', 'files are')} in no supported format (--strict)`]
          : []),
      ];
    },
  };
}
