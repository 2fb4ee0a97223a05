import type { FileReading } from '../formats/reading.ts';
import type { AccountCapture } from '../formats/record.ts';
import { isNote } from '../formats/sink.ts';

/** What a scan lacks. */
export interface Coverage {
  /** Takes note of one file and its captures. */
  add(reading: FileReading, captures: readonly AccountCapture[]): void;
  /**
   * Why the scan is incomplete, as parts of a sentence.
   *
   * @param strict counts files that no format recognised, even without a trace of roles
   */
  gaps(strict: boolean): readonly string[];
}

const MANY = 3;

export function openCoverage(): Coverage {
  let records = 0;
  let flawed = false;
  let unrelated = 0;
  /** True for accounts of which some capture is about roles. */
  const accounts = new Map<string, boolean>();
  return {
    add({ status, problems, recordsRead, recordsRejected }, captures) {
      records += recordsRead;
      const whole = status === 'complete' || (status === 'incomplete' && problems.every(isRegional));
      if (!whole || recordsRejected > 0) flawed = true;
      if (problems.some(({ code }) => code === 'unrelated')) unrelated++;
      for (const { account, reasons } of captures) {
        // A region whose recorder leaves IAM out says nothing, as long as another region has it.
        const isAboutRoles = !reasons.includes('no-iam-recorded');
        accounts.set(account, isAboutRoles || accounts.get(account) === true);
      }
    },
    gaps(strict) {
      const unrecorded = [...accounts].filter(([, isAboutRoles]) => !isAboutRoles).map(([id]) => id);
      return [
        ...(flawed ? ['some evidence could not be read in full'] : []),
        ...(records === 0 ? ['no role was found in the evidence'] : []),
        ...(records > 0 && unrecorded.length > 0
          ? [`AWS Config recorded no role of ${list(unrecorded.sort())}`]
          : []),
        ...(strict && unrelated > 0
          ? [`${unrelated} ${unrelated === 1 ? 'file is' : 'files are'} in no supported format (--strict)`]
          : []),
      ];
    },
  };
}

/** Whether another region's snapshot has the roles is known when all files are read. */
function isRegional({ code }: FileReading['problems'][number]): boolean {
  return code === 'no-iam-recorded' || isNote(code);
}

function list(accounts: readonly string[]): string {
  const more = accounts.length - MANY;
  const shown = accounts.slice(0, MANY).join(', ');
  return `${accounts.length === 1 ? 'account' : 'accounts'} ${shown}${more > 0 ? ` and ${more} more` : ''}`;
}
