import type { EvidenceRow } from '../../model/evidence-row.ts';
import { counted } from '../../text/counted.ts';

/** Counts the files of a scan whose capture time is the time they were last changed. */
export interface ModifiedTimes {
  add(row: Pick<EvidenceRow, 'path' | 'capturedFrom'>): void;
  /** One sentence with an example; null when there is none. */
  warning(): string | null;
}

export function modifiedTimes(): ModifiedTimes {
  let count = 0;
  let first: string | null = null;
  return {
    add({ path, capturedFrom }) {
      if (capturedFrom !== 'modified') return;
      count++;
      // The least path, because files end in any order.
      if (first === null || path < first) first = path;
    },
    warning() {
      if (first === null) return null;
      const files = counted(count, 'file tells', 'files tell');
      return `warning: ${files} no capture time, so the time of last change was taken (such as ${first}); a copy or download may have changed it: say \`--captured-at\`, or put the date into the name of file or folder`;
    },
  };
}
