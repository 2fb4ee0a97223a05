import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import type { PrefixSketch, Sketch } from '../json/sketch.ts';
import type { TrustPolicy } from '../model/record.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import { UNKNOWN_DETAIL } from '../model/role-detail-text.ts';
import { inSmallLetters, spelledAsIn } from './shared/any-case.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { stringField, trustField } from './shared/role.ts';
import { inSmallKeys, membersOf, roleDetailOf, unpackedCell } from './shared/role-detail.ts';
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

/** What is told of a failing role besides; the first four come of `get-role`. */
const DETAIL = [
  'permissions_boundary_arn',
  'role_last_used_date',
  'tags',
  'tags_src',
  'create_date',
  'max_session_duration',
  'attached_policy_arns',
  'inline_policies',
] as const;

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

  readonly detailColumns = DETAIL;

  /**
   * Null is written for a list that is empty, and for one that the caller of Steampipe may not see, where its option
   * `ignore_error_codes` says so (https://hub.steampipe.io/plugins/turbot/aws). So it says nothing of policies, unless the
   * user says that the export is whole; of the boundary it does where something else of the same answer is there.
   */
  detail(element: unknown): RoleDetail {
    const row = this.plan.anyCase === true ? inSmallKeys(element) : membersOf(element);
    if (row === null) return UNKNOWN_DETAIL;
    const isWhole = this.file.options.whole === true;
    const value = (name: (typeof DETAIL)[number]) => unpackedCell(row[name]);
    const listed = (name: (typeof DETAIL)[number]) => {
      const list = Object.hasOwn(row, name) ? value(name) : undefined;
      return list === null && isWhole ? [] : list;
    };
    const isShown = DETAIL.slice(0, 4).some((name) => (row[name] ?? null) !== null);
    const boundary = Object.hasOwn(row, 'permissions_boundary_arn')
      ? value('permissions_boundary_arn')
      : undefined;
    const arns = listed('attached_policy_arns');
    return roleDetailOf(
      {
        CreateDate: value('create_date'),
        MaxSessionDuration: value('max_session_duration'),
        RoleLastUsed: { LastUsedDate: value('role_last_used_date') ?? '' },
        Tags: value('tags_src') ?? asTags(value('tags')),
        PermissionsBoundary:
          boundary === null ? (isShown || isWhole ? null : undefined) : { PermissionsBoundaryArn: boundary },
        AttachedManagedPolicies: Array.isArray(arns)
          ? (arns as readonly unknown[]).map((PolicyArn) => ({ PolicyArn }))
          : undefined,
        RolePolicyList: listed('inline_policies'),
      },
      null,
    );
  }

  scopeEnd({ counts }: ScopeEnd): void {
    if (counts.get(0) === 0) this.file.sink.problem('no-roles', 'the table has no row');
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.rows.end(missing);
  }
}

/** A map of tags as a list of them. */
function asTags(value: unknown): unknown {
  const tags = membersOf(value);
  return tags === null ? value : Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** The first policy that can be read; otherwise what is wrong with the first that is there. */
function trustOf(element: JsonElement): TrustPolicy {
  const policies = TRUST.map((name) => trustField(element, name));
  const found = (state: TrustPolicy['state']) => policies.find((policy) => policy.state === state);
  return found('document') ?? found('undecodable') ?? { state: 'missing' };
}
