import type { Worker } from 'node:worker_threads';
import { TrustsieveError } from '../../errors.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import type { FileReading } from '../../formats/shared/file-reading.ts';
import { unopened } from '../../reading/file-session.ts';
import type { FileProgress } from '../audit-file.ts';
import type { JudgedPolicy, JudgedRole, JudgedSink } from '../judged-sink.ts';
import { stopYoungGenerationGrowing } from './generations.ts';
import {
  type Batch,
  DELETED,
  type FromWorker,
  type SentColumns,
  type ToWorker,
  unpackDetails,
  type WorkerSetup,
} from './protocol.ts';
import { startThread, type ThreadOptions } from './thread.ts';

/** Takes what is read of one part of an input: a file or a member of an archive. */
export interface PartSink extends JudgedSink {
  end(reading: FileReading): void;
  /** The part is not read to its end; forget it. */
  abandon(): void;
}

export interface PoolProgress extends FileProgress {
  bytes(count: number): void;
}

/** Threads that read and judge evidence; what they find is handed out in the thread that made the pool. */
export interface Pool {
  /**
   * Reads one input, in a thread that has nothing else to do. Never call it more often at once than there are
   * threads. A thread that dies is replaced, and the input is read once more from its beginning.
   *
   * @param stop gives the input up at once, with the thread that reads it
   * @throws what `startPart` throws, what the thread fails with, and the reason of `stop`
   */
  read(
    input: EvidenceInput,
    startPart: () => PartSink,
    progress: PoolProgress,
    stop?: AbortSignal,
  ): Promise<void>;
  close(): Promise<void>;
}

const TRIES = 2;
/** Batches from one thread, by which the young generations of both have come to a size at which they work well. */
const BATCHES_TO_GROW = 32;

export function openPool(setup: WorkerSetup, options: ThreadOptions = {}): Pool {
  const start = (): Reader => new Reader(startThread(options), setup);
  const idle: Reader[] = [];
  return {
    async read(input, startPart, progress, stop) {
      for (let left = TRIES; ; ) {
        const reader = idle.pop() ?? start();
        try {
          await reader.read(input, startPart, progress, stop);
          idle.push(reader);
          return;
        } catch (error) {
          await reader.close();
          if (!(error instanceof ThreadDied)) throw error;
          if (--left > 0) continue;
          const message = `reading it ended the thread that did it, twice: ${error.message}`;
          startPart().end(unopened(input.path, { code: 'reader-died', message }));
          return;
        }
      }
    },
    async close() {
      await Promise.all(idle.map((reader) => reader.close()));
    },
  };
}

/** The thread is gone: out of memory, or a fault below JavaScript. */
class ThreadDied extends Error {}

class Reader {
  private readonly worker: Worker;
  private policies: JudgedPolicy[] = [];
  private batches = 0;
  private take: (message: FromWorker) => void = () => {};
  private died: (error: ThreadDied) => void = () => {};
  private death: ThreadDied | null = null;

  constructor(worker: Worker, setup: WorkerSetup) {
    this.worker = worker;
    this.worker.on('message', (message: FromWorker) => this.take(message));
    const die = (error: ThreadDied): void => {
      // It may have nothing to read just then; nobody would answer whoever asks it next.
      this.death ??= error;
      this.died(error);
    };
    this.worker.on('error', (error) => die(new ThreadDied(error.message)));
    this.worker.on('exit', (code) => die(new ThreadDied(`exit code ${code}`)));
    this.send({ kind: 'setup', setup });
  }

