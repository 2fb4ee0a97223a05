import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import type { Sketch } from '../json/sketch.ts';
import { normaliseTime } from '../model/time.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { OrganizationFacts } from './shared/organizations/facts.ts';
import { enabledByTypes, idField, isRcp, keyOf, organizationOfArn } from './shared/organizations/ids.ts';
import { decodeRcp } from './shared/organizations/rcp-text.ts';
import { stringField, stringValue } from './shared/role.ts';

const [ORGANIZATION, ACCOUNTS, PARENTS, POLICIES, ROOTS] = [0, 1, 2, 3, 4] as const;
/** A document may have the answer of the command as it is, or what stands in it. */
const INSIDE = ['Id', 'MasterAccountId', 'FeatureSet'];

const PLAN: ReadPlan = {
  sources: [
    {
      at: ['organization'],
      shape: 'list',
      fields: [...INSIDE.map((key) => [key]), ...INSIDE.map((key) => ['Organization', key])],
    },
    { at: ['accounts'], shape: 'list', fields: [['Id'], ['Arn'], ['Name'], ['Status'], ['State']] },
    { at: ['parents'], shape: 'map', fields: [], whole: true },
    {
      at: ['policies'],
      shape: 'list',
      fields: [['Id'], ['Arn'], ['Name'], ['Type'], ['Content'], ['targets']],
    },
    { at: ['roots'], shape: 'list', fields: [['Id'], ['Arn'], ['PolicyTypes']] },
  ],
  // The lists, to see where one of them is null.
  facts: ['capturedAt', 'accounts', 'policies'],
  framing: 'stream',
};

/**
 * The document in which the script of docs/collect.md puts together what AWS Organizations says: `organization` as
 * `describe-organization` prints it, `accounts` of `list-accounts`, `roots` of `list-roots`, `parents` by child, and
 * `policies` with summary, `Content` and `targets`. A list that is there shows all there are.
 */
export const organization: Format = {
  id: 'organization',
  title: 'Organisation document',
  detect: ({ documents }) => documents.some(isOrganization),
  open: (file) => new OrganizationSession(file),
};

function isOrganization(document: Sketch): boolean {
  if (document.kind !== 'object') return false;
  const { members } = document;
  if (members.get('organization')?.kind !== 'object') return isLongList(members.get('accounts'));
  const kinds = { accounts: 'array', parents: 'object', policies: 'array', roots: 'array' } as const;
  return Object.entries(kinds).some(([key, kind]) => members.get(key)?.kind === kind);
}

/** Accounts of an organisation; where keys are sorted, a long list of them stands before all that tells of the rest. */
function isLongList(accounts: Sketch | undefined): boolean {
  const first = accounts?.kind === 'array' ? accounts.items[0] : undefined;
  const arn = first?.kind === 'object' ? first.members.get('Arn') : undefined;
  return arn?.kind === 'string' && organizationOfArn(arn.text) !== '';
}

class OrganizationSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly facts: OrganizationFacts;
  private readonly listed = new Set<'accounts' | 'policies'>();
  private capturedAt: string | null = null;

  constructor(file: FileContext) {
    this.file = file;
    this.facts = new OrganizationFacts(file.sink);
  }

  element(element: JsonElement): void {
    this.noteTime(element.facts);
    if (element.repeated.length + element.tooLarge.length > 0) {
      this.spoilt(element);
      return;
    }
    switch (element.source) {
      case ORGANIZATION:
        this.organization(element);
        return;
      case ACCOUNTS:
        this.facts.account(element, {
          organization: organizationOfArn(stringField(element, 'Arn')),
          account: idField(element, 'Id'),
          name: stringField(element, 'Name'),
          status: stringField(element, 'State') ?? stringField(element, 'Status'),
        });
        return;
      case PARENTS:
        this.parent(element);
        return;
      case POLICIES:
        this.policy(element);
        return;
      case ROOTS:
        this.facts.organization(element, {
          organization: organizationOfArn(stringField(element, 'Arn')),
          root: stringField(element, 'Id'),
          enabled: enabledByTypes(element.fields.get('PolicyTypes')),
        });
    }
  }

  scopeEnd({ counts, facts }: ScopeEnd): void {
    this.noteTime(facts);
    if (counts.has(ACCOUNTS) && facts.get('accounts') !== 'null') this.listed.add('accounts');
    if (counts.has(POLICIES) && facts.get('policies') !== 'null') this.listed.add('policies');
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    this.facts.end(this.file.captureTime(this.capturedAt), [...this.listed], missing, true);
  }

  private noteTime(facts: ReadonlyMap<string, string>): void {
    const text = facts.get('capturedAt');
    if (text?.startsWith('"') === true) this.capturedAt ??= normaliseTime(stringValue(text));
  }

  private organization(element: JsonElement): void {
    const field = (key: string) => stringField(element, key) ?? stringField(element, `Organization/${key}`);
    this.facts.organization(element, {
      organization: field('Id'),
      management: field('MasterAccountId'),
      // Without all features an organisation has no policies.
      enabled: field('FeatureSet') === 'CONSOLIDATED_BILLING' ? false : null,
    });
  }

  private parent(element: JsonElement): void {
    const child = keyOf(element);
    const text = element.fields.get('') ?? '';
    const parent = text.startsWith('"') ? stringValue(text) : '';
    if (/^\d{12}$/.test(child)) this.facts.parent(element, '', child, parent);
    else this.facts.unit(element, { organization: '', unit: child, parent });
  }

  private policy(element: JsonElement): void {
    const arn = stringField(element, 'Arn');
    const policy = stringField(element, 'Id');
    const kind = isRcp(stringField(element, 'Type'), arn);
    if (kind === false) return;
    if (kind === null) {
      this.facts.lose('policies');
      const message = 'the record says neither by `Type` nor by `Arn` of which type the policy is';
      this.facts.reject(element, 'organization-record-invalid', message);
      return;
    }
    const targets = targetsIn(element.fields.get('targets'));
    if (targets === null) {
      const message = `the policy ${policy ?? ''} does not say where it is attached: \`targets\` is missing`;
      this.file.sink.problem('organization-targets-missing', message);
    }
    this.facts.policy(element, {
      organization: organizationOfArn(arn),
      policy,
      name: stringField(element, 'Name'),
      text: decodeRcp(element.fields.get('Content')),
      targets,
    });
  }

  /** A record of which it is not clear what it says. */
  private spoilt(element: JsonElement): void {
    this.facts.lose('accounts');
    this.facts.lose('policies');
    const policy = element.source === POLICIES ? stringField(element, 'Id') : null;
    if (policy !== null && !element.repeated.includes('Id')) {
      const organization = organizationOfArn(stringField(element, 'Arn'));
      this.facts.unknown(organization, 'policy-text', policy.toLowerCase());
      this.facts.unknown(organization, 'targets', policy.toLowerCase());
    }
    const [name = ''] = [...element.repeated, ...element.tooLarge];
    const [code, what] =
      element.repeated.length > 0
        ? (['field-repeated', 'holds it more than once'] as const)
        : (['field-too-large', 'is larger than any export writes it'] as const);
    this.facts.reject(element, code, `\`${name}\` of the record cannot be used: it ${what}`);
  }
}

/** Where a policy is attached; null when the field is no list of targets. */
function targetsIn(text: string | undefined): readonly string[] | null {
  if (text?.startsWith('[') !== true) return null;
  const list = JSON.parse(text) as readonly unknown[];
  return list.map((one) => {
    if (typeof one === 'string') return one;
    const id = typeof one === 'object' && one !== null && 'TargetId' in one ? one.TargetId : null;
    return typeof id === 'string' ? id : '';
  });
}
