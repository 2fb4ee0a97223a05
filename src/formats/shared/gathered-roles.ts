import type { RoleColumns, RowGroup, RowRun } from '../../json/reader.ts';
import { MAX_REMEMBERED_POLICY, type RoleRecord } from '../../model/record.ts';
import { BoundedMap } from '../../text/bounded-map.ts';

/** Policies that are numbered, and their characters, before numbers begin anew. */
const MAX_POLICIES = 8192;
const MAX_CHARACTERS = 4_000_000;
const MAX_GROUPS = 4096;

/** Live roles of which nothing is odd, put into columns in place of an object for each. */
export class GatheredRoles {
  private readonly groups = new BoundedMap<string, RowGroup>(MAX_GROUPS);
  private group: RowGroup | null = null;
  private runs: { group: RowGroup; count: number }[] = [];
  private texts: string[] = [];
  private lengths: number[] = [];
  private policies: number[] = [];
  private offsets: number[] = [];
  private policyTexts: string[] = [];
  private readonly numbers = new Map<string, number>();
  private characters = 0;

  /** False for a role that columns have no place for. */
  add({ partition, account, capturedAt, arn, roleId, trust, status, version, offset }: RoleRecord): boolean {
    if (trust.state !== 'document' || status !== 'live' || version !== '') return false;
    if (trust.text.length > MAX_REMEMBERED_POLICY) return false;
    const run = this.runs.at(-1);
    const group = this.groupOf(partition, account, capturedAt);
    if (run?.group === group) run.count++;
    else this.runs.push({ group, count: 1 });
    this.texts.push(arn, roleId);
    this.lengths.push(arn.length, roleId.length);
    this.policies.push(this.policyOf(trust.text));
    this.offsets.push(offset);
    return true;
  }

  /** Those since the last call; null when there are none. */
  take(): { readonly runs: readonly RowRun[]; readonly columns: RoleColumns } | null {
    if (this.offsets.length === 0) return null;
    const columns: RoleColumns = {
      texts: this.texts.join(''),
      lengths: new Uint32Array(this.lengths),
      policies: new Uint32Array(this.policies),
      offsets: new Float64Array(this.offsets),
      policyTexts: this.policyTexts,
    };
    const taken = { runs: this.runs, columns };
    this.runs = [];
    this.texts = [];
    this.lengths = [];
    this.policies = [];
    this.offsets = [];
    if (this.policyTexts.length >= MAX_POLICIES || this.characters >= MAX_CHARACTERS) this.forgetPolicies();
    return taken;
  }

  /** The same object for what says the same, as long as it is remembered. */
  private groupOf(partition: string, account: string, capturedAt: string): RowGroup {
    const last = this.group;
    if (
      last !== null &&
      last.account === account &&
      last.capturedAt === capturedAt &&
      last.partition === partition
    )
      return last;
    const key = `${partition} ${account} ${capturedAt}`;
    const group = this.groups.get(key) ?? { partition, account, capturedAt };
    this.groups.set(key, group);
    this.group = group;
    return group;
  }

  private policyOf(text: string): number {
    let number = this.numbers.get(text);
    if (number === undefined) {
      number = this.policyTexts.length;
      this.policyTexts.push(text);
      this.numbers.set(text, number);
      this.characters += text.length;
    }
    return number;
  }

  private forgetPolicies(): void {
    this.policyTexts = [];
    this.numbers.clear();
    this.characters = 0;
  }
}