  async read(
    input: EvidenceInput,
    startPart: () => PartSink,
    progress: PoolProgress,
    stop?: AbortSignal,
  ): Promise<void> {
    let part: PartSink | null = null;
    let giveUp = (): void => {};
    stop?.throwIfAborted();
    if (this.death !== null) throw this.death;
    try {
      await new Promise<void>((resolve, reject) => {
        this.died = reject;
        giveUp = () => reject(stop?.reason);
        stop?.addEventListener('abort', giveUp);
        this.take = (message) => {
          try {
            switch (message.kind) {
              case 'part':
                part = startPart();
                return;
              case 'batch':
                if (++this.batches === BATCHES_TO_GROW) stopYoungGenerationGrowing();
                this.handOut(message, part as PartSink);
                progress.bytes(message.bytes);
                progress.records(recordsIn(message));
                this.send({ kind: 'taken' });
                return;
              case 'part-end':
                part?.end(message.reading);
                part = null;
                return;
              case 'read-end':
                resolve();
                return;
              case 'failed':
                reject(failure(message));
            }
          } catch (error) {
            reject(error);
          }
        };
        this.send({ kind: 'read', input });
      });
    } catch (error) {
      (part as PartSink | null)?.abandon();
      throw error;
    } finally {
      stop?.removeEventListener('abort', giveUp);
      this.take = () => {};
      this.died = () => {};
    }
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private send(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  private handOut(batch: Batch, part: PartSink): void {
    if (batch.renumber) this.policies = [];
    this.policies.push(...batch.policies);
    const { roles } = batch;
    const arns = roles.arn.split('\n');
    const roleIds = roles.roleId.split('\n');
    let notRecorded = 0;
    const details = unpackDetails(roles.details);
    let detailed = 0;
    let taken = 0;
    const takeColumns = (row: number): void => {
      for (; batch.columns[taken]?.behind === row; taken++) {
        const { details, ...columns } = batch.columns[taken] as SentColumns;
        part.addRoles({ ...columns, details: unpackDetails(details), judged: this.policies });
      }
    };
    for (let row = 0; row < roles.capture.length; row++) {
      takeColumns(row);
      const { account, capturedAt } = roles.captures[
        roles.capture[row] as number
      ] as Batch['roles']['captures'][number];
      const number = roles.policy[row] as number;
      const policy = number === DELETED ? null : (this.policies[number] as JudgedPolicy);
      const isNotRecorded = batch.notRecorded[notRecorded] === row;
      if (isNotRecorded) notRecorded++;
      const record: JudgedRole = {
        account,
        arn: arns[row] as string,
        roleId: roleIds[row] as string,
        trust: policy?.trust ?? { state: 'missing' },
        status: policy === null ? 'deleted' : isNotRecorded ? 'not-recorded' : 'live',
        capturedAt,
        version: roles.version?.[row] ?? '',
        offset: roles.offset[row] as number,
      };
      const detail = details[detailed]?.row === row ? details[detailed++] : null;
      part.add(record, policy?.evaluated ?? null, detail);
    }
    takeColumns(roles.capture.length);
    for (const policy of batch.managedPolicies) part.managedPolicy(policy);
    for (const policy of batch.rolePolicies) part.rolePolicy(policy);
    for (const reject of batch.rejects) part.reject(reject);
    for (const { record, outcomes } of batch.entities)
      part.entity({ ...record, detail: {}, unreadable: [] }, outcomes);
    for (const [type, capture] of batch.entityCaptures) part.entityCapture(type, capture);
    for (const capture of batch.captures) part.capture(capture);
    for (const capture of batch.organizations) part.organization(capture);
  }
}

function recordsIn({ roles, columns, rejects, organizations, managedPolicies, rolePolicies }: Batch): number {
  const policies = managedPolicies.filter(({ isRecord }) => isRecord).length + rolePolicies.length;
  const inColumns = columns.reduce((sum, { policies }) => sum + policies.length, 0);
  const ofOrganizations = organizations.reduce((sum, one) => sum + one.accepted + one.duplicate, 0);
  return roles.capture.length + inColumns + rejects.length + ofOrganizations + policies;
}

function failure({ code, message, stack }: Extract<FromWorker, { kind: 'failed' }>): Error {
  if (code !== null) return new TrustsieveError(code, message);
  const error = new Error(message);
  error.stack = stack;
  return error;
}
