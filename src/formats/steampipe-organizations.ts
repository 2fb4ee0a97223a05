import type { JsonElement, ReadPlan } from '../json/reader.ts';
import type { PrefixSketch, Sketch } from '../json/sketch.ts';
import { FULL_ACCESS, isNodeId, isPolicyId, parseOrganizationArn } from '../model/organizations/fact.ts';
import { inSmallLetters, spelledAsIn } from './shared/any-case.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { OrganizationFacts } from './shared/organizations/facts.ts';
import { idField, isRcp } from './shared/organizations/ids.ts';
import { decodeRcp } from './shared/organizations/rcp-text.ts';
import { stringField } from './shared/role.ts';
import { sketchedRows } from './shared/role-keys.ts';

const FIELDS = ['arn', 'id', 'name', 'status', 'state', 'type', 'content', 'target_id', 'parent_id'].map(
  (name) => [name],
);

/**
 * Steampipe's tables of AWS Organizations (https://hub.steampipe.io/plugins/turbot/aws/tables): `aws_organizations_policy`,
 * `aws_organizations_policy_target`, `aws_organizations_account` and `aws_organizations_organizational_unit`, by query or
 * as CSV. A condition of a query leaves no trace, so a table lists everything only by the word of the user (`--whole`). The
 * policies of one target are all there where AWS's own is among them, which is attached everywhere.
 */
export const steampipeOrganizations: Format = {
  id: 'steampipe-organizations',
  title: 'Steampipe tables of AWS Organizations',
  detect: (sketch) => rowsOf(sketch).some(isRow),
  open: (file) => new SteampipeOrganizationsSession(file),
};

function wrapped({ documents }: PrefixSketch): readonly ReadonlyMap<string, Sketch>[] {
  return documents.flatMap((document) => {
    const rows = document.kind === 'object' ? document.members.get('rows') : undefined;
    return rows?.kind === 'array' ? sketchedRows({ documents: [rows], lines: false }) : [];
  });
}

function rowsOf(sketch: PrefixSketch): readonly ReadonlyMap<string, Sketch>[] {
  const small = inSmallLetters(sketch);
  return [...wrapped(small), ...sketchedRows(small)];
}

function isRow(row: ReadonlyMap<string, Sketch>): boolean {
  if (!row.has('id') || row.has('_cq_id') || row.has('_cq_sync_time')) return false;
  const arn = row.get('arn');
  if (arn?.kind === 'string' && !arn.text.includes(':organizations:')) return false;
  const isPolicy =
    row.has('type') &&
    ((row.has('target_id') && (arn !== undefined || row.has('content'))) ||
      (row.has('content') && row.has('aws_managed')));
  const isAccount = row.has('joined_method') || row.has('joined_timestamp');
  return isPolicy || (arn !== undefined && (isAccount || (row.has('parent_id') && row.has('name'))));
}

class SteampipeOrganizationsSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly facts: OrganizationFacts;
  /** By target: the organisation, and all policies. */
  private readonly attached = new Map<
    string,
    { readonly organizations: Set<string>; readonly ids: Set<string> }
  >();
  private readonly kinds = new Set<'accounts' | 'policies'>();

  constructor(file: FileContext) {
    this.file = file;
    this.facts = new OrganizationFacts(file.sink);
    const isWrapped = wrapped(inSmallLetters(file.sketch)).length > 0;
    this.plan = spelledAsIn(file.sketch, {
      sources: [{ at: isWrapped ? ['rows'] : [], shape: 'list', fields: FIELDS }],
      facts: [],
      framing: file.sketch.lines && !isWrapped ? 'lines' : 'stream',
    });
  }

  element(element: JsonElement): void {
    if (element.type !== 'object' || element.repeated.length > 0) {
      this.facts.lose('accounts');
      this.facts.lose('policies');
      const message = element.type === 'object' ? 'the row has a column twice' : 'the row is no object';
      this.facts.reject(element, 'organization-record-invalid', message);
      return;
    }
    const arn = stringField(element, 'arn');
    const parsed = arn === null ? null : parseOrganizationArn(arn);
    const organization = parsed?.organization ?? '';
    if (parsed?.owner != null && organization !== '') this.facts.ownedBy(organization, parsed.owner);
    const id = idField(element, 'id');
    const kind = isRcp(stringField(element, 'type'), arn);
    if (element.fields.has('target_id')) this.attachment(element, organization, id, kind);
    else if (element.fields.has('content') || (id !== null && isPolicyId(id))) {
      if (kind === false) return;
      this.kinds.add('policies');
      const name = stringField(element, 'name');
      this.facts.policy(element, {
        organization,
        policy: id,
        name,
        text: decodeRcp(element.fields.get('content')),
      });
    } else if (parsed?.type === 'ou') {
      this.facts.unit(element, { organization, unit: id, parent: idField(element, 'parent_id') });
    } else {
      this.kinds.add('accounts');
      this.facts.account(element, {
        organization,
        account: id,
        name: stringField(element, 'name'),
        status: stringField(element, 'state') ?? stringField(element, 'status'),
        parent: idField(element, 'parent_id'),
      });
    }
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    if (missing === null) {
      for (const [target, { organizations, ids }] of this.attached) {
        const [organization = '', another] = organizations;
        const shown = [...ids].some((id) => id.toLowerCase() === FULL_ACCESS);
        if (another === undefined && (shown || this.file.options.whole === true))
          this.facts.attachedTo(organization, target, ids);
      }
    }
    if (this.kinds.has('accounts') && this.file.options.whole !== true) {
      const message =
        'lists accounts, and a condition of the query leaves no trace: where these are all, say so with `--whole`';
      this.file.sink.problem('organization-list-unstated', message);
    }
    const lists = this.file.options.whole === true ? [...this.kinds] : [];
    this.facts.end(this.file.captureTime(null), lists, missing);
  }

  private attachment(
    element: JsonElement,
    organization: string,
    id: string | null,
    kind: boolean | null,
  ): void {
    if (kind === false) return;
    const target = idField(element, 'target_id');
    const content = element.fields.get('content');
    // The table of targets has the texts, too, unless a query leaves them out.
    const said =
      kind === true && content !== undefined && content !== 'null'
        ? { name: stringField(element, 'name'), text: decodeRcp(content) }
        : {};
    this.facts.attachment(element, organization, id, target, kind === true, said);
    if (id === null || target === null || !isPolicyId(id) || !isNodeId(target)) return;
    // The policy of AWS names no organisation; all of a target belong together.
    const ofTarget = this.attached.get(target) ?? { organizations: new Set(), ids: new Set() };
    this.attached.set(target, ofTarget);
    ofTarget.ids.add(id);
    if (organization !== '') ofTarget.organizations.add(organization);
  }
}
