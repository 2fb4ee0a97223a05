import type { AccountCapture } from '../../model/capture.ts';
import type { EntityRecord, EntityType, RejectedRecord } from '../../model/record.ts';
import type { Evaluated } from '../../model/verdict.ts';
import type { JudgedRole, JudgedSink } from '../audit-file.ts';
import type { EntityOutcomes } from '../entity-rules.ts';
import {
  BATCH_BYTES,
  BATCH_ROWS,
  type Batch,
  DELETED,
  type EntityRow,
  type SentCapture,
  type SentPolicy,
} from './protocol.ts';

/** Policies with a number, and their characters; beyond, numbering starts afresh. */
const MAX_NUMBERED = 1024;
const MAX_CHARACTERS = 4_000_000;

/** Packs judged records into batches; a policy goes along only the first time. */
export class Batcher implements JudgedSink {
  readonly #numbers = new Map<Evaluated, Map<string, number>>();
  #numbered = 0;
  #characters = 0;
  #renumber = true;
  #policies: SentPolicy[] = [];
  #captures = new Map<string, number>();
  #sentCaptures: SentCapture[] = [];
  #last: SentCapture | null = null;
  #lastIndex = 0;
  #capture: number[] = [];
  #arn: string[] = [];
  #roleId: string[] = [];
  #policy: number[] = [];
  #offset: number[] = [];
  #version: string[] = [];
  #versioned = false;
  #notRecorded: number[] = [];
  #rejects: RejectedRecord[] = [];
  #entities: EntityRow[] = [];
  #entityCaptures: (readonly [EntityType, AccountCapture])[] = [];
  #accountCaptures: AccountCapture[] = [];
  #bytes = 0;

  /** True when there is enough for a batch. */
  get full(): boolean {
    return (
      this.#arn.length + this.#rejects.length + this.#entities.length >= BATCH_ROWS ||
      this.#bytes >= BATCH_BYTES
    );
  }

  add(record: JudgedRole, evaluated: Evaluated | null): void {
    const { arn, status, version } = record;
    if (status === 'not-recorded') this.#notRecorded.push(this.#arn.length);
    this.#capture.push(this.#captureOf(record));
    this.#policy.push(evaluated === null ? DELETED : this.#policyOf(record, evaluated));
    this.#arn.push(arn);
    this.#roleId.push(record.roleId);
    this.#offset.push(record.offset);
    this.#version.push(version);
    this.#versioned ||= version !== '';
  }

  reject(reject: RejectedRecord): void {
    this.#rejects.push(reject);
  }

  capture(capture: AccountCapture): void {
    this.#accountCaptures.push(capture);
  }

  entity({ detail: _, unreadable: __, ...record }: EntityRecord, outcomes: EntityOutcomes | null): void {
    this.#entities.push({ record, outcomes });
  }

  entityCapture(type: EntityType, capture: AccountCapture): void {
    this.#entityCaptures.push([type, capture]);
  }

  bytes(count: number): void {
    this.#bytes += count;
  }

  take(): Batch {
    const batch: Batch = {
      kind: 'batch',
      renumber: this.#renumber,
      policies: this.#policies,
      roles: {
        captures: this.#sentCaptures,
        capture: Int32Array.from(this.#capture),
        arn: this.#arn.join('\n'),
        roleId: this.#roleId.join('\n'),
        policy: Int32Array.from(this.#policy),
        offset: Float64Array.from(this.#offset),
        version: this.#versioned ? this.#version : null,
      },
      notRecorded: this.#notRecorded,
      rejects: this.#rejects,
      entities: this.#entities,
      entityCaptures: this.#entityCaptures,
      captures: this.#accountCaptures,
      bytes: this.#bytes,
    };
    this.#clear();
    return batch;
  }

  #clear(): void {
    // Numbers hold for all batches after the one that brings the policy.
    this.#renumber = this.#numbered > MAX_NUMBERED || this.#characters > MAX_CHARACTERS;
    if (this.#renumber) {
      this.#numbers.clear();
      this.#numbered = 0;
      this.#characters = 0;
    }
    this.#policies = [];
    this.#captures = new Map();
    this.#sentCaptures = [];
    this.#last = null;
    this.#capture = [];
    this.#arn = [];
    this.#roleId = [];
    this.#policy = [];
    this.#offset = [];
    this.#version = [];
    this.#versioned = false;
    this.#notRecorded = [];
    this.#rejects = [];
    this.#entities = [];
    this.#entityCaptures = [];
    this.#accountCaptures = [];
    this.#bytes = 0;
  }

  #captureOf({ account, capturedAt }: JudgedRole): number {
    const last = this.#last;
    if (last?.account === account && last.capturedAt === capturedAt) return this.#lastIndex;
    const key = `${account} ${capturedAt}`;
    let index = this.#captures.get(key);
    if (index === undefined) {
      index = this.#sentCaptures.length;
      this.#sentCaptures.push({ account, capturedAt });
      this.#captures.set(key, index);
    }
    this.#last = this.#sentCaptures[index] as SentCapture;
    this.#lastIndex = index;
    return index;
  }

  /** The memo hands the same object for the same policy; without a policy, verdicts can be the same object for several. */
  #policyOf({ trust }: JudgedRole, evaluated: Evaluated): number {
    const text = trust.state === 'document' ? trust.text : trust.state === 'missing' ? '' : trust.reason;
    const known = this.#numbers.get(evaluated);
    const number = known?.get(text);
    if (number !== undefined) return number;
    if (known === undefined) this.#numbers.set(evaluated, new Map([[text, this.#numbered]]));
    else known.set(text, this.#numbered);
    this.#policies.push({ trust, evaluated });
    this.#characters += text.length;
    return this.#numbered++;
  }
}
