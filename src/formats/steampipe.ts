import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import type { PrefixSketch, Sketch } from '../json/sketch.ts';
import type { TrustPolicy } from '../model/record.ts';
import { inSmallLetters, spelledAsIn } from './shared/any-case.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { sketchedRows } from './shared/role-keys.ts';
import { RoleTable } from './shared/role-table.ts';

/** Best first: the last one is rewritten, its actions and condition keys in small letters. */
const TRUST = ['assume_role_policy', 'assume_role_policy_document', 'assume_role_policy_std'] as const;
const FIELDS = [['arn'], ['account_id'], ['role_id'], ...TRUST.map((name) => [name])];

/**
 * Steampipe's table `aws_iam_role` (https://hub.steampipe.io/plugins/turbot/aws/tables/aws_iam_role): rows in an array
 * (to version 0.22), below `rows` (0.23) or behind a list of `columns` (from 0.24). A query with a condition leaves no
 * trace in its output.
 */
export const steampipe: Format = {
  id: 'steampipe',
  title: 'Steampipe table aws_iam_role',
  detect: (sketch) => {
    const small = inSmallLetters(sketch);
    return wrappedRows(small).some(isRole) || sketchedRows(small).some(isRole);
  },
  open: (file) => new SteampipeSession(file),
};

function wrappedRows({ documents }: PrefixSketch): readonly ReadonlyMap<string, Sketch>[] {
  return documents.flatMap((document) => {
    const rows = document.kind === 'object' ? document.members.get('rows') : undefined;
    return rows?.kind === 'array' ? sketchedRows({ documents: [rows], lines: false }) : [];
  });
}

function isRole(row: ReadonlyMap<string, Sketch>): boolean {
  return (
    row.has('arn') && TRUST.some((name) => row.has(name)) && !row.has('_cq_id') && !row.has('_cq_sync_time')
  );
}

class SteampipeSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'maybe-filtered');
    const wrapped = wrappedRows(inSmallLetters(file.sketch)).length > 0;
    this.plan = spelledAsIn(file.sketch, {
      sources: [{ at: wrapped ? ['rows'] : [], shape: 'list', fields: FIELDS }],
      facts: [],
      framing: file.sketch.lines && !wrapped ? 'lines' : 'stream',
    });
  }

  element(element: JsonElement): void {
    this.rows.add(element, TRUST, {
      arn: stringField(element, 'arn'),
      roleId: stringField(element, 'role_id'),
      trust: trustOf(element),
      account: element.fields.get('account_id'),
    });
  }

  scopeEnd({ counts }: ScopeEnd): void {
    if (counts.get(0) === 0) this.file.sink.problem('no-roles', 'the table has no row');
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}

/** The first policy that can be read; otherwise what is wrong with the first that is there. */
function trustOf(element: JsonElement): TrustPolicy {
  const policies = TRUST.map((name) => trustField(element, name));
  const found = (state: TrustPolicy['state']) => policies.find((policy) => policy.state === state);
  return found('document') ?? found('undecodable') ?? { state: 'missing' };
}
