import { parentPort, workerData } from 'node:worker_threads';
import { TrustsieveError } from '../../errors.ts';
import { expandEvidence } from '../../evidence/archive/index.ts';
import type { EvidenceInput } from '../../evidence/evidence.ts';
import { chooseReader } from '../../json/choice.ts';
import { compileFurther } from '../../rules/custom/further-rule.ts';
import { auditFile, type Judges, openJudges } from '../audit-file.ts';
import { openEntityRules } from '../entity-rules.ts';
import { Batcher } from './batcher.ts';
import { type FromWorker, MAX_UNDER_WAY, type ToWorker, type WorkerSetup } from './protocol.ts';

/** Reads and judges one input after the other, on behalf of pool.ts. */

const { options, reader, rules, asOf } = workerData as WorkerSetup;
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker');

const judges: Judges = openJudges(rules.length === 0 ? null : compileRules());
const { create } = chooseReader(reader);
const batcher = new Batcher();
let underWay = 0;
let wake: () => void = () => {};

function compileRules(): Judges['entityRules'] {
  const further = rules.flatMap((metadata) => {
    const { parts } = compileFurther(metadata.logic);
    return parts === null ? [] : [{ ...parts, metadata }];
  });
  return openEntityRules(further, asOf);
}

function post(message: FromWorker): void {
  port?.postMessage(message);
}

/** Sends what there is; waits when too much is under way. */
async function send(): Promise<void> {
  while (underWay >= MAX_UNDER_WAY) await new Promise<void>((resolve) => (wake = resolve));
  underWay++;
  post(batcher.take());
}

async function read(input: EvidenceInput): Promise<void> {
  const reading = { ...options, onBytes: (count: number) => batcher.bytes(count), readAhead: true };
  const progress = { records: () => (batcher.full ? send() : undefined) };
  for await (const part of expandEvidence(input, reading)) {
    post({ kind: 'part' });
    const result = await auditFile(part, reading, judges, batcher, progress, create);
    await send();
    post({ kind: 'part-end', reading: result });
  }
  post({ kind: 'read-end' });
}

port.on('message', (message: ToWorker) => {
  if (message.kind === 'taken') {
    underWay--;
    wake();
    return;
  }
  read(message.input).catch((error: unknown) => {
    const known = error instanceof TrustsieveError ? error.code : null;
    const { message: text, stack = '' } = error instanceof Error ? error : new Error(String(error));
    post({ kind: 'failed', code: known, message: text, stack });
  });
});
