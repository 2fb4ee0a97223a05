import type { JsonElement, ReadPlan, ScopeEnd } from '../json/reader.ts';
import type { Sketch } from '../json/sketch.ts';
import {
  FULL_ACCESS,
  isAccountNumber,
  isNodeId,
  isPolicyId,
  isRootId,
  isUnitId,
} from '../model/organizations/fact.ts';
import type { FileContext, Format, FormatSession } from './shared/format.ts';
import { OrganizationFacts } from './shared/organizations/facts.ts';
import { enabledByTypes, idField, isRcp, organizationOfArn } from './shared/organizations/ids.ts';
import { decodeRcp } from './shared/organizations/rcp-text.ts';
import { isToken } from './shared/pages.ts';
import { stringField } from './shared/role.ts';

type Handler = (session: OrganizationsCliSession, element: JsonElement) => void;

interface Answer {
  readonly key: string;
  readonly fields: readonly (readonly string[])[];
  /** Tells the answer from that of other commands with the same key: what the object, or the first of the list, has. */
  readonly test: (members: ReadonlyMap<string, Sketch>) => boolean;
  /** What the name of the file has to tell. */
  readonly needs?: (subject: string) => boolean;
  readonly take: Handler;
}

const has =
  (...keys: readonly string[]) =>
  (members: ReadonlyMap<string, Sketch>): boolean =>
    keys.every((key) => members.has(key));

const isOfOrganizations = (members: ReadonlyMap<string, Sketch>): boolean => {
  const arn = members.get('Arn');
  return arn?.kind === 'string' && /^arn:aws[a-z-]*:organizations:/.test(arn.text);
};

function isParent(subject: string): boolean {
  return isUnitId(subject) || isRootId(subject);
}

/** Answers of AWS Organizations, by the key that they stand under. */
const ANSWERS: readonly Answer[] = [
  {
    key: 'Organization',
    fields: [['Id'], ['MasterAccountId'], ['FeatureSet']],
    test: has('Id', 'MasterAccountId'),
    take: (session, element) => session.organization(element),
  },
  {
    key: 'Roots',
    fields: [['Id'], ['Arn'], ['PolicyTypes']],
    test: (members) => isOfOrganizations(members),
    take: (session, element) => session.root(element),
  },
  {
    key: 'Accounts',
    fields: [['Id'], ['Arn'], ['Name'], ['Status'], ['State']],
    test: (members) => isOfOrganizations(members),
    take: (session, element) => session.account(element),
  },
  {
    key: 'OrganizationalUnits',
    fields: [['Id'], ['Arn']],
    test: (members) => isOfOrganizations(members),
    needs: isParent,
    take: (session, element) => session.unit(element),
  },
  {
    key: 'Policy',
    fields: [
      ['PolicySummary', 'Id'],
      ['PolicySummary', 'Arn'],
      ['PolicySummary', 'Name'],
      ['PolicySummary', 'Type'],
      ['Content'],
    ],
    test: has('PolicySummary'),
    take: (session, element) => session.policy(element),
  },
  {
    key: 'Policies',
    fields: [['Id'], ['Arn'], ['Name'], ['Type']],
    test: (members) => isOfOrganizations(members) && members.has('AwsManaged'),
    take: (session, element) => session.summary(element),
  },
  {
    key: 'Parents',
    fields: [['Id'], ['Type']],
    test: has('Id', 'Type'),
    needs: (subject) => isAccountNumber(subject) || isUnitId(subject),
    take: (session, element) => session.parentOfNamed(element),
  },
  {
    key: 'Children',
    fields: [['Id'], ['Type']],
    test: has('Id', 'Type'),
    needs: isParent,
    take: (session, element) => session.childOfNamed(element),
  },
  {
    key: 'Targets',
    fields: [['TargetId'], ['Arn'], ['Type']],
    test: has('TargetId', 'Type'),
    needs: isPolicyId,
    take: (session, element) => session.target(element),
  },
];

const PLAN: ReadPlan = {
  sources: ANSWERS.map(({ key, fields }) => ({ at: [key], shape: 'list', fields })),
  facts: ['NextToken'],
  framing: 'stream',
};

/**
 * What commands of `aws organizations` print: `describe-organization`, `list-roots`, `list-accounts`, `describe-policy` and
 * others (https://docs.aws.amazon.com/cli/latest/reference/organizations/). Some do not repeat what they were asked
 * about; for these, the name of the file has to: the id of a child, a unit, a policy or a target.
 */
export const organizationsCli: Format = {
  id: 'organizations-cli',
  title: 'AWS CLI, organizations',
  detect: ({ documents }, path) =>
    documents.length > 0 && documents.every((document) => isAnswer(document, subjectOf(path))),
  open: (file) => new OrganizationsCliSession(file),
};

