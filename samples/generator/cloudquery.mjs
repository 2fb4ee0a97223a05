import { isoSeconds } from './roles.mjs';
import { uuidFor } from './seeded.mjs';

/** Rows of the table `aws_iam_roles`, one JSON object per line, as CloudQuery's file destinations write them. */
export function rows(roles, syncTime) {
  return roles.map((role) => `${JSON.stringify(row(role, syncTime))}\n`).join('');
}

/** The same from the S3 destination with `athena: true`: in every key `_` stands for what is no word character. */
export function athenaRows(roles, syncTime) {
  const mangled = (key) => key.replace(/\W/g, '_');
  return roles.map((role) => `${JSON.stringify(renameKeys(row(role, syncTime), mangled))}\n`).join('');
}

function row({ account, arn, trust, created, path, id, used, name, tags }, syncTime) {
  return {
    _cq_id: uuidFor('row', account, arn),
    _cq_parent_id: null,
    _cq_source_name: 'harbourlight-aws',
    _cq_sync_time: syncTime,
    account_id: account,
    arn,
    // A policy that CloudQuery cannot decode becomes null.
    assume_role_policy_document: trust?.verbatim === undefined ? sortKeys(trust) : null,
    create_date: isoSeconds(created),
    description: null,
    max_session_duration: 3600,
    path,
    permissions_boundary: null,
    role_id: id,
    role_last_used: used === null ? null : { LastUsedDate: isoSeconds(used), Region: 'eu-west-1' },
    role_name: name,
    tags: sortKeys(tags),
  };
}

function sortKeys(value) {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}

function renameKeys(value, rename) {
  if (Array.isArray(value)) return value.map((member) => renameKeys(member, rename));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [rename(key), renameKeys(member, rename)]),
  );
}
