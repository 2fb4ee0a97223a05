import type { Format } from './shared/format.ts';
import { sketchedRows } from './shared/role-keys.ts';
import { RoleListSession } from './shared/role-list-session.ts';

/**
 * `resources.json` of a Cloud Custodian run (https://cloudcustodian.io/docs/): the roles that its policy matched, with
 * what it noted of each under `c7n:` keys. Without such keys it reads as a list of roles, which gives the same.
 */
export const custodian: Format = {
  id: 'cloud-custodian',
  title: 'Cloud Custodian resources.json',
  detect: (sketch) =>
    sketchedRows(sketch).some(
      (row) =>
        row.has('Arn') &&
        (row.has('AssumeRolePolicyDocument') || row.has('RoleId')) &&
        [...row.keys()].some((key) => key.startsWith('c7n:')),
    ),
  open: (file) => new RoleListSession(file, 'partial-inventory'),
};
