import type { DataProblem } from '../../errors.ts';
import { findRoleKeys, sketchedRows } from '../../formats/shared/role-keys.ts';
import { findObject, type Sketch } from '../../json/sketch.ts';
import type { FileProblem } from '../../model/file-problem.ts';
import { type Aside, EXPORT } from './aside.ts';

const FINDINGS = `which hold no trust policies; ${EXPORT}`;

type Members = ReadonlyMap<string, Sketch>;

interface Shape {
  /** Keys that one object has, all of them. */
  readonly keys: readonly string[];
  readonly test?: (members: Members) => boolean;
  /** How deep the object may lie; 4 without it. */
  readonly depth?: number;
  /** `format-unknown` without it: what the file lacks could be added to it. */
  readonly code?: DataProblem;
  readonly kind?: string;
  readonly tolerates?: Aside['tolerates'];
  readonly message: string | ((members: Members) => string);
}

const holds = (key: string, kind: Sketch['kind']) => (members: Members) => members.get(key)?.kind === kind;

/** A document of docs/collect.md lacks its head, or lies in a list. */
const organizationDocument = (...keys: readonly string[]): Shape => ({
  keys,
  test: (members) => ['organization', 'parents'].some((key) => members.get(key)?.kind === 'object'),
  depth: 1,
  message:
    'looks like evidence of an organisation, but is not one document with `organization`; write it as docs/collect.md says',
});