/** An answer that says of what it is, by itself or by the name of its file. */
function isAnswer(document: Sketch, subject: string | null): boolean {
  if (document.kind !== 'object') return false;
  return ANSWERS.some(({ key, test, needs }) => {
    if (needs !== undefined && (subject === null || !needs(subject))) return false;
    const answer = document.members.get(key);
    const item = answer?.kind === 'array' ? answer.items[0] : answer;
    // A policy may be attached to nothing, a unit may hold nothing.
    if (answer?.kind === 'array' && item === undefined) return needs !== undefined;
    return item?.kind === 'object' && test(item.members);
  });
}

const ID =
  /(?<![A-Za-z0-9])(?:ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32}|p-[0-9a-zA-Z_]{8,128}|\d{12})(?![A-Za-z0-9])/g;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What the name of a file tells, as far as it names one thing only. */
function subjectOf(path: string): string | null {
  const ids = [
    ...new Set(
      nameOf(path)
        .replace(/\.json.*$/i, '')
        .match(ID) ?? [],
    ),
  ];
  return ids.length === 1 ? (ids[0] as string) : null;
}

class OrganizationsCliSession implements FormatSession {
  readonly plan = PLAN;
  private readonly file: FileContext;
  private readonly facts: OrganizationFacts;
  private readonly name: string;
  /** What the name of the file tells, as far as it names one only. */
  private readonly subject: string | null;
  private hasNextPage = false;
  private summaries: { readonly id: string; readonly organization: string }[] = [];
  private targets: string[] = [];
  private targetsOf = '';
  private targetsUnclear = false;
  /** The lists that are there and hold nothing, by their keys. */
  private readonly empty = new Set<string>();
  /** Policies of other types. */
  private others = 0;
  private listsAccounts = false;

  constructor(file: FileContext) {
    this.file = file;
    this.facts = new OrganizationFacts(file.sink);
    this.name = nameOf(file.path);
    this.subject = subjectOf(file.path);
  }

  element(element: JsonElement): void {
    // Of concatenated pages, the last one counts.
    this.hasNextPage = false;
    if (element.repeated.length > 0) {
      this.facts.lose('accounts');
      this.facts.lose('policies');
      const message = `the record holds \`${element.repeated[0] as string}\` more than once`;
      this.facts.reject(element, 'field-repeated', message);
      return;
    }
    ANSWERS[element.source]?.take(this, element);
  }

  scopeEnd({ facts, counts }: Pick<ScopeEnd, 'facts' | 'counts'>): void {
    for (const [source, count] of counts) if (count === 0) this.empty.add(ANSWERS[source]?.key ?? '');
    if (facts.has('NextToken')) this.hasNextPage = isToken(facts.get('NextToken'));
  }

  end(missing: 'truncated' | 'records-rejected' | null): void {
    const { sink } = this.file;
    const isCut = missing !== null || this.hasNextPage;
    if (this.hasNextPage) {
      sink.problem(
        'next-page-missing',
        'the list says that a further page follows, which is not in the file',
      );
    }
    if (this.others > 0 && sink.recordsRead === 0) {
      sink.problem(
        'not-evidence',
        'holds policies of AWS Organizations of other types, which guard no roles',
      );
    }
    const lists: ('accounts' | 'policies')[] = [];
    if (!isCut && this.listsAccounts && this.saysAllAccounts()) lists.push('accounts');
    else if (!isCut && this.listsAccounts && !this.isForParent()) {
      sink.problem(
        'organization-list-unstated',
        'lists accounts, and nothing says that these are all: `list-accounts-for-parent` prints the same of one unit; put `list-accounts` into the name of the file, or give it with `--accounts`',
      );
    }
    if (!isCut) this.closeLists(lists);
    if (this.empty.has('Parents') && sink.recordsRead === 0 && this.subject !== null) {
      this.facts.unknown('', 'parent', this.subject);
      sink.problem('organization-record-invalid', `names no unit or root that ${this.subject} lies in`);
    }
    // Older evidence does not tell any more what a list that breaks off should.
    if (isCut && this.subject !== null && isPolicyId(this.subject) && this.hasTargets())
      this.facts.unknown(this.targetsOf, 'untyped-targets', this.subject.toLowerCase());
    const tellsPolicies = this.summaries.length > 0;
    this.facts.end(this.file.captureTime(null), lists, isCut ? 'truncated' : null, tellsPolicies);
  }

  organization(element: JsonElement): void {
    this.facts.organization(element, {
      organization: stringField(element, 'Id'),
      management: stringField(element, 'MasterAccountId'),
      // Without all features an organisation has no policies.
      enabled: stringField(element, 'FeatureSet') === 'CONSOLIDATED_BILLING' ? false : null,
    });
  }

  root(element: JsonElement): void {
    this.facts.organization(element, {
      organization: organizationOfArn(stringField(element, 'Arn')),
      root: stringField(element, 'Id'),
      enabled: enabledByTypes(element.fields.get('PolicyTypes')),
    });
  }

