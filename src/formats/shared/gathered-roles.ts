import type { RoleColumns, RowGroup, RowRun } from '../../json/reader.ts';
import { MAX_REMEMBERED_POLICY, type RoleRecord } from '../../model/record.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { NumberedPolicies, RoleColumnsBuilder } from './role-columns.ts';

const MAX_GROUPS = 4096;

/** Live roles of which nothing is odd, put into columns in place of an object for each. */
export class GatheredRoles {
  private readonly columns = new RoleColumnsBuilder();
  private readonly numbered = new NumberedPolicies((text) => text);
  private readonly groups = new BoundedMap<string, RowGroup>(MAX_GROUPS);
  private last: RowGroup = { partition: '', account: '', capturedAt: '' };

  /** False for a role that columns have no place for. */
  add(record: RoleRecord, place: number | null): boolean {
    const { trust, status, version } = record;
    if (trust.state !== 'document' || status !== 'live' || version !== '') return false;
    if (trust.text.length > MAX_REMEMBERED_POLICY) return false;
    const policy = this.numbered.numberOf(trust.text);
    if (policy === null) return false;
    this.columns.add(this.groupOf(record), record.arn, record.roleId, policy, record.offset, place);
    return true;
  }

  /** Those since the last call; null when there are none. */
  take(): { readonly runs: readonly RowRun[]; readonly roles: RoleColumns } | null {
    return this.columns.length === 0 ? null : this.columns.take(this.numbered);
  }

  /** The same object for what says the same, as long as it is remembered. */
  private groupOf({ partition, account, capturedAt }: RoleRecord): RowGroup {
    const { last } = this;
    if (last.account === account && last.capturedAt === capturedAt && last.partition === partition)
      return last;
    const key = `${partition} ${account} ${capturedAt}`;
    const group = this.groups.get(key) ?? { partition, account, capturedAt };
    this.groups.set(key, group);
    this.last = group;
    return group;
  }
}
