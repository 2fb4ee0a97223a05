import { findObject, type PrefixSketch, type Sketch } from '../json/sketch.ts';

const EXPORT = 'export `aws iam get-account-authorization-details --output json`';
const FINDINGS = `which hold no trust policies; ${EXPORT}`;

type Members = ReadonlyMap<string, Sketch>;

interface Shape {
  /** Keys that one object has, all of them. */
  readonly keys: readonly string[];
  readonly test?: (members: Members) => boolean;
  /** How deep the object may lie; 4 without it. */
  readonly depth?: number;
  readonly message: string;
}

const holds = (key: string, kind: Sketch['kind']) => (members: Members) => members.get(key)?.kind === kind;

/** Shapes of JSON that look as if they carried roles, most telling first. */
const SHAPES: readonly Shape[] = [
  {
    keys: ['finding_info', 'resources'],
    message: `looks like OCSF findings without the details of resources, ${FINDINGS}`,
  },
  { keys: ['CheckID', 'ResourceArn'], message: `looks like Prowler's own JSON, ${FINDINGS}` },
  { keys: ['check_id', 'resource_arn'], message: `looks like Prowler's own JSON, ${FINDINGS}` },
  {
    keys: ['principal', 'isPublic'],
    message: `looks like IAM Access Analyzer findings, ${FINDINGS}`,
  },
  {
    keys: ['resourceType', 'findingType', 'analyzedAt'],
    message: `looks like IAM Access Analyzer findings, ${FINDINGS}`,
  },
  {
    keys: ['labels', 'properties'],
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
      return resources !== undefined && findObject(resources, holds('Type', 'string'), 1) !== null;
    },
    message: `looks like a CloudFormation template, not the roles made from it; ${EXPORT}`,
  },
  {
    keys: ['Version', 'Statement'],
    depth: 0,
    message: 'looks like a single policy; give it to `trustsieve check`',
  },
  {
    keys: ['Accounts'],
    message: 'looks like `aws organizations list-accounts`; give it with `--accounts`',
  },
  {
    keys: ['Account', 'UserId', 'Arn'],
    message: `looks like \`aws sts get-caller-identity\`, which holds no roles; ${EXPORT}`,
  },
  {
    keys: ['SummaryMap'],
    message: `looks like \`aws iam get-account-summary\`, which only counts roles; ${EXPORT}`,
  },
  {
    keys: ['RoleName'],
    message:
      'looks like roles of which the ARN or the trust policy was left out, or cannot be told from other fields; select `Arn` and `AssumeRolePolicyDocument` with `--query`',
  },
];

const ROLE_ARN = /^arn:aws[a-z-]*:iam::\d{12}:role\//;
const SHORT = /^[\w.:@/-]{1,40}$/;

/** Says in one sentence what JSON without roles in a known place looks like; null when it is no JSON. */
export function explainJson({ documents }: PrefixSketch): string | null {
  for (const { keys, test, depth, message } of SHAPES) {
    for (const document of documents) {
      const fits = (members: Members) => keys.every((key) => members.has(key)) && test?.(members) !== false;
      if (findObject(document, fits, depth) !== null) return message;
    }
  }
  const [first] = documents;
  if (first === undefined) return null;
  if (first.kind === 'array' && first.items.length === 0) {
    return `is an empty list: the query or policy behind it matched nothing; ${EXPORT}`;
  }
  const hasArn = (members: Members) =>
    [...members.values()].some((value) => value.kind === 'string' && ROLE_ARN.test(value.text));
  if (documents.some((document) => findObject(document, hasArn) !== null)) {
    return `is JSON that names roles, but shows no trust policy in a known place; select \`AssumeRolePolicyDocument\` too, or ${EXPORT}`;
  }
  return `is JSON with ${describe(first)}, but shows no role in a known place; ${EXPORT}`;
}

function describe(sketch: Sketch): string {
  const row = sketch.kind === 'array' ? sketch.items[0] : sketch;
  const keys =
    row?.kind === 'object' ? [...row.members.keys()].filter((key) => SHORT.test(key)).slice(0, 3) : [];
  if (keys.length === 0) return sketch.kind === 'array' ? 'a list' : 'an object';
  return `keys such as ${keys.map((key) => `\`${key}\``).join(', ')}`;
}
