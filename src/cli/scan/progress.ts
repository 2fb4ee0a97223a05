import cliProgress from 'cli-progress';
import { counted, formatCount } from '../../text/counted.ts';
import { visible } from '../../text/hidden-characters.ts';
import type { CliContext } from '../context.ts';

/** How far a scan is. */
export interface Progress {
  /** `waits`: it is a pipe or terminal, whose bytes come when another program sends them. */
  fileStarted(path: string, waits: boolean): void;
  /** Bytes of evidence read, as received. */
  bytes(count: number): void;
  records(count: number): void;
  fileDone(path: string): void;
  /** A file, or a member of an archive, that is not whole; what is wrong is told at the end. */
  problem(): void;
  /** Shows one line that stays, on stderr; `text` must be visible. */
  note(text: string): void;
  /** The end, whether everything was read or not. */
  stop(): void;
}

export type ProgressMode = 'auto' | 'plain' | 'json' | 'none';

const PLAIN_INTERVAL_MS = 10_000;
const JSON_INTERVAL_MS = 1_000;

/**
 * Shows progress on stderr: a bar when it is a terminal, a plain line every ten seconds when it is none or dumb, one JSON
 * object a second for other programs, or nothing.
 */
export function startProgress(
  mode: ProgressMode,
  totals: { readonly files: number; readonly bytes: number },
  { stderr }: CliContext,
): Progress {
  const waits = new Set<string>();
  const state = { files: 0, bytes: 0, records: 0, problems: 0, began: Date.now(), waits };
  // A bar moves the cursor, which a dumb terminal cannot.
  const canDraw = stderr.isTTY === true && process.env.TERM !== 'dumb';
  const shown = mode === 'auto' ? (canDraw ? 'bar' : 'plain') : mode;
  const count = {
    fileStarted: (path: string, mayWait: boolean) => {
      if (mayWait) waits.add(path);
    },
    bytes: (bytes: number) => {
      state.bytes += bytes;
    },
    records: (records: number) => {
      state.records += records;
    },
    fileDone: (path: string) => {
      waits.delete(path);
      state.files++;
    },
    problem: () => {
      state.problems++;
    },
    note: (text: string) => {
      stderr.write(`${text}\n`);
    },
  };
  if (shown === 'none') return { ...count, stop: () => undefined };
  if (shown === 'bar') return barProgress(count, state, totals, stderr);
  const show = (): void => {
    stderr.write(
      shown === 'json' ? `${JSON.stringify(jsonLine(state, totals))}\n` : `${plainLine(state, totals)}\n`,
    );
  };
  const timer = setInterval(show, shown === 'json' ? JSON_INTERVAL_MS : PLAIN_INTERVAL_MS);
  timer.unref();
  return {
    ...count,
    stop: () => {
      clearInterval(timer);
      if (shown === 'json') show();
    },
  };
}

interface State {
  readonly files: number;
  readonly bytes: number;
  readonly records: number;
  readonly problems: number;
  readonly began: number;
  /** Pipes and terminals that are being read. */
  readonly waits: ReadonlySet<string>;
}
type Totals = Parameters<typeof startProgress>[1];
type Counters = Omit<Progress, 'stop'>;

function barProgress(count: Counters, state: State, totals: Totals, stderr: CliContext['stderr']): Progress {
  const bar = new cliProgress.SingleBar({
    stream: stderr as NodeJS.WritableStream,
    format:
      totals.bytes > 0
        ? '{bar} {percentage}% | {read} of {size} | {roles} records, {rate} | {eta_formatted} left'
        : '{read} | {roles} records, {rate}',
    // The line is cut, not wrapped, where the terminal ends: all of it fits into 80 columns.
    barsize: 10,
    etaBuffer: 50,
    fps: 5,
    hideCursor: true,
    clearOnComplete: true,
    // Notes push the bar down; the next rendering draws it again.
    forceRedraw: true,
  });
  const payload = (): object => ({
    read: humanBytes(state.bytes),
    size: humanBytes(totals.bytes),
    roles: formatCount(state.records),
    rate: pace(state, totals),
  });
  bar.start(Math.max(1, totals.bytes), 0, payload());
  // A process that ends at once must leave the terminal as it was.
  const leave = (): void => bar.stop();
  process.once('exit', leave);
  return {
    ...count,
    note: (text) => {
      stderr.write(`${CLEAR_LINE}${WRAP}${text}\n${SAVE_CURSOR}${NO_WRAP}`);
    },
    fileStarted: (path, mayWait) => {
      count.fileStarted(path, mayWait);
      if (mayWait) bar.update(payload());
    },
    fileDone: (path) => {
      count.fileDone(path);
      bar.update(payload());
    },
    bytes: (bytes) => {
      count.bytes(bytes);
      bar.update(Math.min(state.bytes, totals.bytes), payload());
    },
    problem: () => {
      count.problem();
      bar.update(payload());
    },
    stop: () => {
      process.off('exit', leave);
      bar.stop();
    },
  };
}

// The bar turns wrapping off, which would cut a note, and goes back to the saved place when it ends.
const CLEAR_LINE = '\r\x1b[2K';
const WRAP = '\x1b[?7h';
const NO_WRAP = '\x1b[?7l';
const SAVE_CURSOR = '\x1b7';

function plainLine(state: State, totals: Totals): string {
  const left = secondsLeft(state, totals);
  return [
    `read ${formatCount(state.files)} of ${counted(totals.files, 'file')}`,
    isKnown(totals, state)
      ? `${humanBytes(state.bytes)} of ${humanBytes(totals.bytes)}`
      : humanBytes(state.bytes),
    counted(state.records, 'record'),
    `${counted(perSecond(state), 'record')}/s`,
    ...(state.problems === 0 ? [] : [notWhole(state)]),
    ...(left === null ? [] : [`about ${left} s left`]),
    ...(state.waits.size === 0 ? [] : [`reading what others write to ${waitedFor(state)}`]),
  ].join(', ');
}

/** How fast it is; when only pipes and terminals are left, what it waits for. */
function pace(state: State, totals: Totals): string {
  if (state.waits.size > 0 && state.files + state.waits.size >= totals.files)
    return `waits for ${waitedFor(state)}`;
  return state.problems === 0 ? `${formatCount(perSecond(state))}/s` : notWhole(state);
}

function waitedFor({ waits }: State): string {
  return [...waits].map((path) => `\`${visible(path)}\``).join(', ');
}

function notWhole({ problems }: State): string {
  return `${counted(problems, 'file')} not whole`;
}

function jsonLine(state: State, totals: Totals): object {
  return {
    files: state.files,
    filesTotal: totals.files,
    bytes: state.bytes,
    bytesTotal: isKnown(totals, state) ? totals.bytes : null,
    records: state.records,
    recordsPerSecond: perSecond(state),
    secondsLeft: secondsLeft(state, totals),
    waitingFor: [...state.waits],
  };
}

function perSecond(state: State): number {
  return Math.round((state.records * 1000) / Math.max(1, Date.now() - state.began));
}

/** Of standard input the size is not known before its end. */
function isKnown(totals: Totals, state: State): boolean {
  return totals.bytes > 0 && totals.bytes >= state.bytes;
}

function secondsLeft(state: State, totals: Totals): number | null {
  if (state.bytes === 0 || !isKnown(totals, state)) return null;
  const elapsed = (Date.now() - state.began) / 1000;
  return Math.max(0, Math.round((elapsed * (totals.bytes - state.bytes)) / state.bytes));
}

/** Decimal units, as disks and download tools count. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${units[unit]}`;
}
