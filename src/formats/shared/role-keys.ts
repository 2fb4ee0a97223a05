import type { PrefixSketch, Sketch } from '../../json/sketch.ts';

/** The names under which the rows of a file keep what is known of a role. */
export interface RoleKeys {
  readonly arn: string;
  readonly trust: string;
  /** Null when there is none. */
  readonly roleId: string | null;
  /** Where a row keeps the number of its account beside the ARN; null when it does not. */
  readonly account: string | null;
}

type Row = ReadonlyMap<string, Sketch>;

const ROLE_ARN = /^arn:[a-z0-9-]+:iam::[^:]*:role\//;
const ARN_NAMES: ReadonlySet<string> = new Set(['arn', 'rolearn']);
const TRUST_NAMES: ReadonlySet<string> = new Set([
  'assumerolepolicydocument',
  'roleassumerolepolicydocument',
  'assumerolepolicy',
  'trustpolicy',
  'trustrelationship',
]);

const ACCOUNT_NAMES: ReadonlySet<string> = new Set(['account', 'accountid', 'accountnumber', 'awsaccountid']);

/** The rows of a file that is a list of objects, or one object after the other. */
export function sketchedRows({ documents }: PrefixSketch): readonly Row[] {
  return documents
    .flatMap((document) => (document.kind === 'array' ? document.items : [document]))
    .flatMap((row) => (row.kind === 'object' ? [row.members] : []));
}

/**
 * Finds the keys of rows whose names somebody else chose, as in `--query 'RoleDetailList[].{arn: Arn, trust: ...}'`:
 * by their usual names, otherwise by what they hold.
 *
 * @returns null when the ARN or the trust policy cannot be told from the other keys
 */
export function findRoleKeys(rows: readonly Row[]): RoleKeys | null {
  const arn = choose(rows, ARN_NAMES, (value) => value.kind === 'string' && ROLE_ARN.test(value.text));
  const trust = choose(rows, TRUST_NAMES, holdsTrustPolicy);
  if (arn === null || trust === null || arn === trust) return null;
  const roleId = choose(
    rows,
    new Set(['roleid']),
    (value) => value.kind === 'string' && /^AROA\w+$/.test(value.text),
  );
  const account = [...new Set(rows.flatMap((row) => [...row.keys()]))].find(
    (key) => ACCOUNT_NAMES.has(withoutSpelling(key)) && rows.every((row) => mayBeAccount(row.get(key))),
  );
  return { arn, trust, roleId, account: account ?? null };
}

/** A key without its spelling. */
export function withoutSpelling(key: string): string {
  return key.toLowerCase().replaceAll(/[_\s-]/g, '');
}

/** Not the name that somebody gave an account. */
function mayBeAccount(value: Sketch | undefined): boolean {
  if (value?.kind === 'string') return /^\d{1,12}$/.test(value.text);
  return value === undefined || value.kind === 'number' || value.kind === 'null';
}

/** The one key with a usual name; otherwise the one key with the expected value. */
function choose(
  rows: readonly Row[],
  names: ReadonlySet<string>,
  expected: (value: Sketch) => boolean,
): string | null {
  const keys = new Set(rows.flatMap((row) => [...row.keys()]));
  const named = [...keys].filter((key) => names.has(withoutSpelling(key)));
  const [first] = named;
  if (first !== undefined) return named.every((key) => isSameColumn(key, first)) ? first : null;
  const fitting = [...keys].filter((key) =>
    rows.some((row) => row.has(key) && expected(row.get(key) as Sketch)),
  );
  return fitting.length === 1 ? (fitting[0] as string) : null;

  /** The columns of a table are sketched under their names and under the same in small letters. */
  function isSameColumn(key: string, first: string): boolean {
    if (key === first) return true;
    return (
      key === first.toLowerCase() &&
      rows.every((row) => row.get(key)?.kind === 'null' && row.get(first)?.kind === 'null')
    );
  }
}

/** Only the policy of a role says who may assume it: other policies have no principal. */
function holdsTrustPolicy(value: Sketch): boolean {
  if (value.kind === 'string') {
    return /^\s*(?:\{|%7B)/i.test(value.text) && /Statement/.test(value.text) && /Principal/.test(value.text);
  }
  if (value.kind !== 'object') return false;
  const statement = value.members.get('Statement');
  const statements =
    statement?.kind === 'array' ? statement.items : statement === undefined ? [] : [statement];
  return statements.some(
    (item) => item.kind === 'object' && (item.members.has('Principal') || item.members.has('NotPrincipal')),
  );
}
