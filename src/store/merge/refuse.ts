import type { Database } from 'better-sqlite3';
import { TrustsieveError } from '../../errors.ts';
import { holdsNoScan, type Input } from './input.ts';
import { differenceOf, type MergedRun } from './runs.ts';

/** Refuses stores without a scan, and those that mean different things by one name. Errors: `not-found`, `usage`. */
export function refuseUnlike(inputs: readonly Input[]): void {
  const facts = inputs.map(({ read }) => read((db) => ({ version: versionOf(db), rules: rulesOf(db) })));
  for (const [index, { version, rules }] of facts.entries()) {
    const { path } = inputs[index] as Input;
    if (version === null) throw holdsNoScan(path);
    for (const [before, other] of facts.slice(0, index).entries()) {
      const both = `\`${(inputs[before] as Input).path}\` and \`${path}\``;
      if (other.version !== version) {
        throw new TrustsieveError(
          'usage',
          `${both} were written by different versions of trustsieve (${other.version} and ${version}): scan with one version`,
        );
      }
      for (const [key, { rule, text }] of rules) {
        const known = other.rules.get(key)?.text;
        if (known === undefined || known === text) continue;
        throw new TrustsieveError(
          'usage',
          `${both} were judged by different texts of the rule \`${rule}\`: scan with one text of it, each into a new store`,
        );
      }
    }
  }
}

/** Refuses shards of one list that were not scanned alike. Errors: `usage`. */
export function refuseUnlikeShards(runs: readonly MergedRun[], inputs: readonly Input[]): void {
  for (const { of, isSet } of runs) {
    const [first, ...others] = of;
    if (!isSet || first === undefined) continue;
    for (const other of others) {
      const what = differenceOf(first, other);
      if (what === undefined) continue;
      const paths = [first, other].map(({ store }) => `\`${inputs[store]?.path}\``);
      throw new TrustsieveError(
        'usage',
        `${paths.join(' and ')} hold shards of one list that were scanned with a difference in ${what}: scan all of its shards alike`,
      );
    }
  }
}

/** By the last run; null where there is none. */
function versionOf(db: Database): string | null {
  return (
    db.prepare<[], string>('SELECT tool_version FROM run ORDER BY id DESC LIMIT 1').pluck().get() ?? null
  );
}

interface RuleText {
  readonly rule: string;
  readonly text: string;
}

/** What tells the text of each rule: of verdicts on the one hand, of rule files on the other. */
function rulesOf(db: Database): ReadonlyMap<string, RuleText> {
  const rows = db
    .prepare<[], RuleText & { readonly kind: string }>(
      `SELECT 'verdict' AS kind, rule_id AS rule, json_group_array(rule_digest ORDER BY rule_digest) AS text
       FROM (SELECT DISTINCT rule_id, rule_digest FROM verdict) GROUP BY rule_id
       UNION ALL SELECT 'file', id, json_array(kind, severity, unjudged, metadata) FROM rule`,
    )
    .all();
  return new Map(rows.map(({ kind, ...row }) => [`${kind} ${row.rule}`, row]));
}
