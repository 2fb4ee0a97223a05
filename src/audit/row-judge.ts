import type { RoleColumns, RowGroup, RowRun } from '../json/reader.ts';
import type { JudgedPolicy, JudgedRoles } from './judged-sink.ts';
import type { VerdictMemo } from './memo.ts';

/** Judges roles that come in columns. Each policy is looked up once for the rows of a group. */
export class RowJudge {
  private readonly memo: VerdictMemo;
  private policyTexts: readonly string[] = [];
  private group: RowGroup | null = null;
  /** By policy, for the group. */
  private known: (JudgedPolicy | undefined)[] = [];

  constructor(memo: VerdictMemo) {
    this.memo = memo;
  }

  judge(runs: readonly RowRun[], columns: RoleColumns): JudgedRoles {
    if (columns.policyTexts !== this.policyTexts) {
      this.policyTexts = columns.policyTexts;
      this.known = [];
    }
    const policies = new Int32Array(columns.policies.length);
    const places = new Map<JudgedPolicy, number>();
    let row = 0;
    for (const { group, count } of runs) {
      if (group !== this.group) {
        this.group = group;
        this.known = [];
      }
      for (const end = row + count; row < end; row++) {
        const policy = this.policyOf(columns.policies[row] as number, group);
        let place = places.get(policy);
        if (place === undefined) {
          place = places.size;
          places.set(policy, place);
        }
        policies[row] = place;
      }
    }
    const { texts, lengths, offsets } = columns;
    return { runs, texts, lengths, offsets, policies, judged: [...places.keys()] };
  }

  private policyOf(index: number, { account, partition }: RowGroup): JudgedPolicy {
    let policy = this.known[index];
    if (policy === undefined) {
      const trust = { state: 'document', text: this.policyTexts[index] as string } as const;
      policy = { trust, evaluated: this.memo.evaluate(trust, account, partition) };
      this.known[index] = policy;
    }
    return policy;
  }
}
