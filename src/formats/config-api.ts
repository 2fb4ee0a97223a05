import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { createReferenceReader } from '../json/reference/reference-reader.ts';
import { findObject, type Sketch } from '../json/sketch.ts';
import { excerpt } from '../model/role-arn.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import { readAccount } from './shared/accounts.ts';
import { spelledAsIn } from './shared/any-case.ts';
import {
  CONFIG_ITEM_FIELDS,
  CONFIG_POLICY,
  CONFIG_ROLE,
  CONFIG_TRUST_FIELDS,
  configPolicyText,
  configRoleDetail,
  doubtOfType,
  readConfigItem,
} from './shared/config-item.ts';
import { configRowKind } from './shared/config-shape.ts';
import { DeletedItems } from './shared/deleted-items.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { isToken } from './shared/pages.ts';
import { RoleTable } from './shared/role-table.ts';

/** Lists of what is true now, not of what was true at the items' own times. */
const CURRENT: ReadonlySet<string> = new Set(['baseConfigurationItems', 'BaseConfigurationItems']);
const ITEMS = ['configurationItems', ...CURRENT, 'ConfigurationItem', 'configurationItem'] as const;
const SUMMARY = 'configurationItemSummary';
const UNPROCESSED = ['unprocessedResourceKeys', 'UnprocessedResourceIdentifiers'] as const;
const EVENT = 'invokingEvent';

const CONTAINERS: ReadPlan = {
  sources: [
    ...[...ITEMS, SUMMARY].map((key) => ({ at: [key], shape: 'list', fields: CONFIG_ITEM_FIELDS }) as const),
    ...UNPROCESSED.map((key) => ({ at: [key], shape: 'list', fields: [] }) as const),
  ],
  facts: ['nextToken', 'NextToken'],
  framing: 'stream',
};
const WITH_EVENTS: ReadPlan = {
  ...CONTAINERS,
  sources: [...CONTAINERS.sources, { at: [EVENT], shape: 'list', fields: [], whole: true }],
};
const SUMMARY_SOURCE = ITEMS.length;
const EVENT_SOURCE = CONTAINERS.sources.length;

/**
 * What the API of AWS Config returns item by item: `get-resource-config-history`, `batch-get-resource-config` and its
 * siblings (https://docs.aws.amazon.com/config/latest/APIReference/API_BaseConfigurationItem.html), and the events
 * that rules, EventBridge and notifications get. The configuration is JSON in a string. None of it shows all roles.
 */
export const configApi: Format = {
  id: 'aws-config-api',
  title: 'AWS Config API output or event',
  detect: (sketch) =>
    configRowKind(sketch) === 'item' ||
    sketch.documents.some((document) => findObject(document, hasItems) !== null),
  open: (file) => new ConfigApiSession(file),
};

function hasItems(members: ReadonlyMap<string, Sketch>): boolean {
  if ([...CURRENT].some((key) => members.get(key)?.kind === 'array')) return true;
  const list = members.get('configurationItems');
  if (list?.kind === 'array' && !members.has('fileVersion') && !members.has('configSnapshotId')) {
    return findObject(list, (item) => item.has('awsAccountId'), 1) === null;
  }
  const item = ['ConfigurationItem', 'configurationItem', SUMMARY].map((key) => members.get(key));
  if (item.some((value) => value?.kind === 'object' && value.members.has('resourceType'))) return true;
  const event = members.get(EVENT);
  return event?.kind === 'string' && event.text.startsWith('{');
}

class ConfigApiSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;
  private readonly bare: boolean;
  private readonly deleted: DeletedItems;
  /** The element stands in the text of an event, which is not looked at again. */
  private isInEvent = false;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'partial-inventory');
    this.deleted = new DeletedItems(file.sink);
    this.bare = configRowKind(file.sketch) === 'item';
    const framing = file.sketch.lines ? 'lines' : 'stream';
    if (this.bare) {
      const source = { at: [], shape: 'list', fields: CONFIG_ITEM_FIELDS } as const;
      this.plan = spelledAsIn(file.sketch, { sources: [source], facts: [], framing });
      return;
    }
    const holdsEvents = file.sketch.documents.some(
      (document) => findObject(document, (o) => o.has(EVENT)) !== null,
    );
    this.plan = holdsEvents ? WITH_EVENTS : CONTAINERS;
  }

  element(element: JsonElement): void {
    if (this.bare) this.item(element, false);
    else if (element.source === EVENT_SOURCE) this.event(element);
    else if (element.source > SUMMARY_SOURCE) this.unprocessed();
    else if (element.source === SUMMARY_SOURCE) this.summary(element);
    else this.item(element, CURRENT.has(ITEMS[element.source] as string));
  }

  private item(source: JsonElement, isCurrent: boolean): void {
    const item = readConfigItem(source);
    const { element, type, status } = item;
    if (type !== CONFIG_ROLE && element.type === 'object' && !element.repeated.includes('resourceType')) {
      const { arn, version } = item;
      const doubt = doubtOfType(type, arn);
      if (doubt !== null) this.rows.reject(element, doubt.code, doubt.message);
      if (type === CONFIG_POLICY && status === 'live' && item.configured && arn !== null && !this.isInEvent) {
        const { at: capturedAt } = this.file.captureTime(isCurrent ? null : item.captured);
        this.file.sink.policy({ arn, capturedAt, version, offset: element.offset });
      }
      return;
    }
    if (status === null) {
      const written = excerpt(element.fields.get('configurationItemStatus') ?? '');
      this.rows.reject(element, 'status-unknown', `AWS Config defines no status \`${written}\``);
      return;
    }
    const add = (arn: string | null) =>
      this.rows.add(element, CONFIG_TRUST_FIELDS, {
        ...item,
        arn,
        status,
        ...(isCurrent ? {} : { time: this.file.captureTime(item.captured) }),
      });
    this.deleted.seen(item.arn, item.roleId);
    if (item.arn !== null || status !== 'deleted') add(item.arn);
    else this.deleted.wait(element, readAccount(this.file.sink, item.account), add);
  }

  /** Of a change too large for a notification AWS Config sends no configuration. */
  private summary(element: JsonElement): void {
    const { type, arn } = readConfigItem(element);
    const doubt = type === CONFIG_ROLE ? null : doubtOfType(type, arn);
    if (doubt !== null) this.rows.reject(element, doubt.code, doubt.message);
    if (type !== CONFIG_ROLE) return;
    const message =
      'the notification leaves the configuration out as too large; use the file in S3 that it names';
    this.rows.reject(element, 'trust-policy-missing', message);
  }

  /** The event of a rule stands in a string. */
  private event(element: JsonElement): void {
    const whole = element.fields.get('') ?? '';
    const reader = createReferenceReader(CONTAINERS);
    const text = whole.startsWith('"') ? (JSON.parse(whole) as string) : whole;
    const { offset, pointer } = element;
    this.isInEvent = true;
    for (const event of [...reader.push(Buffer.from(text)), ...reader.end()]) {
      if (event.kind === 'element') this.element({ ...event, offset, pointer });
      else if (event.kind === 'malformed')
        this.rows.reject(element, 'row-malformed', 'the event is not JSON');
    }
    this.isInEvent = false;
  }

  private unprocessed(): void {
    this.file.sink.problem(
      'items-unprocessed',
      'AWS Config did not process all resources that were asked for; ask for them again',
    );
  }

  readonly detailColumns = ['configuration'];

  detail(element: unknown): RoleDetail {
    return configRoleDetail(element);
  }

  policyText(element: unknown): string | null {
    return configPolicyText(element);
  }

  scopeEnd({ facts }: ScopeEnd): void {
    if (!isToken(facts.get('nextToken')) && !isToken(facts.get('NextToken'))) return;
    this.file.sink.problem(
      'next-page-missing',
      'the output says that another page follows; export all pages',
    );
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.deleted.flush();
    this.file.sink.endPolicies(false);
    this.rows.end(missing);
  }
}
