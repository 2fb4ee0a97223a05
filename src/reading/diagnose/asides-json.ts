import { findObject, type PrefixSketch, type Sketch } from '../../json/sketch.ts';
import type { Aside } from './aside.ts';
import { commandAside, isEmptyList } from './aws-commands.ts';

type Members = ReadonlyMap<string, Sketch>;

interface JsonAside extends Omit<Aside, 'code' | 'message'> {
  readonly test: (document: Sketch) => boolean;
  /** Ends the sentence that begins with the kind. */
  readonly why: string;
}

/**
 * True for an object, or a list whose first item is one, with all these members. A document is such an object itself, or
 * has it at most `depth` levels below.
 */
const has =
  (keys: readonly string[], depth = 1) =>
  (document: Sketch): boolean =>
    findObject(document, (members) => keys.every((key) => members.has(key)), depth) !== null;

const either =
  (...tests: readonly ((document: Sketch) => boolean)[]) =>
  (document: Sketch): boolean =>
    tests.some((test) => test(document));

/** What log buckets and scanners' folders hold beside roles, most telling first. */
const ASIDES: readonly JsonAside[] = [
  {
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    kind: 'a CloudTrail log',
    test: either(
      has(['eventVersion', 'eventSource', 'eventName'], 2),
      has(['EventId', 'CloudTrailEvent'], 2),
    ),
    why: 'which tells of changes and is no inventory',
    tolerates: 'policies',
  },
  {
    kind: 'a CloudTrail log',
    test: (document) => document.kind === 'object' && isEmptyList(document.members.get('Records')),
    why: 'which tells of changes and is no inventory',
  },
  {
    // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
    kind: 'a CloudTrail digest',
    test: has(['digestStartTime', 'digestS3Bucket'], 0),
    why: 'which holds the hashes of logs',
  },
  {
    kind: 'a Route 53 query log',
    test: has(['query_timestamp', 'query_name'], 1),
    why: 'which holds no roles',
  },
  {
    kind: 'an AWS WAF log',
    test: has(['webaclId', 'httpRequest'], 1),
    why: 'which holds no roles',
  },
  {
    kind: 'a flow log',
    test: has(['srcaddr', 'dstaddr'], 1),
    why: 'which holds no roles',
  },
  {
    kind: 'GuardDuty findings',
    test: has(['schemaVersion', 'accountId', 'type', 'service', 'severity'], 2),
    why: 'which hold no trust policies',
  },
  {
    // https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format.html
    kind: 'findings in ASFF',
    test: has(['SchemaVersion', 'ProductArn', 'Resources'], 2),
    why: 'which show no role with its trust policy',
    tolerates: 'policies',
  },
  {
    kind: 'the result of a Steampipe benchmark',
    test: has(['group_id', 'summary', 'controls'], 2),
    why: 'which holds no trust policies',
    tolerates: 'policies',
  },
  {
    kind: 'Cloud Custodian resources of another type',
    test: has(['c7n:MatchedFilters'], 1),
    why: 'which are no roles',
  },
  {
    kind: 'a policy that is no trust policy',
    test: (document) => isPolicy(document) && !mayBeTrusted(document),
    why: 'as its statements name resources or no principal',
    tolerates: 'actions',
  },
];

/** Knows JSON that holds no inventory of roles by its content; null when it is none of these. */
export function asideJson({ documents }: PrefixSketch): Aside | null {
  const [first] = documents;
  if (first === undefined) return null;
  for (const { kind, test, why, tolerates } of ASIDES) {
    // All of them: behind one of these something else may stand.
    if (!documents.every(test)) continue;
    const message = `is ${kind}, ${why}`;
    return { code: 'not-evidence', kind, message, ...(tolerates === undefined ? {} : { tolerates }) };
  }
  return commandAside(documents);
}

function isPolicy(document: Sketch): boolean {
  return document.kind === 'object' && document.members.has('Version') && document.members.has('Statement');
}

/** A trust policy names principals and no resource (semantics.md, section 1). */
function mayBeTrusted(document: Sketch): boolean {
  const statements = document.kind === 'object' ? document.members.get('Statement') : undefined;
  const items =
    statements?.kind === 'array' ? statements.items : statements === undefined ? [] : [statements];
  return items.length === 0 || items.some((item) => item.kind !== 'object' || isTrusting(item.members));
}

function isTrusting(statement: Members): boolean {
  const names = statement.has('Principal') || statement.has('NotPrincipal');
  return names && !statement.has('Resource') && !statement.has('NotResource');
}
