import type { DataProblem } from '../../errors.ts';
import { isNote } from '../../formats/shared/sink.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import type { RejectedRecord } from '../../model/record.ts';
import { counted, formatCount } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';

/**
 * Says at once which files are not whole, and gathers what else there is to know of files and records: that is said in
 * a few lines, the same whatever the order of the files.
 */
export interface ProblemGroups {
  file(path: string, problems: readonly FileProblem[]): void;
  rejects(path: string, rejects: FileRejects): void;
  /** One line for every kind of file that was left aside, few for every remark and every reason of a reject. */
  lines(): readonly string[];
}

/** The rejects of one file by code: how many there are, and the first one. */
export type FileRejects = ReadonlyMap<DataProblem, { readonly count: number; readonly first: Reject }>;

type Reject = Pick<RejectedRecord, 'code' | 'offset' | 'message'>;

export class RejectCounts {
  private readonly counts = new Map<DataProblem, { count: number; readonly first: Reject }>();

  add(reject: Reject): void {
    const known = this.counts.get(reject.code);
    if (known === undefined) this.counts.set(reject.code, { count: 1, first: reject });
    else known.count++;
  }

  get byCode(): FileRejects {
    return this.counts;
  }
}

interface Example {
  readonly path: string;
  readonly offset: number;
  readonly message: string;
}

interface Group {
  count: number;
  /** The first ones by path and place, at most as many as are shown. */
  examples: readonly Example[];
}

/** So many files with one remark have a line each. */
const SHOWN = 3;
/** So many files with one problem are told one by one. */
const TOLD = 100;

/** `tell`: shows a line while the scan goes on. */
export function openProblemGroups(tell: (line: string) => void): ProblemGroups {
  const asides = new Map<string, Group>();
  const remarks = new Map<DataProblem, Group>();
  const untold = new Map<DataProblem, Group>();
  const told = new Map<DataProblem, number>();
  const rejects = new Map<DataProblem, Group>();
  function isTold(code: DataProblem): boolean {
    const count = (told.get(code) ?? 0) + 1;
    told.set(code, count);
    return count <= TOLD;
  }

  return {
    file(path, found) {
      for (const { code, kind, message } of found) {
        const example = { path, offset: 0, message };
        if (kind !== undefined) add(asides, kind, example, 1, 1);
        else if (isNote(code)) add(remarks, code, example, 1, SHOWN);
        else if (isTold(code)) tell(visible(`${path}: ${message}`));
        else add(untold, code, example, 1, 1);
      }
    },
    rejects(path, found) {
      for (const [code, { count, first }] of found) {
        add(rejects, code, { path, offset: first.offset, message: first.message }, count, 1);
      }
    },
    lines: () => [
      ...sorted(asides).map(([, group]) => shared(group)),
      ...sorted(remarks).flatMap(([, group]) => each(group)),
      ...sorted(untold).map(([, group]) => `${shared(group)}, beside the ${TOLD} above`),
      ...sorted(rejects).map(([code, group]) => rejected(code, group)),
    ],
  };
}

function add<Key>(groups: Map<Key, Group>, key: Key, example: Example, count: number, shown: number): void {
  const group = groups.get(key) ?? { count: 0, examples: [] };
  groups.set(key, group);
  group.count += count;
  const last = group.examples.at(-1);
  if (last !== undefined && group.examples.length >= shown && compare(last, example) <= 0) return;
  group.examples = [...group.examples, example].sort(compare).slice(0, shown);
}

function each(group: Group): readonly string[] {
  if (group.count > SHOWN) return [shared(group)];
  return group.examples.map(({ path, message }) => visible(`${path}: ${message}`));
}

function shared({ count, examples }: Group): string {
  const [first] = examples;
  if (first === undefined) return '';
  const { path, message } = first;
  const many = `${formatCount(count)} files, such as ${path}: ${message}`;
  return visible(count === 1 ? `${path}: ${message}` : many);
}

function rejected(code: DataProblem, { count, examples }: Group): string {
  const [first] = examples;
  if (first === undefined) return '';
  const { path, offset, message } = first;
  const records = counted(count, 'record was', 'records were');
  const example = count === 1 ? 'in' : 'such as in';
  return visible(`${records} rejected (${code}), ${example} ${path} at byte ${offset}: ${message}`);
}

function sorted<Key extends string>(groups: ReadonlyMap<Key, Group>): readonly (readonly [Key, Group])[] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function compare(a: Example, b: Example): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.offset - b.offset;
}
