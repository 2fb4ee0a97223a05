import type { Access, ThirdPartyRow } from '../../model/third-party.ts';
import type { DescribedColumn } from './csv-columns.ts';
import type { EvidenceStanding } from './missing.ts';
import { countedCodes, thirdPartyRoleText, unnamedAccount } from './words/third-party-words.ts';

/** A row of the register, and whether the evidence behind the register is complete. */
export interface RegisterLine {
  readonly row: ThirdPartyRow;
  readonly evidence: EvidenceStanding;
}

/** The columns in their order; new ones are only ever added at the end. */
export const REGISTER_COLUMNS: readonly DescribedColumn<RegisterLine>[] = [
  column(
    'outside_account',
    '12 digits, `anyone` for any account, `any account of the own organisation` for every one of its members alike, or `not known` for roles that could not be decided and name no outside account, and where nobody was found in evidence that is not complete.',
    (row) => unnamedAccount(row) ?? row.account,
  ),
  column('vendor', 'Its name where known.', (row) => row.name ?? ''),
  column(
    'relation',
    '`any`, `third-party`, `same-organisation` or `unknown`; where it differs, the most exposed.',
    (row) => row.relation,
  ),
  column('severity', 'The worst of its roles: `critical`, `high`, `medium`, `low`, or empty.', (row) =>
    row.severity === null ? '' : row.severity,
  ),
  column('open_roles', 'Roles that it can assume without MFA and without an external ID.', ({ roles }) =>
    String(roles.open),
  ),
  column('accepted_roles', 'Those of them that an exception accepts.', (row) => String(row.accepted)),
  column('guarded_roles', 'Roles where each of its ways in demands MFA or an external ID.', ({ roles }) =>
    String(roles.guarded),
  ),
  column(
    'weakly_guarded_roles',
    'Those of them with an external ID that is weak or used for others, too.',
    ({ weak }) => String(weak.guarded.roles),
  ),
  column(
    'closed_roles',
    'Roles whose trust policy leaves it an unguarded way in, which guardrails of the organisation close, or guard.',
    ({ roles }) => String(roles.closed),
  ),
  column(
    'weakly_closed_roles',
    'Those of them where the guardrails demand no more than an external ID that is weak or used for others, too.',
    ({ weak }) => String(weak.closed.roles),
  ),
  column(
    'not_evaluated_roles',
    'Roles whose trust policy could not be decided, and names it or may admit it.',
    ({ roles }) => String(roles['not-evaluated']),
  ),
  column('own_accounts', 'Own accounts with a role whose trust policy lets it in.', (row) =>
    String(row.accounts),
  ),
  column('guards', 'What the guarded roles demand, each with how many of them (list).', (row) =>
    countedCodes({ 'external-id': row.guards['external-id'], mfa: row.guards.mfa }),
  ),
  column(
    'notes',
    'Notes on how far what keeps it out can be relied on, each with how many roles have it (list).',
    (row) => countedCodes(row.notes),
  ),
  column('worst_privileges', 'What the worst of its open roles may do; empty without one.', (row) =>
    row.privileges === null ? '' : row.privileges,
  ),
  column(
    'last_used',
    'When a role whose trust policy lets it in was last used, by whomever: ISO 8601 UTC, `never`, or empty where no export shows it.',
    (row) => row.lastUsed ?? '',
  ),
  column(
    'exceptions',
    'Exceptions that accept open roles of it (list); the next two are parallel.',
    ({ exceptions, exceptionsLeftOut }) => [
      ...exceptions.map(({ id }) => id),
      ...(exceptionsLeftOut === 0 ? [] : [`${exceptionsLeftOut} more`]),
    ],
  ),
  column('exception_owners', 'Their owners, empty where none is named (list).', ({ exceptions }) =>
    exceptions.map(({ owner }) => owner ?? ''),
  ),
  column('exception_ends', 'When they end (list).', ({ exceptions }) =>
    exceptions.map(({ expires }) => expires),
  ),
  column(
    'first_seen',
    'The first evidence time at which a trust policy of one of these roles let it in.',
    (row) => row.firstSeen ?? '',
  ),
  column('last_seen', 'The last evidence time of one of these roles.', (row) => row.lastSeen ?? ''),
  column('not_evaluated_why', 'Codes that say why, each with how many roles (list).', (row) =>
    countedCodes(row.reasons),
  ),
  roles('open_role_arns', 'The open roles', 'open'),
  roles('guarded_role_arns', 'The guarded roles', 'guarded'),
  roles('closed_role_arns', 'The closed roles', 'closed'),
  roles('not_evaluated_role_arns', 'The roles that were not evaluated', 'not-evaluated'),
  column(
    'roles_left_out',
    'Roles that are counted and not among those of the last four columns.',
    ({ leftOut }) => String(leftOut),
  ),
  {
    name: 'evidence',
    description:
      'The same in every row: `complete`, `incomplete` or `unknown`. Unless it is `complete`, the register may lack accounts and roles.',
    value: ({ evidence }) => evidence,
  },
  column(
    'carried_forward_roles',
    'Of all roles of the row those of accounts that are carried forward: they stand as last captured, long before the newest capture.',
    (row) => String(row.carriedForward),
  ),
];

function column(
  name: string,
  description: string,
  value: (row: ThirdPartyRow) => string | readonly string[],
): DescribedColumn<RegisterLine> {
  return { name, description, value: ({ row }) => value(row) };
}

function roles(name: string, what: string, access: Access): DescribedColumn<RegisterLine> {
  const description = `${what}, each by ARN with what is known of it in brackets (list).`;
  return column(name, description, ({ listed }) =>
    listed.filter((role) => role.access === access).map(thirdPartyRoleText),
  );
}