  account(element: JsonElement): void {
    this.listsAccounts = true;
    this.facts.account(element, {
      organization: organizationOfArn(stringField(element, 'Arn')),
      account: idField(element, 'Id'),
      name: stringField(element, 'Name'),
      status: stringField(element, 'State') ?? stringField(element, 'Status'),
      // `list-accounts-for-parent` prints the same, of one unit.
      parent: this.isForParent() ? this.node() : null,
    });
  }

  unit(element: JsonElement): void {
    const parent = this.node();
    if (parent === null) this.ambiguous(element, 'units', 'the unit or root that they lie in');
    else {
      const organization = organizationOfArn(stringField(element, 'Arn'));
      this.facts.unit(element, { organization, unit: stringField(element, 'Id'), parent });
    }
  }

  policy(element: JsonElement): void {
    const field = (key: string) => stringField(element, `PolicySummary/${key}`);
    const kind = isRcp(field('Type'), field('Arn'));
    if (kind === false) {
      this.others++;
      return;
    }
    this.facts.policy(element, {
      organization: organizationOfArn(field('Arn')),
      policy: field('Id'),
      name: field('Name'),
      text: decodeRcp(element.fields.get('Content')),
    });
  }

  /** Of `list-policies`, which shows all of a type, or `list-policies-for-target`. */
  summary(element: JsonElement): void {
    const arn = stringField(element, 'Arn');
    if (isRcp(stringField(element, 'Type'), arn) === false) {
      this.others++;
      return;
    }
    const id = stringField(element, 'Id');
    if (id !== null && isPolicyId(id)) this.summaries.push({ id, organization: organizationOfArn(arn) });
    this.facts.policy(element, {
      organization: organizationOfArn(arn),
      policy: id,
      name: stringField(element, 'Name'),
      text: null,
    });
  }

  parentOfNamed(element: JsonElement): void {
    const { subject } = this;
    const parent = stringField(element, 'Id') ?? '';
    if (subject === null || isRootId(subject) || isPolicyId(subject)) {
      this.ambiguous(element, 'parents', 'the account or unit whose parent it is');
    } else if (isAccountNumber(subject)) this.facts.parent(element, '', subject, parent);
    else this.facts.unit(element, { organization: '', unit: subject, parent });
  }

  childOfNamed(element: JsonElement): void {
    const parent = this.node();
    const child = idField(element, 'Id');
    if (parent === null) this.ambiguous(element, 'children', 'the unit or root whose children they are');
    else if (child !== null && isAccountNumber(child)) this.facts.parent(element, '', child, parent);
    else this.facts.unit(element, { organization: '', unit: child, parent });
  }

  target(element: JsonElement): void {
    const { subject } = this;
    const target = idField(element, 'TargetId');
    if (subject === null || !isPolicyId(subject)) {
      this.ambiguous(element, 'targets', 'the policy that is attached to them');
    } else {
      const organization = organizationOfArn(stringField(element, 'Arn'));
      if (target !== null && isNodeId(target)) this.targets.push(target);
      else this.targetsUnclear = true;
      if (organization !== '') this.targetsOf = organization;
      this.facts.attachment(element, organization, subject, target, false);
    }
  }

  /** What the lists say that are whole. */
  private closeLists(lists: ('accounts' | 'policies')[]): void {
    const { subject } = this;
    if (this.hasTargets() && subject !== null && !this.targetsUnclear)
      this.facts.allTargets(this.targetsOf, subject, this.targets);
    // Where policies of this type are enabled, this one is attached everywhere, so every list of them has it.
    const isList = this.summaries.some(({ id }) => id.toLowerCase() === FULL_ACCESS);
    if (!isList) return;
    const organization = this.summaries.find((one) => one.organization !== '')?.organization ?? '';
    if (subject !== null && isNodeId(subject)) {
      this.facts.attachedTo(
        organization,
        subject,
        this.summaries.map(({ id }) => id),
      );
    } else if (/list[-_]?policies(?![-_]?for)/i.test(this.name)) lists.push('policies');
  }

  /** Whether the file says where a policy is attached, be it nowhere. */
  private hasTargets(): boolean {
    return this.targets.length > 0 || this.empty.has('Targets');
  }

  /** The unit or root that the name of the file tells. */
  private node(): string | null {
    const { subject } = this;
    return subject !== null && (isUnitId(subject) || isRootId(subject)) ? subject : null;
  }

  private isForParent(): boolean {
    return /for[-_]?parent/i.test(this.name);
  }

  /** The same answer, of one unit only, is that of `list-accounts-for-parent`. */
  private saysAllAccounts(): boolean {
    return this.file.options.whole === true || /list[-_]?accounts(?![-_]?for)/i.test(this.name);
  }

  private ambiguous(element: JsonElement, what: string, whose: string): void {
    const message = `the ${what} do not say ${whose}, and the name of the file does not either; name the file after its id, or use the script of docs/collect.md`;
    this.facts.reject(element, 'organization-ambiguous', message);
  }
}
