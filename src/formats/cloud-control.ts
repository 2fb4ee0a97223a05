import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import { findObject } from '../json/sketch.ts';
import type { CaptureTime } from './shared/capture-time.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { expandField } from './shared/nested.ts';
import { isToken, Pages } from './shared/pages.ts';
import { addRole, stringField, trustField } from './shared/role.ts';

const PROPERTIES = 'Properties';
const TRUST = `${PROPERTIES}/AssumeRolePolicyDocument`;
const ROLE = '"AWS::IAM::Role"';
const INSIDE = [['Arn'], ['RoleId'], ['AssumeRolePolicyDocument']];
const FIELDS = [['Identifier'], ...INSIDE.map((path) => [PROPERTIES, ...path])];
const LISTED = 0;

const PLAN: ReadPlan = {
  sources: [
    { at: ['ResourceDescriptions'], shape: 'list', fields: FIELDS },
    { at: ['ResourceDescription'], shape: 'list', fields: FIELDS },
  ],
  facts: ['TypeName', 'NextToken'],
  framing: 'stream',
};

/**
 * `aws cloudcontrol list-resources --type-name AWS::IAM::Role`
 * (https://docs.aws.amazon.com/cloudcontrolapi/latest/APIReference/API_ListResources.html) and `get-resource`: the
 * properties of every role are JSON in a string. A listing shows all roles of its account, a single resource only one.
 */
export const cloudControl: Format = {
  id: 'cloud-control',
  title: 'Cloud Control resources',
  detect: ({ documents }) =>
    documents.some(
      (document) =>
        findObject(
          document,
          (members) =>
            members.get('ResourceDescriptions')?.kind === 'array' ||
            members.get('ResourceDescription')?.kind === 'object',
        ) !== null,
    ),
  open: (file) => new CloudControlSession(file),
};

class CloudControlSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly time: CaptureTime;
  private readonly pages: Pages;

  constructor(file: FileContext) {
    this.file = file;
    this.time = file.captureTime(null);
    this.pages = new Pages(file, this.time);
  }

  element(source: JsonElement): void {
    const { sink } = this.file;
    if (isOther(source.facts)) return;
    const element = expandField(source, PROPERTIES, INSIDE);
    const result = addRole(sink, element, [TRUST, PROPERTIES], {
      arn: stringField(element, `${PROPERTIES}/Arn`),
      roleId: stringField(element, `${PROPERTIES}/RoleId`),
      trust: trustField(element, TRUST),
      status: 'live',
      time: this.time,
      version: '',
    });
    if (result.account === null && result.code === 'not-a-role') return;
    const arn = stringField(element, `${PROPERTIES}/Arn`);
    if (element.source === LISTED) this.pages.role(element, result.account, arn);
    else if (result.account !== null) sink.captures.add(result.account, this.time, 'partial-inventory');
    else sink.problem('records-rejected', 'roles were rejected');
  }

  scopeEnd(end: ScopeEnd): void {
    if (!end.counts.has(LISTED)) return;
    if (isOther(end.facts))
      this.file.sink.problem('no-roles', 'the listing is of resources other than roles');
    else this.pages.pageEnd(end, isToken(end.facts.get('NextToken')));
  }

  end(): void {
    this.pages.end();
  }
}

function isOther(facts: ReadonlyMap<string, string>): boolean {
  const type = facts.get('TypeName');
  return type !== undefined && type !== ROLE;
}
