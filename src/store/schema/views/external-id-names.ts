import {
  NAME_COMPANIONS,
  NAME_SEPARATORS,
  RANDOM_PART,
  SHORTEST_NAME,
} from '../../../iam/external-id-strength.ts';
import { literal } from './literals.ts';

/** `namesExternalId` of exposure/weak-external-ids.ts: some external id that the policy accepts is the name. */
export function tellsName(policy: string, name: string): string {
  const [given, wanted] = [plain('x.value'), plain(name)];
  // Text that is no JSON of the expected shape must give no rows rather than an error.
  return `length(${wanted}) >= ${SHORTEST_NAME} AND EXISTS (
    SELECT 1 FROM policy d
    JOIN json_each(CASE WHEN json_valid(d.document) THEN CASE json_type(d.document, '$.Statement')
      WHEN 'array' THEN json_extract(d.document, '$.Statement')
      WHEN 'object' THEN json_array(json_extract(d.document, '$.Statement')) END END) s
    JOIN json_each(CASE s.type WHEN 'object' THEN s.value END, '$.Condition') o ON o.key <> 'Null'
    JOIN json_each(CASE o.type WHEN 'object' THEN o.value END) k ON lower(k.key) = 'sts:externalid'
    JOIN json_each(CASE k.type WHEN 'array' THEN k.value WHEN 'text' THEN json_array(k.value) END) x ON x.type = 'text'
    WHERE d.id = ${policy}
      AND (o.key LIKE '%Not%') = (CASE s.type WHEN 'object' THEN json_extract(s.value, '$.Effect') END = 'Deny')
      AND instr(${given}, ${wanted}) > 0
      AND length(${without(`replace(${given}, ${wanted}, '')`, NAME_COMPANIONS)}) < ${RANDOM_PART}
  )`;
}

function plain(text: string): string {
  return without(`lower(${text})`, NAME_SEPARATORS);
}

/**
 * The text without the parts, taken out one after the other. Calls within calls would be more than the parser of older
 * SQLite programs can hold, such as people have on their machines.
 */
function without(text: string, parts: readonly string[]): string {
  return `(
    WITH RECURSIVE rest (done, text) AS (
      SELECT 0, ${text}
      UNION ALL
      SELECT done + 1, replace(text, json_extract(${literal(JSON.stringify(parts))}, '$[' || done || ']'), '')
      FROM rest WHERE done < ${parts.length}
    )
    SELECT text FROM rest WHERE done = ${parts.length})`;
}
