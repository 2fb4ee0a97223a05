import type { AttachedPolicy, Organization } from '../../../src/model/organizations/organization.ts';
import type { RoleRecord } from '../../../src/model/record.ts';
import type { RoleDetail } from '../../../src/model/role-detail.ts';
import { D9_AWS_IAM_99 } from '../../../src/rules/d9-aws-iam-99/rule.ts';
import { evaluateTrustPolicy } from '../../../src/rules/judge.ts';
import type { Store, StoreReader } from '../../../src/store/index.ts';
import { AT, roleRecord, sha256Of } from '../../store/files.ts';

export const OWN = '111122223333';
export const OTHER = '222233334444';
export const MANAGEMENT = '999900001111';
export const MEMBERS = [OWN, OTHER, MANAGEMENT, '000011110000'];
export const VENDOR = '444455556666';
export const RULE = D9_AWS_IAM_99.id;

/** Column time. */
export const day = (n: number): string => `2026-01-${String(n).padStart(2, '0')}T00:00:00`;

const trusting = (...accounts: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: accounts.map((account) => ({
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'sts:AssumeRole',
    })),
  });

/** Anybody of the vendor gets in. */
export const OPEN = trusting(VENDOR);
/** And of a second account. */
export const WIDER = trusting(VENDOR, '777788889999');
/** Nobody from elsewhere gets in. */
export const CLOSED = trusting(OWN);
/** The vendor gets in with an external ID. */
export const GUARDED = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${VENDOR}:root` },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': '7f3a9c51e2d84b60' } },
    },
  ],
});

interface Shape {
  readonly resource?: string;
  /** Accounts that the Deny exempts. */
  readonly except?: string;
  /** The tag `keep=yes` exempts. */
  readonly byTag?: boolean;
}

/** Whoever sends no external ID is denied. */
export function demandsId({ resource = '*', except, byTag = false }: Shape = {}): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sts:AssumeRole',
        Resource: resource,
        Condition: {
          Null: { 'sts:ExternalId': 'true' },
          ...((except !== undefined || byTag) && {
            StringNotEquals: {
              ...(except !== undefined && { 'aws:PrincipalAccount': except }),
              ...(byTag && { 'aws:ResourceTag/keep': 'yes' }),
            },
          }),
        },
      },
    ],
  });
}

export const attached = (content: string): AttachedPolicy => ({
  id: 'p-demandsid1',
  name: 'demand external IDs',
  content,
  targets: ['r-ab12'],
});

/** @param contents texts of its policies; null: one of them is not known */
export function organizationOf(contents: readonly string[] | null, at: string): Organization {
  const members = MEMBERS.map((account) => ({
    account,
    name: null,
    status: 'ACTIVE',
    path: 'o-example1/r-ab12/',
  }));
  const policies = contents?.map(attached) ?? null;
  return {
    id: 'o-example1',
    managementAccount: MANAGEMENT,
    members: new Map(members.map((member) => [member.account, member])),
    membersWhole: true,
    capturedAt: `${at}Z`,
    showsPolicies: true,
    policiesOf: () =>
      policies === null
        ? { policies, since: null, lack: `the text of p-demandsid1` }
        : { policies, since: `${at}Z`, lack: null },
  };
}

export interface Around {
  /** Evidence of the organisation, oldest first, by column time; null: the account belongs to it no more. */
  readonly organizations: readonly (readonly [at: string, organization: Organization | null])[];
  /** By role name. */
  readonly details?: Readonly<Record<string, Partial<RoleDetail>>>;
}

const NO_DETAIL: RoleDetail = {
  ...{ createdAt: null, lastUsed: null, maxSession: null, tags: null },
  ...{ boundary: null, attached: null, inline: null },
};

/** The store as it is with what stands around its trust policies. */
export function withAround(store: Store, { organizations, details = {} }: Around): Store {
  const around = (reader: StoreReader, until: string | null): StoreReader => {
    const names = new Map<number, string>();
    for (const { account } of reader.accountLooks({ kind: 'all' })) {
      for (const { roleName, observations } of reader.observedRoles(account)) {
        for (const { role } of observations) names.set(role, roleName);
      }
    }
    const found = {
      organizationOf(_: string, at: string | null) {
        const end = [at, until].filter((time) => time !== null).sort()[0];
        return organizations.findLast(([time]) => end === undefined || time <= end)?.[1] ?? null;
      },
      assembledOrganizations: () => ({
        organizations: organizations.flatMap(([, one]) => one ?? []),
        problems: [],
      }),
      // The last of them came with the last run.
      organizationsBeforeRun: () => organizations.at(-2)?.[0] ?? null,
      organizationMoment(at: string, next: string) {
        const known = organizations.map(([time]) => time).filter((time) => until === null || time <= until);
        // Days, so nothing else is of the same one.
        const fitting = known.filter((time) => time < next);
        return fitting.findLast((time) => time <= at) ?? fitting[0] ?? null;
      },
      roleDetail(_: string, role: number): RoleDetail | null {
        const detail = details[names.get(role) ?? ''];
        return detail === undefined ? null : { ...NO_DETAIL, ...detail };
      },
      managedPolicy: () => null,
    };
    return { ...reader, ...found };
  };
  return {
    ...store,
    reader: around(store.reader, null),
    readerAt: (time) => around(store.readerAt(time), time),
  };
}

export interface Capture {
  readonly account?: string;
  readonly at: string;
  /** Trust policies by role name, or path and name. */
  readonly roles: Readonly<Record<string, string>>;
}

/** Scans captures, each as a file of its own, with verdicts of the real rule. */
export function scanCaptures(store: Store, captures: readonly Capture[]): number {
  const run = store.beginRun({ startedAt: AT, asOf: AT, toolVersion: '1.2.3', rules: [RULE], options: {} });
  for (const { account = OWN, at, roles } of captures) {
    const writer = run.evidence();
    const records = Object.entries(roles).map(
      ([path, policy], index): RoleRecord =>
        roleRecord({
          account,
          arn: `arn:aws:iam::${account}:role/${path}`,
          roleName: path.slice(path.lastIndexOf('/') + 1),
          roleId: `AROA${path.toUpperCase().replace(/[^A-Z0-9]/g, '')}`,
          policy,
          capturedAt: `${at}Z`,
          offset: index,
        }),
    );
    for (const record of records) {
      const verdict = evaluateTrustPolicy(record.trust, account, 'aws');
      writer.add(record, { account, verdicts: [verdict] });
    }
    const path = `${account} ${at}.json`;
    writer.finish({
      evidence: { path, sha256: sha256Of(path), bytes: 100, modifiedAt: null },
      format: 'test',
      capturedFrom: 'evidence',
      captures: [{ account, capturedAt: `${at}Z`, complete: true, reasons: [] }],
      recordsRead: records.length,
      status: 'complete',
      problems: [],
    });
  }
  run.finish('complete', AT);
  return run.id;
}
