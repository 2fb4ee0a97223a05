import type { FileProblem } from '../../model/file-problem.ts';
import { withoutHidden } from '../../text/hidden-characters.ts';
import type { Pull } from '../pull.ts';

/** A member of an archive, as tar and zip know it. */
export interface Member {
  /** As written in the archive; may be anything. */
  readonly name: string;
  /** Bytes of its content, as far as the archive tells. */
  readonly size: number;
  /** ISO 8601 UTC with seconds; null when the archive does not tell. */
  readonly modifiedAt: string | null;
  /** Gives the content; a problem says why there is none. */
  readonly content: Pull | FileProblem;
}

const EARLIEST = Date.UTC(1980, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);

/**
 * A member's time of modification; null for the beginning of an archive format's time, which those write that have
 * no clock.
 *
 * @param milliseconds since 1970
 */
export function memberTime(milliseconds: number): string | null {
  if (!(milliseconds > EARLIEST && milliseconds < LATEST)) return null;
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

const MAX_NAME = 1024;

/** Shows members of one archive under paths that are printable and differ. */
export class MemberNames {
  private readonly archive: string;
  private readonly seen = new Set<string>();

  /** @param archive the archive's path as shown */
  constructor(archive: string) {
    this.archive = archive;
  }

  /** The path of the next member; when its name came before, with a number behind it. */
  add(name: string): string {
    const clean = withoutHidden(name.slice(0, MAX_NAME));
    let unique = clean;
    for (let number = 2; this.seen.has(unique); number++) unique = `${clean}#${number}`;
    this.seen.add(unique);
    return `${this.archive}!/${unique}`;
  }
}