/** Shapes of JSON that is known but not read, most telling first. */
const SHAPES: readonly Shape[] = [
  organizationDocument('organization', 'accounts'),
  organizationDocument('organization', 'policies'),
  organizationDocument('parents', 'accounts'),
  organizationDocument('parents', 'policies'),
  {
    keys: ['rule', 'verdict', 'literal', 'paths'],
    depth: 1,
    code: 'not-evidence',
    kind: 'a report of this program',
    tolerates: 'policies',
    message: 'is a report of this program',
  },
  {
    keys: ['metadata', 'finding_info'],
    test: (members) => {
      const metadata = members.get('metadata');
      const isOwn = (product: Members) => {
        const name = product.get('name');
        return name?.kind === 'string' && name.text === 'trustsieve';
      };
      return metadata !== undefined && findObject(metadata, isOwn, 1) !== null;
    },
    depth: 1,
    code: 'not-evidence',
    kind: 'a report of this program',
    tolerates: 'policies',
    message: 'is a report of this program',
  },
  {
    keys: ['runs', 'version', '$schema'],
    depth: 0,
    code: 'not-evidence',
    kind: 'a SARIF log',
    tolerates: 'policies',
    message: 'is a SARIF log, which holds no roles',
  },
  {
    keys: ['_type', 'predicateType', 'subject'],
    depth: 0,
    code: 'not-evidence',
    kind: 'the manifest of a scan',
    tolerates: 'policies',
    message: 'is the manifest of a scan',
  },
  {
    keys: ['payloadType', 'payload', 'signatures'],
    depth: 0,
    code: 'not-evidence',
    kind: 'the signature of a manifest',
    message: 'is the signature of a manifest',
  },
  {
    keys: ['finding_info', 'resources'],
    code: 'not-auditable',
    message: `looks like OCSF findings without the details of resources, ${FINDINGS}`,
  },
  {
    keys: ['CheckID', 'ResourceArn'],
    code: 'not-auditable',
    message: `looks like Prowler's own JSON, ${FINDINGS}`,
  },
  {
    keys: ['check_id', 'resource_arn'],
    code: 'not-auditable',
    message: `looks like Prowler's own JSON, ${FINDINGS}`,
  },
  {
    keys: ['principal', 'isPublic'],
    code: 'not-auditable',
    message: `looks like IAM Access Analyzer findings, ${FINDINGS}`,
  },
  {
    keys: ['resourceType', 'findingType', 'analyzedAt'],
    code: 'not-auditable',
    message: `looks like IAM Access Analyzer findings, ${FINDINGS}`,
  },
  {
    keys: ['labels', 'properties'],
    code: 'not-auditable',
    message: `looks like a Neo4j export of Cartography or another graph, which keeps trusted principals without their conditions; ${EXPORT}`,
  },
  {
    keys: ['_cq_id'],
    message: 'looks like a CloudQuery table without roles; sync `aws_iam_roles`',
  },
  {
    keys: ['inline_policies', 'attached_policy_arns'],
    message: 'looks like a Steampipe query without trust policies; select `assume_role_policy` too',
  },
  {
    keys: ['resource', 'provider'],
    test: holds('resource', 'object'),
    code: 'not-auditable',
    message:
      'looks like a Terraform configuration, not a state or plan; give the output of `terraform show -json`',
  },
  {
    keys: ['pytest-terraform'],
    message: 'looks like a recorded Terraform test, not a state; give the output of `terraform show -json`',
  },
  {
    keys: ['Resources'],
    test: (members) => {
      const resources = members.get('Resources');
      return resources?.kind === 'object' && findObject(resources, holds('Type', 'string'), 1) !== null;
    },
    code: 'not-auditable',
    message: `looks like a CloudFormation template, not the roles made from it; ${EXPORT}`,
  },
  {
    keys: ['Version', 'Statement'],
    depth: 0,
    message: 'looks like a single policy; give it to `trustsieve check`',
  },
  {
    keys: ['Accounts'],
    code: 'not-evidence',
    kind: 'a list of accounts',
    message: 'looks like `aws organizations list-accounts`; give it with `--accounts`',
  },
  {
    keys: ['Account', 'UserId', 'Arn'],
    code: 'not-evidence',
    kind: 'the output of another AWS command',
    message: 'looks like `aws sts get-caller-identity`, which holds no roles',
  },
  {
    keys: ['SummaryMap'],
    code: 'not-evidence',
    kind: 'the output of another AWS command',
    message: 'looks like `aws iam get-account-summary`, which only counts roles',
  },
  {
    keys: ['Content', 'ReportFormat'],
    depth: 0,
    code: 'not-evidence',
    kind: 'a credential report',
    message: 'looks like `aws iam get-credential-report`, which holds no roles',
  },
  {
    keys: ['account_id', 'pmapper_version'],
    depth: 0,
    code: 'not-evidence',
    kind: 'what PMapper keeps beside its nodes',
    message: 'belongs to a PMapper graph, whose roles are in `nodes.json`',
  },
  {
    keys: ['policy', 'config', 'execution'],
    depth: 0,
    code: 'not-evidence',
    kind: 'the description of a Cloud Custodian run',
    tolerates: 'policies',
    message: 'describes a Cloud Custodian run, whose roles are in `resources.json`',
  },
  {
    keys: [],
    test: (members) => namedList(members) !== null,
    depth: 1,
    message: (members) =>
      `is JSON with lists of roles under names of their own, such as \`${namedList(members)}\`; call each by the number of its account, or put all roles into one list`,
  },
  {
    keys: ['RoleName'],
    message:
      'looks like roles of which the ARN or the trust policy was left out, or cannot be told from other fields; select `Arn` and `AssumeRolePolicyDocument` with `--query`',
  },
];

/** The first of the keys under which there are lists of whole roles. */
function namedList(members: Members): string | null {
  for (const [key, value] of members) {
    if (value.kind !== 'array' || !SHORT_KEY.test(key)) continue;
    if (findRoleKeys(sketchedRows({ documents: [value], lines: false })) !== null) return key;
  }
  return null;
}

/** A key that is a name, and so tells something. */
export const SHORT_KEY = /^[\w.:@/-]{1,40}$/;

/** Says what JSON of a known shape is that is not read; null when it has none of them. */
export function knownJson(documents: readonly Sketch[]): FileProblem | Aside | null {
  for (const { keys, test, depth, code, kind, tolerates, message } of SHAPES) {
    for (const document of documents) {
      const fits = (members: Members) => keys.every((key) => members.has(key)) && test?.(members) !== false;
      const found = findObject(document, fits, depth);
      if (found === null) continue;
      return {
        code: code ?? 'format-unknown',
        message: typeof message === 'string' ? message : message(found),
        ...(kind === undefined ? {} : { kind }),
        ...(tolerates === undefined ? {} : { tolerates }),
      };
    }
  }
  return null;
}
