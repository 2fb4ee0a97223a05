import type { GradedPath, Outcome, VerdictObject, Witness } from '../audit/verdict.ts';
import type { AcceptedRisk } from '../history/exception.ts';
import { type Json, JsonObject, JsonSyntaxError, parseJson, printJson } from '../iam/json.ts';
import type { StoredVerdict } from '../store/types.ts';
import { ALL_NOTE_SENTENCES } from './notes.ts';
import { printable } from './printable.ts';

const VERDICT_WORDS: Readonly<Record<Outcome, string>> = {
  pass: 'PASS',
  fail: 'FAIL',
  'not-applicable': 'NOT APPLICABLE',
  error: 'ERROR',
};

/** Why a role has its verdict, for people at a terminal: statement by statement, path by path. */
export function explanation(
  { object, policy }: StoredVerdict,
  accepted: readonly AcceptedRisk[] = [],
): string {
  const severity = object.severity === null ? '' : `, severity ${object.severity}`;
  const lines = [
    `${object.arn}${object.roleId === '' ? '' : ` (${object.roleId})`}`,
    `  evidence  ${object.evidence.source}, byte ${object.evidence.offset}, captured ${object.evidence.capturedAt}`,
    `  sha256    ${object.evidence.sha256}`,
    '',
    `${object.rule}: ${VERDICT_WORDS[object.verdict]}${severity} (${object.reason})`,
    `  ${object.message}`,
    ...life(object),
    ...acceptance(object, accepted),
    ...(object.reason.startsWith('rule-') ? [] : trustReading(object, policy)),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

/** Only the rules over trust policies have two readings, and ways in. */
function trustReading(object: VerdictObject, policy: string | null): readonly string[] {
  return [
    '',
    'The two readings',
    `  sound     ${VERDICT_WORDS[object.verdict]}`,
    `  literal   ${VERDICT_WORDS[object.literal]}${object.literal === object.verdict ? ', the same' : ', see the notes that begin with `literal-`'}`,
    ...notes(object.notes),
    ...statements(object, policy),
    ...witness(object.witness),
    ...fix(object),
  ];
}

function life(object: VerdictObject): readonly string[] {
  const state = object.state === null ? '' : `, ${object.state}`;
  return [`  first seen ${object.firstSeen}, last seen ${object.lastSeen}${state}`];
}

function acceptance({ suppressedBy }: VerdictObject, accepted: readonly AcceptedRisk[]): readonly string[] {
  if (suppressedBy === null) return [];
  const entry = accepted.find(({ id }) => id === suppressedBy);
  const terms = entry === undefined ? '' : ` until ${entry.expires}: ${entry.reason}`;
  return [`  accepted by the exception ${suppressedBy}${terms}`];
}

function notes(codes: readonly string[]): readonly string[] {
  if (codes.length === 0) return [];
  return ['', 'Notes', ...codes.map((code) => `  ${code}: ${ALL_NOTE_SENTENCES[code] ?? ''}`)];
}

function statements(object: VerdictObject, policy: string | null): readonly string[] {
  if (policy === null) return ['', 'Trust policy', '  the evidence shows none that can be read'];
  const lines = ['', 'Statement by statement'];
  readStatements(policy).forEach((statement, index) => {
    const paths = object.paths.filter((path) => path.statement === index);
    lines.push(`  [${index}] ${printJson(statement)}`);
    if (paths.length === 0) lines.push(`      ${withoutPaths(statement)}`);
    for (const path of paths) lines.push(`      ${describePath(path)}`);
  });
  return lines;
}

function readStatements(policy: string): readonly Json[] {
  try {
    const document = parseJson(policy);
    const value = document instanceof JsonObject ? document.all('Statement').at(-1) : undefined;
    if (value === undefined) return [];
    return Array.isArray(value) ? (value as readonly Json[]) : [value];
  } catch (error) {
    if (error instanceof JsonSyntaxError) return [];
    throw error;
  }
}

function withoutPaths(statement: Json): string {
  const effect = statement instanceof JsonObject ? statement.all('Effect').at(-1) : null;
  if (effect === 'Deny') return 'a Deny: it takes ways in away, it opens none';
  return 'no way in for a principal of another account';
}

function describePath(path: GradedPath): string {
  const account =
    path.account === '*'
      ? 'any account'
      : `account ${path.account}${path.accountName === null ? '' : ` (${path.accountName})`}`;
  const relation = path.relation === 'any' ? '' : `, relation ${path.relation}`;
  const guard =
    path.guards.length === 0
      ? 'OPEN: no guard'
      : `guarded by ${path.guards.map((one) => (one === 'mfa' ? 'MFA' : 'an external ID')).join(' or ')}`;
  return `${path.principal} -> ${account}${relation}: ${guard}`;
}

function witness(value: Witness | null): readonly string[] {
  if (value === null) return [];
  return [
    '',
    'Proof: AWS would let this request in',
    `  caller    ${value.principalArn}`,
    `  actions   ${value.actions.join(', ')}`,
    '  context   (keys not listed are absent)',
    ...Object.entries(value.context).map(
      ([key, given]) => `    ${key} = ${typeof given === 'string' ? given : JSON.stringify(given)}`,
    ),
  ];
}

function fix(object: VerdictObject): readonly string[] {
  if (object.verdict !== 'fail') return [];
  const open = object.paths.filter((path) => path.guards.length === 0);
  const places = [...new Set(open.map((path) => path.statement))].join(', ');
  return [
    '',
    'How to fix',
    `  Add to statement ${places} a Condition that every request must meet:`,
    '    for a third party: {"StringEquals": {"sts:ExternalId": "<the value it gave you>"}}',
    '    for people of an account you control: {"Bool": {"aws:MultiFactorAuthPresent": "true"}}',
    ...(open.some((path) => path.account === '*')
      ? ['  Name the accounts that are meant instead of `*`: an external ID is no secret.']
      : []),
    `  aws iam update-assume-role-policy --role-name ${shellWord(object.roleName)} --policy-document file://amended.json`,
  ];
}

function shellWord(text: string): string {
  return /^[\w+=,.@-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
