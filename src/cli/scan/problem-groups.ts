import type { DataProblem } from '../../errors.ts';
import { isNote } from '../../formats/shared/sink.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import type { RejectedRecord } from '../../model/record.ts';
import { counted, formatCount } from '../../text/counted.ts';
import type { MessageKind } from '../output/messages.ts';

/** Gathers what there is to know of files and records, which is said at the end in the same words and order whatever the order of the files. */
export interface ProblemGroups {
  /** Returns whether something is missing from the file, or wrong with it. */
  file(path: string, problems: readonly FileProblem[]): boolean;
  rejects(path: string, rejects: FileRejects): void;
  /** The most important last: a line for every kind of file that was left aside, few for every remark and every reason of a reject, one for each file that is not whole. */
  messages(): readonly Message[];
}

/** A line for stderr. */
export interface Message {
  readonly kind: MessageKind;
  readonly text: string;
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

export function openProblemGroups(): ProblemGroups {
  const asides = new Map<string, Group>();
  const remarks = new Map<DataProblem, Group>();
  const problems = new Map<DataProblem, Group>();
  const rejects = new Map<DataProblem, Group>();
  return {
    file(path, found) {
      let isWhole = true;
      for (const { code, kind, message } of found) {
        const example = { path, offset: 0, message };
        if (kind !== undefined) add(asides, kind, example, 1, 1);
        else if (isNote(code)) add(remarks, code, example, 1, SHOWN);
        else {
          isWhole = false;
          add(problems, code, example, 1, TOLD);
        }
      }
      return !isWhole;
    },
    rejects(path, found) {
      for (const [code, { count, first }] of found) {
        add(rejects, code, { path, offset: first.offset, message: first.message }, count, 1);
      }
    },
    messages: () => [
      ...sorted(asides).map(([, group]) => note(shared(group))),
      ...sorted(remarks).flatMap(([, group]) => each(group).map(note)),
      ...sorted(rejects).map(([code, group]) => warning(rejected(code, group))),
      ...sorted(problems).flatMap(([code, group]) => oneByOne(code, group).map(warning)),
    ],
  };
}

function note(text: string): Message {
  return { kind: 'note', text };
}

function warning(text: string): Message {
  return { kind: 'warning', text };
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
  return group.count > SHOWN ? [shared(group)] : group.examples.map(told);
}

function told({ path, message }: Example): string {
  return `${path}: ${message}`;
}

function shared({ count, examples }: Group): string {
  const [first] = examples;
  if (first === undefined) return '';
  return count === 1 ? told(first) : `${formatCount(count)} files, such as ${told(first)}`;
}

function oneByOne(code: DataProblem, { count, examples }: Group): readonly string[] {
  const more = count - examples.length;
  const rest =
    more === 0 ? [] : [`${counted(more, 'more file', 'more files')} like the ${TOLD} above (${code})`];
  return [...examples.map(told), ...rest];
}

function rejected(code: DataProblem, { count, examples }: Group): string {
  const [first] = examples;
  if (first === undefined) return '';
  const { path, offset, message } = first;
  const records = counted(count, 'record was', 'records were');
  const example = count === 1 ? 'in' : 'such as in';
  return `${records} rejected (${code}), ${example} ${path} at byte ${offset}: ${message}`;
}

function sorted<Key extends string>(groups: ReadonlyMap<Key, Group>): readonly (readonly [Key, Group])[] {
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1));
}

function compare(a: Example, b: Example): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.offset - b.offset;
}
