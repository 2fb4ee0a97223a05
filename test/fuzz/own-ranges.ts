import type { Range } from './edits.ts';
import { jsonPlaces, type Place } from './json-places.ts';
import { csvRows } from './mutate/csv.ts';
import { parquetFooter } from './mutate/tables.ts';
import type { ObservedRole } from './observe.ts';
import type { Seed } from './seeds.ts';

/** Keys of a resource of Terraform, whose type stands beside its role. */
const RESOURCE = ['instances', 'values', 'change'];

/**
 * The bytes of a seed that are a role's own: what else changes must not take the role away in silence. Null: none, because
 * the file has checksums over all of it.
 */
export function ownRange(
  { bytes, kind }: Seed,
  role: ObservedRole,
  all: readonly ObservedRole[],
): Range | null {
  switch (kind) {
    case 'json':
      return inJson(jsonPlaces(bytes) ?? [], role.offset) ?? untilNext(bytes, role, all);
    case 'js': {
      const begin = bytes.indexOf('{');
      const range = inJson(jsonPlaces(bytes.subarray(begin)) ?? [], role.offset - begin);
      return range === null
        ? untilNext(bytes, role, all)
        : { from: range.from + begin, to: range.to + begin };
    }
    case 'csv': {
      const row = csvRows(bytes).find(({ cells }) => cells[0]?.from === role.offset);
      const last = row?.cells.at(-1);
      // Without its line end a row may be cut.
      return last === undefined ? untilNext(bytes, role, all) : { from: role.offset, to: last.to + 1 };
    }
    case 'yaml':
      return untilNext(bytes, role, all);
    case 'parquet':
      // Pages have no checksums, so another value is a value.
      return { from: 4, to: parquetFooter(bytes) };
    case 'sqlite': {
      // The last, since the root of the tree keeps what it held as a leaf; and not one that begins with it.
      const text = bytes.toString('latin1');
      let at = text.lastIndexOf(role.arn);
      while (/[\w+=,.@/-]/.test(text[at + role.arn.length] ?? '')) at = text.lastIndexOf(role.arn, at - 1);
      return { from: at - 200, to: at + 900 };
    }
    case 'duckdb':
      return null;
  }
}

function inJson(documents: readonly Place[], offset: number): Range | null {
  let found: Place | null = null;
  let resource: Place | null = null;
  const visit = (place: Place): void => {
    if (offset < place.from || offset >= place.to || found !== null) return;
    if (place.members.some(({ name }) => RESOURCE.includes(name))) resource = place;
    if (place.from === offset) found = place;
    for (const item of place.items) visit(item);
    for (const { value } of place.members) visit(value);
  };
  for (const document of documents) visit(document);
  return found === null ? null : (resource ?? found);
}

function untilNext(bytes: Buffer, { offset }: ObservedRole, all: readonly ObservedRole[]): Range {
  const next = all.map((other) => other.offset).filter((other) => other > offset);
  return { from: offset, to: Math.min(bytes.length, ...next) };
}

/** Where the text says that more pages follow: any one of these that is left must be enough. */
export function pageMarkers({ bytes, kind }: Seed): readonly Range[] {
  const markers: Range[] = [];
  const visit = (place: Place, depth: number): void => {
    for (const { name, value, from, to } of place.members) {
      const text = bytes.toString('utf8', value.from, value.to);
      const isMarker =
        /^(?:Marker|NextToken|nextToken)$/.test(name) && value.kind === 'string' && text.length > 2;
      if (isMarker || (name === 'IsTruncated' && text === 'true')) markers.push({ from, to });
    }
    if (depth > 0) for (const item of place.items) visit(item, depth - 1);
  };
  if (kind === 'json') for (const document of jsonPlaces(bytes) ?? []) visit(document, 1);
  return markers;
}
