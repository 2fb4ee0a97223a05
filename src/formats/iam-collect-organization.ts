import { type Json, JsonObject, JsonSyntaxError, parseJson } from '../iam/json.ts';
import type { JsonElement, ReadPlan } from '../json/reader.ts';
import type { Sketch } from '../json/sketch.ts';
import { parseOrganizationArn, RESOURCE_CONTROL_POLICY } from '../model/organizations/fact.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { readObject } from './shared/nested.ts';
import { OrganizationFacts } from './shared/organizations/facts.ts';
import { keyOf, stringsField } from './shared/organizations/ids.ts';
import { decodeRcp } from './shared/organizations/rcp-text.ts';
import { stringField, stringValue } from './shared/role.ts';

const FILE =
  /(?:^|\/)organizations\/(o-[a-z0-9]+)\/(metadata|accounts|ous|structure|rcps\/([^/]+)\/policy)\.json$/;

const WHOLE: ReadPlan = {
  sources: [{ at: [], shape: 'list', fields: [], whole: true }],
  facts: [],
  framing: 'stream',
};
/** By account, which may be thousands. */
const BY_ACCOUNT: ReadPlan = {
  sources: [{ at: [], shape: 'map', fields: [['ou'], ['rcps']] }],
  facts: [],
  framing: 'stream',
};

/**
 * What a folder of iam-collect (https://github.com/cloud-copilot/iam-collect) holds of organisations, below
 * `organizations/<o-id>/`: `metadata.json`, `accounts.json` (all accounts, each with its unit and its policies), `ous.json`
 * (units with theirs), `structure.json` (the tree) and `rcps/<id>/policy.json`, whose `metadata.json` is read with it.
 * Folders have ids in small letters. Service control policies, and what else lies there, are of no interest here.
 */
export const iamCollectOrganization: Format = {
  id: 'iam-collect-organization',
  title: 'iam-collect organisation',
  companion: 'metadata.json',
  // Nothing else reads what stands there: whatever is in such a file should have been this.
  detect: ({ documents }, path) =>
    FILE.test(path) &&
    documents.length > 0 &&
    documents.every((document: Sketch) => document.kind === 'object'),
  open: (file) => new IamCollectOrganizationSession(file),
};

class IamCollectOrganizationSession implements FormatSession {
  readonly plan: ReadPlan;
  private readonly file: FileContext;
  private readonly facts: OrganizationFacts;
  private readonly id: string;
  private readonly what: string;
  private readonly folder: string;
  private seen = false;

  constructor(file: FileContext) {
    const [, id = '', what = '', folder = ''] = FILE.exec(file.path) ?? [];
    this.file = file;
    this.facts = new OrganizationFacts(file.sink);
    this.id = id;
    this.what = what;
    this.folder = folder;
    this.plan = what === 'accounts' ? BY_ACCOUNT : WHOLE;
  }

  element(element: JsonElement): void {
    this.seen = true;
    if (this.what === 'accounts') {
      this.account(element);
      return;
    }
    const text = element.fields.get('');
    if (this.what.startsWith('rcps/')) {
      this.policy(element, text);
      return;
    }
    const document = text === undefined ? null : parse(text);
    if (!(document instanceof JsonObject)) {
      const message = `the file is larger, or nested deeper, than iam-collect writes it`;
      this.facts.reject(element, 'field-too-large', message);
    } else if (this.what === 'metadata') this.metadata(element, document);
    else if (this.what === 'ous') this.units(element, document);
    else this.structure(element, document, null);
  }

  scopeEnd(): void {}

  end(missing: 'truncated' | 'records-rejected' | null): void {
    if (this.what === 'accounts' && !this.seen) {
      this.facts.lose('accounts');
      const message = 'the file names no account, and every organisation has one';
      this.file.sink.problem('organization-record-invalid', message);
    }
    // A policy of which the text breaks off is none that an older file could tell.
    if (this.what.startsWith('rcps/') && !this.seen)
      this.facts.unknown(this.id, 'policy-text', this.folder.toLowerCase());
    const { what } = this;
    const isCut = missing !== null || !this.seen;
    this.facts.end(
      this.file.captureTime(null),
      what === 'accounts' ? ['accounts'] : [],
      isCut ? 'truncated' : null,
      what === 'accounts' || what === 'ous',
    );
  }

