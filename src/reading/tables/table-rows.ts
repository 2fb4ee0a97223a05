import { NumberedPolicies, RoleColumnsBuilder } from '../../formats/shared/role-columns.ts';
import { decodeTrustPolicy } from '../../formats/shared/trust-policy.ts';
import type { JsonRows, RowGroup, RowPlan } from '../../json/reader.ts';
import { MAX_REMEMBERED_POLICY } from '../../model/record.ts';

/** Gives the text in a column; null for no value. */
type CellText = (column: number) => string | null;

const NO_FACTS: ReadonlyMap<string, string> = new Map();
const MAX_ROWS = 2048;
const MAX_ARN = 2048;
const PREFIX = /^arn:[a-z0-9-]+:iam::\d{12}:role\//;
const ROLE_ID = /^\w{1,128}$/;

/**
 * Rows of a table as the JSON reader hands out rows: those that look as nearly all do are gathered in columns, by the
 * same plan (RowPlan) and to the same end. Any other is left to be handed out as an element.
 */
export class TableRows {
  private readonly plan: RowPlan;
  private readonly arn: number;
  private readonly id: number;
  private readonly trust: number;
  private readonly inGroup: readonly number[];
  private readonly columns = new RoleColumnsBuilder();
  private readonly numbered = new NumberedPolicies(policyIn);
  private prefix = '\n';
  private values: readonly (string | null)[] = [];
  /** Null: its rows are to be handed out one by one. */
  private group: RowGroup | null = null;
  private pointer = '';

  private constructor(plan: RowPlan, columns: readonly number[], inGroup: readonly number[]) {
    this.plan = plan;
    [this.arn = -1, this.id = -1, this.trust = -1] = columns;
    this.inGroup = inGroup;
  }

  /**
   * @param find gives the indices of the columns of a name
   * @returns null when the plan asks for no rows of roles, or the columns are not as its rows need them
   */
  static open(plan: RowPlan | undefined, find: (name: string) => readonly number[]): TableRows | null {
    if (plan?.id === undefined || plan.trust === undefined) return null;
    if (plan.none.some((name) => find(name).length > 0)) return null;
    const columns = [plan.arn, plan.id, plan.trust].map(find);
    const inGroup = plan.group.map(find);
    if ([...columns, ...inGroup].some(({ length }) => length !== 1)) return null;
    return new TableRows(plan, columns.flat(), inGroup.flat());
  }

  /** True when there are as many as should wait. */
  get full(): boolean {
    return this.columns.length >= MAX_ROWS;
  }

  /** False for a row that must be handed out as an element. */
  add(cell: CellText, offset: number, pointer: string, place: number | null): boolean {
    const arn = cell(this.arn);
    if (arn === null || arn.length > MAX_ARN || !this.isInGroup(arn, cell)) return false;
    const { group } = this;
    if (group === null || !isPlain(arn, this.prefix.length)) return false;
    const written = cell(this.trust);
    if (written === null || written.length > MAX_REMEMBERED_POLICY) return false;
    const policy = this.numbered.numberOf(written);
    if (policy === null) return false;
    const id = cell(this.id) ?? '';
    if (this.columns.length === 0) this.pointer = pointer;
    this.columns.add(group, arn, ROLE_ID.test(id) ? id : '', policy, offset, place);
    return true;
  }

  /** The rows since the last call; null when there are none. */
  take(): JsonRows | null {
    if (this.columns.length === 0) return null;
    const { pointer } = this;
    return {
      kind: 'rows',
      source: 0,
      scope: -1,
      pointer,
      facts: NO_FACTS,
      ...this.columns.take(this.numbered),
    };
  }

  /** False for an ARN that is not that of a role; what all others have in common is `group` afterwards. */
  private isInGroup(arn: string, cell: CellText): boolean {
    let isSame = arn.startsWith(this.prefix);
    const prefix = isSame ? this.prefix : (PREFIX.exec(arn)?.[0] ?? null);
    if (prefix === null) return false;
    for (const [index, column] of this.inGroup.entries()) isSame &&= cell(column) === this.values[index];
    if (isSame) return true;
    this.prefix = prefix;
    this.values = this.inGroup.map(cell);
    const values = this.values.flatMap((text) => (text === null ? [] : [JSON.stringify(text)]));
    this.group = values.length < this.values.length ? null : this.plan.open(prefix, values);
    return true;
  }
}

/** Printable ASCII that names something. */
function isPlain(arn: string, from: number): boolean {
  for (let at = from; at < arn.length; at++) {
    const code = arn.charCodeAt(at);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return arn.length > from && !arn.endsWith('/');
}

function policyIn(written: string): string | null {
  const trust = decodeTrustPolicy(JSON.stringify(written));
  return trust.state === 'document' && trust.text.length <= MAX_REMEMBERED_POLICY ? trust.text : null;
}
