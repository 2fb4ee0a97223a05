import type { JsonElement, JsonRows, ReadPlan, RowPlan, ScopeEnd } from '../json/reader.ts';
import { findObject, type Sketch } from '../json/sketch.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import type { CaptureTime } from './shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { hasNextPage, PAGE_FACTS, Pages } from './shared/pages.ts';
import { addRole, rowGroup, stringField, trustField } from './shared/role.ts';
import { membersOf, roleDetailOf } from './shared/role-detail.ts';

const TRUST = 'AssumeRolePolicyDocument';
const FIELDS = [['Arn'], ['RoleId'], [TRUST]];
const LISTED = 0;

/** @param open as in a RowPlan; null where roles are wanted one by one */
function planOf(open: RowPlan['open'] | null): ReadPlan {
  const row = { arn: 'Arn', id: 'RoleId', trust: TRUST, group: [], none: [] };
  return {
    sources: [
      { at: ['Roles'], shape: 'list', fields: FIELDS, ...(open !== null && { row: { ...row, open } }) },
      { at: ['Role'], shape: 'list', fields: FIELDS },
    ],
    facts: PAGE_FACTS,
    framing: 'stream',
  };
}

/**
 * `aws iam list-roles` (https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html), page by page or
 * merged, and `aws iam get-role`, any number after each other, also as test recorders and CloudMapper keep them.
 * A listing shows all roles of its account; `get-role`, and the roles of instance profiles, only some.
 */
export const listRoles: Format = {
  id: 'list-roles',
  title: 'Roles from list-roles or get-role',
  detect: ({ documents }) => documents.some((document) => holdsListing(document, 4)),
  open: (file) => new ListRolesSession(file),
};

/** What repeats roles inside of other things, and what other formats read. */
const ELSEWHERE: ReadonlySet<string> = new Set(['InstanceProfileList', 'RoleDetailList', 'Details']);

function holdsListing(sketch: Sketch, depth: number): boolean {
  if (sketch.kind === 'array') return depth > 0 && sketch.items.some((item) => holdsListing(item, depth - 1));
  if (sketch.kind !== 'object') return false;
  const { members } = sketch;
  if (isRole(members.get('Roles'), 1) || isRole(members.get('Role'), 0)) return true;
  if (depth === 0) return false;
  for (const [key, value] of members) if (!ELSEWHERE.has(key) && holdsListing(value, depth - 1)) return true;
  return false;
}

function isRole(sketch: Sketch | undefined, depth: 0 | 1): boolean {
  if (sketch === undefined) return false;
  if (depth === 0 && sketch.kind !== 'object') return false;
  if (depth === 1 && sketch.kind !== 'array') return false;
  return (
    findObject(sketch, (role) => role.has('RoleName') || role.has('RoleId') || role.has(TRUST), depth) !==
    null
  );
}

class ListRolesSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly time: CaptureTime;
  private readonly pages: Pages;

  constructor(file: FileContext) {
    this.file = file;
    this.time = file.captureTime(null);
    this.pages = new Pages(file, this.time);
    this.plan = planOf(file.options.rows === true ? (prefix) => rowGroup(prefix, this.time) : null);
  }

  takeRows(rows: JsonRows): void {
    const { runs, roles, source, pointer } = rows;
    if (roles === null) return;
    const { sink } = this.file;
    sink.roles(runs, roles);
    if (isListing(source, pointer)) this.pages.rows(rows, runs, roles);
    else for (const { group } of runs) sink.captures.add(group.account, this.time, 'partial-inventory');
  }

  element(element: JsonElement): void {
    const { sink } = this.file;
    const result = addRole(sink, element, [TRUST], {
      arn: stringField(element, 'Arn'),
      roleId: stringField(element, 'RoleId'),
      trust: trustField(element, TRUST),
      status: 'live',
      time: this.time,
      version: '',
    });
    if (isListing(element.source, element.pointer)) {
      if (result.account !== null || result.code !== 'not-a-role') {
        this.pages.role(element, result.account, stringField(element, 'Arn'));
      }
    } else if (result.account !== null) {
      sink.captures.add(result.account, this.time, 'partial-inventory');
    } else if (result.code !== 'not-a-role') {
      sink.problem('records-rejected', 'roles were rejected');
    }
  }

  /** Of both commands `get-role` alone tells the boundary, and when a role was used last. */
  detail(element: unknown): RoleDetail {
    return roleDetailOf(element, membersOf(element)?.['RoleLastUsed'] === undefined ? null : '');
  }

  scopeEnd(end: ScopeEnd): void {
    if (end.counts.has(LISTED) && isListing(LISTED, end.pointer))
      this.pages.pageEnd(end, hasNextPage(end.facts));
  }

  end(): void {
    this.pages.end();
  }
}

/** Instance profiles hold lists of roles that are not lists of all roles. */
function isListing(source: number, pointer: string): boolean {
  return source === LISTED && !/\/InstanceProfile(?:s\/|List\/|\/|$)/.test(pointer);
}