  private account(element: JsonElement): void {
    if (element.repeated.length > 0) {
      this.facts.lose('accounts');
      const message = `the record holds \`${element.repeated[0] as string}\` more than once`;
      this.facts.reject(element, 'field-repeated', message);
      return;
    }
    const rcps = element.fields.has('rcps') ? (stringsField(element, 'rcps') ?? ['']) : null;
    const attached = rcps === null ? null : this.policiesIn(element, rcps);
    if (rcps !== null && attached === null) {
      this.facts.lose('accounts');
      this.facts.unknown(this.id, 'attached', keyOf(element));
      return;
    }
    this.facts.account(element, {
      organization: this.id,
      account: keyOf(element),
      parent: stringField(element, 'ou'),
      attached,
    });
  }

  private metadata(element: JsonElement, document: JsonObject): void {
    const [features] = document.all('features');
    const [enabled] = features instanceof JsonObject ? features.all(RESOURCE_CONTROL_POLICY) : [];
    const organization = textIn(document, 'id');
    if (organization !== null && organization !== this.id) {
      const message = `the file is that of organisation ${this.id} by its folder, and of another by its \`id\``;
      this.facts.reject(element, 'organization-record-invalid', message);
      return;
    }
    this.facts.organization(element, {
      organization: this.id,
      management: textIn(document, 'rootAccountId'),
      root: textIn(document, 'rootOu'),
      enabled: typeof enabled === 'boolean' ? enabled : null,
    });
  }

  private units(element: JsonElement, document: JsonObject): void {
    for (const [unit, value] of document.members) {
      const place = { offset: element.offset, pointer: `${element.pointer}/${unit}` };
      const rcps = value instanceof JsonObject ? value.all('rcps')[0] : undefined;
      const attached =
        rcps === undefined
          ? null
          : this.policiesIn(place, Array.isArray(rcps) ? (rcps as readonly Json[]) : ['']);
      if (rcps !== undefined && attached === null) {
        this.facts.unknown(this.id, 'attached', unit);
        continue;
      }
      const parent = value instanceof JsonObject ? textIn(value, 'parent') : '';
      this.facts.unit(place, { organization: this.id, unit, parent, attached });
    }
  }

  private structure(
    element: Pick<JsonElement, 'offset' | 'pointer'>,
    nodes: JsonObject,
    parent: string | null,
  ): void {
    for (const [unit, node] of nodes.members) {
      const place = { offset: element.offset, pointer: `${element.pointer}/${unit}` };
      this.facts.unit(place, { organization: this.id, unit, parent });
      if (!(node instanceof JsonObject)) continue;
      const [children] = node.all('children');
      const [accounts] = node.all('accounts');
      if (children instanceof JsonObject)
        this.structure({ ...place, pointer: `${place.pointer}/children` }, children, unit);
      if (!Array.isArray(accounts)) continue;
      for (const [index, arn] of (accounts as readonly Json[]).entries()) {
        const at = { offset: element.offset, pointer: `${place.pointer}/accounts/${index}` };
        const account = typeof arn === 'string' ? parseOrganizationArn(arn) : null;
        if (account === null || account.type !== 'account') {
          this.facts.invalid(at, 'an account', typeof arn === 'string' ? arn : null);
        } else this.facts.account(at, { organization: this.id, account: account.id, parent: unit });
      }
    }
  }

  private policy(element: JsonElement, text: string | undefined): void {
    const { companion } = this.file;
    const metadata = companion === null ? null : readObject(companion, [['arn'], ['name']]);
    const arn = wordOf(metadata?.fields.get('arn'));
    const id = arn === null ? null : (parseOrganizationArn(arn)?.id ?? null);
    const isOwn = id !== null && id.toLowerCase() === this.folder.toLowerCase();
    this.facts.policy(element, {
      organization: this.id,
      policy: isOwn ? id : this.folder,
      name: isOwn ? wordOf(metadata?.fields.get('name')) : null,
      text: decodeRcp(text),
    });
  }

  /** Ids out of ARNs; null, and the record is rejected, when one is none. */
  private policiesIn(
    place: Pick<JsonElement, 'offset' | 'pointer'>,
    arns: readonly unknown[],
  ): readonly string[] | null {
    const ids: string[] = [];
    for (const arn of arns) {
      const parsed = typeof arn === 'string' ? parseOrganizationArn(arn) : null;
      if (parsed === null || parsed.type !== 'resource_control_policy') {
        this.facts.invalid(
          place,
          'a resource control policy',
          typeof arn === 'string' && arn !== '' ? arn : null,
        );
        return null;
      }
      ids.push(parsed.id);
    }
    return ids;
  }
}

function parse(text: string): Json {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return null;
    throw error;
  }
}

function textIn(object: JsonObject, key: string): string | null {
  const [value] = object.all(key);
  return typeof value === 'string' ? value : null;
}

function wordOf(json: string | undefined): string | null {
  return json?.startsWith('"') === true ? stringValue(json) : null;
}
