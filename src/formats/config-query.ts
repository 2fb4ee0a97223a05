import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject, type PrefixSketch, type Sketch } from '../json/sketch.ts';
import { excerpt } from '../model/role-arn.ts';
import type { RoleDetail } from '../model/role-detail.ts';
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
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { readWhole } from './shared/nested.ts';
import { isToken } from './shared/pages.ts';
import { RoleTable } from './shared/role-table.ts';

/** https://docs.aws.amazon.com/config/latest/developerguide/query-using-sql-editor-console.html */
const CONSOLE_LIMIT = 500;
const QUERY =
  "SELECT accountId, arn, awsRegion, configurationItemStatus, configurationItemCaptureTime, configuration WHERE resourceType = 'AWS::IAM::Role'";

/**
 * The result of an advanced query of AWS Config, as `aws configservice select-resource-config` and its aggregate form
 * print it (https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html), every row JSON in a
 * string, or its rows alone, in a list or one per line. The query may have picked some roles and its output does not
 * say so: a capture is complete only where it shows a service-linked role.
 */
export const configQuery: Format = {
  id: 'aws-config-query',
  title: 'AWS Config advanced query',
  detect: (sketch) =>
    configRowKind(sketch) === 'query' ||
    holdsRowTexts(sketch) ||
    sketch.documents.some((document) => findObject(document, hasResults) !== null),
  open: (file) => new ConfigQuerySession(file),
};

/** A list of rows as texts, as `--query Results` leaves it. */
function holdsRowTexts({ documents }: PrefixSketch): boolean {
  return documents.some(
    (document) =>
      document.kind === 'array' &&
      document.items.length > 0 &&
      document.items.every((item) => item.kind === 'string' && ROW_TEXT.test(item.text)),
  );
}

/** Any of what a query of resources selects first, as far as the beginning of the row shows it. */
const ROW_TEXT =
  /^\s*\{\s*"(?:resourceId|resourceName|resourceType|arn|accountId|awsRegion|configuration\w*|supplementaryConfiguration|tags|version|availabilityZone|relationships|resourceCreationTime)"/;

function hasResults(members: ReadonlyMap<string, Sketch>): boolean {
  const results = members.get('Results');
  if (results?.kind !== 'array') return false;
  const [first] = results.items;
  if (first === undefined) return members.has('QueryInfo');
  if (first.kind === 'string') return first.text.trimStart().startsWith('{');
  return configRowKind({ documents: [results], lines: false }) === 'query';
}

class ConfigQuerySession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly rows: RoleTable;
  private readonly bare: boolean;
  private count = 0;
  private unselected = 0;
  /** Rows that show neither a type nor anything of a role. */
  private unnamed = 0;
  /** Whether the page read last says that another one follows. */
  private nextPage = false;
  /** True once a list of rows was seen, empty or not. */
  private listed = false;

  constructor(file: FileContext) {
    this.file = file;
    this.rows = new RoleTable(file, 'maybe-filtered');
    this.bare = configRowKind(file.sketch) === 'query';
    this.plan = this.bare
      ? spelledAsIn(file.sketch, {
          sources: [{ at: [], shape: 'list', fields: CONFIG_ITEM_FIELDS }],
          facts: [],
          framing: file.sketch.lines ? 'lines' : 'stream',
        })
      : {
          sources: [
            { at: holdsRowTexts(file.sketch) ? [] : ['Results'], shape: 'list', fields: [], whole: true },
            // Only there to be noticed.
            { at: ['SelectFields'], shape: 'list', fields: [] },
          ],
          facts: ['NextToken', 'nextToken'],
          framing: 'stream',
        };
  }

  element(element: JsonElement): void {
    if (element.source !== 0) return;
    this.count++;
    const row = this.bare ? element : readWhole(element, CONFIG_ITEM_FIELDS);
    if (row === null) this.rows.reject(element, 'row-malformed', 'the row of the query is not a JSON object');
    else this.row(row);
  }

  private row(source: JsonElement): void {
    const item = readConfigItem(source);
    const { element, type, status, arn } = item;
    const isRole = type === null ? item.configured || arn !== null : type === CONFIG_ROLE;
    if (!isRole && element.type === 'object' && !element.repeated.includes('resourceType')) {
      const doubt = type === null ? null : doubtOfType(type, arn);
      if (doubt !== null) this.rows.reject(element, doubt.code, doubt.message);
      if (type === null) this.unnamed++;
      if (type === CONFIG_POLICY && status === 'live' && item.configured && arn !== null) {
        const { at: capturedAt } = this.file.captureTime(null);
        this.file.sink.policy({ arn, capturedAt, version: '', offset: element.offset });
      }
      return;
    }
    if (status === null) {
      const written = excerpt(element.fields.get('configurationItemStatus') ?? '');
      this.rows.reject(element, 'status-unknown', `AWS Config defines no status \`${written}\``);
    } else if (element.type === 'object' && !item.configured && status === 'live') {
      this.unselected++;
      this.rows.reject(element, 'configuration-not-selected', 'the query did not select `configuration`');
    } else {
      this.rows.add(element, CONFIG_TRUST_FIELDS, { ...item, status });
    }
  }

  readonly detailColumns = ['configuration'];

  detail(element: unknown): RoleDetail {
    return configRoleDetail(element);
  }

  policyText(element: unknown): string | null {
    return configPolicyText(element);
  }

  scopeEnd({ counts, facts }: ScopeEnd): void {
    const { sink } = this.file;
    if (counts.has(0)) this.listed = true;
    if (counts.has(0)) this.nextPage = isToken(facts.get('NextToken')) || isToken(facts.get('nextToken'));
    if (counts.get(0) === 0) sink.problem('no-roles', 'the query found no role');
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    sink.endPolicies(false);
    if (!this.listed && this.count === 0 && missing === null) {
      sink.problem(
        'no-roles',
        'holds no `Results`, where the rows of a query stand; export the result as it is',
      );
    }
    if (this.nextPage) {
      const message = 'the last page of the result says that another page follows; export all pages';
      sink.problem('next-page-missing', message);
    }
    if (this.bare && this.count === CONSOLE_LIMIT) {
      const message = `holds exactly ${CONSOLE_LIMIT} rows, at which the console of AWS Config cuts exports; use the AWS CLI`;
      sink.problem('export-limit', message);
    }
    if (this.unnamed > 0) {
      const message = `rows show neither their type nor their configuration, so roles may be among them; repeat the query with \`${QUERY}\``;
      sink.problem('configuration-not-selected', message);
    }
    if (this.unselected > 0) {
      const message = `the query did not select the configuration, which holds the trust policy (\`SELECT *\` leaves it out); repeat it with \`${QUERY}\``;
      sink.problem('configuration-not-selected', message);
    }
    this.rows.end(missing);
  }
}
