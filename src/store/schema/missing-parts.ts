/** SQL: a run that came to its end, so that what it was given was read. */
export const ENDED = `status IN ('complete', 'incomplete')`;

/** SQL: the parts that stand in the store. Those of a run that did not come to its end are as good as missing. */
export const PARTS_THERE = `SELECT DISTINCT s.list, s.parts, s.part FROM shard s JOIN run r ON r.id = s.run_id WHERE r.${ENDED}`;

/**
 * SQL: the stretches of parts that are missing (`list`, `parts`, `first_part`, `last_part`), of lists that no set of parts makes
 * whole, however many parts it has.
 *
 * @param there a query of the parts that are there: `list`, `parts`, `part`, each once
 * @param begun a query of the lists that are asked about: `list`, `parts`, each once
 */
export function missingPartsSql(there: string, begun: string): string {
  return `WITH there AS MATERIALIZED (${there}), begun AS MATERIALIZED (${begun}),
  whole AS MATERIALIZED (SELECT list FROM there GROUP BY list, parts HAVING count(*) = parts),
  gap AS (
    SELECT list, parts, part + 1 AS first_part,
      lead(part, 1, parts + 1) OVER (PARTITION BY list, parts ORDER BY part) - 1 AS last_part
    FROM (SELECT b.list, b.parts, t.part FROM begun b JOIN there t USING (list, parts)
      UNION ALL SELECT list, parts, 0 FROM begun)
  )
SELECT list, parts, first_part, last_part FROM gap
WHERE first_part <= last_part AND list NOT IN (SELECT list FROM whole) ORDER BY list, parts, first_part`;
}

/** SQL: whether all parts of a list of which the run `later` read some were read to their end since the run `run`. */
export function wholeSince(later: string, run: string, further = ''): string {
  return `EXISTS (
    SELECT 1 FROM shard s JOIN shard t USING (list) JOIN run d ON d.id = t.run_id
    WHERE s.run_id = ${later} AND t.run_id > ${run} AND d.${ENDED} ${further}
    GROUP BY t.list, t.parts HAVING count(DISTINCT t.part) = t.parts)`;
}
