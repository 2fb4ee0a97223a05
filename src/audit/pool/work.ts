import type { MessagePort } from 'node:worker_threads';
import { TrustsieveError } from '../../errors.ts';
import { expandEvidence } from '../../evidence/archive/index.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import type { ReadAhead } from '../../evidence/read-ahead.ts';
import { chooseReader } from '../../json/choice.ts';
import type { RuleMetadata } from '../../model/rule.ts';
import { compileFurther } from '../../rules/custom/further-rule.ts';
import { auditFile, type Judges, openJudges } from '../audit-file.ts';
import { openEntityRules } from '../entity-rules.ts';
import { Batcher } from './batcher.ts';
import { stopYoungGenerationGrowing } from './generations.ts';
import { type FromWorker, MAX_UNDER_WAY, type ToWorker, type WorkerSetup } from './protocol.ts';

/** Reads and judges one input after the other, on behalf of pool.ts. */
export function work(port: MessagePort, readAhead: ReadAhead | null): void {
  let desk: Desk | null = null;
  port.on('message', (message: ToWorker) => {
    switch (message.kind) {
      case 'setup':
        desk = new Desk(port, readAhead, message.setup);
        return;
      case 'taken':
        desk?.taken();
        return;
      case 'read':
        desk?.read(message.input).catch((error: unknown) => {
          // This one ends with it: a thread that has both reads the input once more.
          if (readAhead?.hasDied === true) throw error;
          post(port, failure(error));
        });
    }
  });
}

/** Typed. */
function post(port: MessagePort, message: FromWorker): void {
  port.postMessage(message);
}

function failure(error: unknown): FromWorker {
  const known = error instanceof TrustsieveError ? error.code : null;
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'failed', code: known, message, stack };
}

class Desk {
  private readonly port: MessagePort;
  private readonly readAhead: ReadAhead | null;
  private readonly options: WorkerSetup['options'];
  private readonly create: ReturnType<typeof chooseReader>['create'];
  private readonly judges: Judges;
  private readonly batcher = new Batcher();
  private underWay = 0;
  private wake: () => void = () => {};

  constructor(port: MessagePort, readAhead: ReadAhead | null, { options, reader, rules, asOf }: WorkerSetup) {
    this.port = port;
    this.readAhead = readAhead;
    this.options = options;
    this.create = chooseReader(reader, undefined, readAhead?.landing ?? null).create;
    this.judges = openJudges(rules.length === 0 ? null : compileRules(rules, asOf));
  }

  async read(input: EvidenceInput): Promise<void> {
    const { batcher, judges, readAhead } = this;
    const reading = {
      ...this.options,
      onBytes: (count: number) => batcher.bytes(count),
      ...(readAhead !== null && { readAhead }),
    };
    const progress = { records: () => (batcher.full ? this.send() : undefined) };
    for await (const part of expandEvidence(input, reading)) {
      post(this.port, { kind: 'part' });
      const result = await auditFile(part, reading, judges, batcher, progress, this.create);
      await this.send();
      post(this.port, { kind: 'part-end', reading: result });
    }
    post(this.port, { kind: 'read-end' });
  }

  /** One batch was taken up. */
  taken(): void {
    this.underWay--;
    this.wake();
  }

  /** Sends what there is; waits when too much is under way. */
  private async send(): Promise<void> {
    while (this.underWay >= MAX_UNDER_WAY) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    this.underWay++;
    // The thread that takes such batches up would have its young generation grow for nothing.
    if (this.batcher.heavy) stopYoungGenerationGrowing();
    post(this.port, this.batcher.take());
  }
}

function compileRules(rules: readonly RuleMetadata[], asOf: string): Judges['entityRules'] {
  const further = rules.flatMap((metadata) => {
    const { parts } = compileFurther(metadata.logic);
    return parts === null ? [] : [{ ...parts, metadata }];
  });
  return openEntityRules(further, asOf);
}
