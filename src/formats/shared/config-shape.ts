import type { PrefixSketch, Sketch } from '../../json/sketch.ts';
import { sketchedRows } from './role-keys.ts';

type Members = ReadonlyMap<string, Sketch>;

/** What AWS Config writes into items, but does not let queries select. */
const ITEM_KEYS = [
  'configurationItemMD5Hash',
  'configurationStateMd5Hash',
  'relatedEvents',
  'awsAccountId',
] as const;

/** How rows that stand alone came out of AWS Config, or a tool that writes likewise. */
export type ConfigRowKind = 'item' | 'query' | 'antiope';

/** Null for rows that did not come out of AWS Config. */
export function configRowKind(sketch: PrefixSketch): ConfigRowKind | null {
  for (const row of sketchedRows(sketch)) {
    const kind = kindOf(row, smallLetters(row));
    if (kind !== null) return kind;
  }
  return null;
}

function smallLetters(row: Members): Members {
  return new Map([...row].map(([key, value]) => [key.toLowerCase(), value]));
}

/** @param row with its keys in small letters, `spelled` as they are */
function kindOf(spelled: Members, row: Members): ConfigRowKind | null {
  const configuration = row.get('configuration');
  const type = row.get('resourcetype');
  const typed = type?.kind === 'string' && type.text.startsWith('AWS::');
  const inside = configuration?.kind === 'object' ? configuration.members : null;
  if (isAntiope(spelled) || (typed && inside?.has('AssumeRolePolicyDocument') === true)) return 'antiope';
  if (typed && (configuration?.kind === 'string' || ITEM_KEYS.some((key) => row.has(key.toLowerCase()))))
    return 'item';
  if (hasTrust(inside) || isTable(row)) return 'query';
  return typed && ['arn', 'resourceid', 'resourcename'].some((key) => row.has(key)) ? 'query' : null;
}

function hasTrust(configuration: Members | null): boolean {
  return [...(configuration?.keys() ?? [])].some((key) => /^assumerolepolicydocument$/i.test(key));
}

/** Columns of a query that did not select the type: the console of AWS Config writes them as CSV. */
function isTable(row: Members): boolean {
  const columns = ['arn', 'resourceid', 'accountid'];
  return (
    row.get('configuration')?.kind === 'null' &&
    !row.has('resourcetype') &&
    columns.some((name) => row.has(name)) &&
    [...row.values()].every(({ kind }) => kind === 'null')
  );
}

function isAntiope(row: Members): boolean {
  const source = row.get('source');
  return source?.kind === 'string' && source.text === 'Antiope';
}
