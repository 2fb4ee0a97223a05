import type { RoleColumns, RowGroup, RowRun } from '../json/reader.ts';
import type { TrustPolicy } from '../model/record.ts';
import type { Evaluated } from '../model/verdict.ts';
import type { JudgedSink } from './judged-sink.ts';
import type { VerdictMemo } from './memo.ts';

/** Judges roles that come in columns. Each policy is looked up once for the rows of a group. */
export class RowJudge {
  private readonly memo: VerdictMemo;
  private policyTexts: readonly string[] = [];
  private policies: TrustPolicy[] = [];
  private group: RowGroup | null = null;
  /** By policy, for the group. */
  private evaluated: (Evaluated | undefined)[] = [];

  constructor(memo: VerdictMemo) {
    this.memo = memo;
  }

  judge(runs: readonly RowRun[], columns: RoleColumns, sink: JudgedSink): void {
    const { texts, lengths, policies, offsets, policyTexts } = columns;
    if (policyTexts !== this.policyTexts) {
      this.policyTexts = policyTexts;
      this.policies = [];
      this.evaluated = [];
    }
    let row = 0;
    let at = 0;
    for (const { group, count } of runs) {
      if (group !== this.group) {
        this.group = group;
        this.evaluated = [];
      }
      const { account, capturedAt } = group;
      for (const end = row + count; row < end; row++) {
        const id = at + (lengths[2 * row] as number);
        const next = id + (lengths[2 * row + 1] as number);
        const policy = policies[row] as number;
        sink.add(
          {
            account,
            arn: texts.slice(at, id),
            roleId: texts.slice(id, next),
            trust: this.policyAt(policy),
            status: 'live',
            capturedAt,
            version: '',
            offset: offsets[row] as number,
          },
          this.evaluate(policy, group),
        );
        at = next;
      }
    }
  }

  private policyAt(index: number): TrustPolicy {
    this.policies[index] ??= { state: 'document', text: this.policyTexts[index] as string };
    return this.policies[index];
  }

  private evaluate(index: number, { account, partition }: RowGroup): Evaluated {
    this.evaluated[index] ??= this.memo.evaluate(this.policyAt(index), account, partition);
    return this.evaluated[index];
  }
}
