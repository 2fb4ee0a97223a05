/** Runs one rival on one file, as a process of its own: `node build/bench/rivals/run.js RIVAL FILE`. */
import { rmSync } from 'node:fs';
import { perRoleLoop } from './per-role-loop.ts';
import { bareParse } from './stream-json.ts';
import { pickAndAssemble } from './stream-json-roles.ts';

const [rival = '', path = ''] = process.argv.slice(2);

switch (rival) {
  case 'stream-json':
    bareParse(path);
    break;
  case 'pick-and-assemble':
    some(await pickAndAssemble(path, false));
    break;
  case 'assemble-lines':
    some(await pickAndAssemble(path, true));
    break;
  // A longer document than a string can be ends this rival.
  case 'loop':
    some(perRoleLoop(path, false));
    break;
  case 'loop-lines':
    some(perRoleLoop(path, true));
    break;
  case 'duckdb-ndjson':
    await duckdb(`SELECT account_id, arn, role_id, assume_role_policy_document AS doc FROM read_ndjson('${path}',
      columns = {account_id: 'VARCHAR', arn: 'VARCHAR', role_id: 'VARCHAR', assume_role_policy_document: 'JSON'})`);
    break;
  case 'duckdb-gaad':
    await duckdb(`SELECT split_part(role.Arn, ':', 5) AS account_id, role.Arn AS arn, role.RoleId AS role_id,
        role.AssumeRolePolicyDocument AS doc
      FROM (SELECT unnest(RoleDetailList) AS role FROM read_json('${path}', maximum_object_size = 2000000000,
        columns = {RoleDetailList: 'STRUCT(Arn VARCHAR, RoleId VARCHAR, AssumeRolePolicyDocument JSON)[]'}))`);
    break;
  default:
    throw new Error(`there is no rival \`${rival}\``);
}

/** A rival that finds nothing is not measured. */
function some(roles: number): void {
  if (roles === 0) throw new Error(`${rival} found no role in ${path}`);
}

/** The closest that SQL comes to the literal reading, a row for each role stored. */
async function duckdb(roles: string): Promise<void> {
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const store = `${path}.duckdb`;
  rmSync(store, { force: true });
  const instance = await DuckDBInstance.create(store);
  const connection = await instance.connect();
  await connection.run('SET preserve_insertion_order = false');
  await connection.run(`CREATE TABLE finding AS
    WITH role AS (${roles}), statement AS (
      SELECT account_id, arn, role_id, doc, unnest(CASE json_type(doc, '$.Statement') WHEN 'ARRAY'
        THEN from_json(json_extract(doc, '$.Statement'), '["JSON"]') ELSE [json_extract(doc, '$.Statement')] END) AS s
      FROM role
    )
    SELECT account_id, arn, role_id, any_value(CAST(doc AS VARCHAR)) AS policy,
      bool_or(json_extract_string(s, '$.Effect') = 'Allow' AND json_extract_string(s, '$.Action') = 'sts:AssumeRole'
        AND CAST(json_extract(s, '$.Principal') AS VARCHAR) LIKE '%arn:aws:iam%'
        AND NOT contains(CAST(json_extract(s, '$.Principal') AS VARCHAR), account_id)
        AND json_extract_string(s, '$.Condition.Bool."aws:MultiFactorAuthPresent"') IS DISTINCT FROM 'true'
        AND json_extract(s, '$.Condition.StringEquals."sts:ExternalId"') IS NULL) AS fails
    FROM statement GROUP BY account_id, arn, role_id`);
  connection.closeSync();
  instance.closeSync();
}
