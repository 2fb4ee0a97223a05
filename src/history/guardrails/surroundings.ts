import { analyseTrustPolicy } from '../../exposure/analyse.ts';
import type { Exposure } from '../../model/exposure.ts';
import type { ClosingStatement } from '../../model/guardrail.ts';
import type { AttachedPolicy, Organization } from '../../model/organization.ts';
import type { Impact, RoleDetail } from '../../model/role-detail.ts';
import type { StoreReader } from '../../store/index.ts';

/** What the store knows around trust policies. Times are column times; null: the present. */
export interface Surroundings {
  organizationOf(account: string, at: string | null): Organization | null;
  roleDetail(role: number, at: string): RoleDetail | null;
  managedPolicy(account: string, arn: string, at: string): string | null;
}

const NOTHING: Surroundings = {
  organizationOf: () => null,
  roleDetail: () => null,
  managedPolicy: () => null,
};

export function surroundingsOf(reader: StoreReader): Surroundings {
  return 'organizationOf' in reader ? (reader as StoreReader & Surroundings) : NOTHING;
}

/** Statements of resource control policies, as the part that decides reads them. */
export type GuardrailStatements = readonly GuardrailStatement[];

interface GuardrailStatement {
  readonly policy: AttachedPolicy;
  readonly index: number;
  readonly statement: Readonly<Record<string, unknown>>;
}

export type ParsedGuardrails =
  | { readonly state: 'parsed'; readonly statements: GuardrailStatements }
  | { readonly state: 'damaged'; readonly policy: string; readonly why: string };

export interface GuardedSubject {
  readonly account: string;
  readonly partition: string | null;
  /** Of the role; null where they are not known. */
  readonly tags: Readonly<Record<string, string>> | null;
  /** Of one of the roles that the statements were chosen for. */
  readonly arn: string;
}

export type GuardedExposure = Exposure & { readonly closedBy: readonly ClosingStatement[] };

export function parseGuardrails(policies: readonly AttachedPolicy[]): ParsedGuardrails {
  const statements: GuardrailStatement[] = [];
  for (const policy of policies) {
    try {
      const { Statement } = JSON.parse(policy.content) as { Statement: Record<string, unknown>[] };
      for (const [index, statement] of Statement.entries()) {
        if (statement['Effect'] === 'Deny') statements.push({ policy, index, statement });
      }
    } catch {
      return { state: 'damaged', policy: policy.id, why: 'not JSON' };
    }
  }
  return { state: 'parsed', statements };
}

export function statementsFor(
  statements: GuardrailStatements,
  roleArn: string,
): { readonly key: string; readonly statements: GuardrailStatements } {
  const own = statements.filter(({ statement }) => {
    const resource = String(statement['Resource']);
    return resource === '*' || resource === roleArn;
  });
  return { key: own.map(({ policy, index }) => `${policy.id} ${index}`).join(), statements: own };
}

const TAG = /aws:ResourceTag\/([^"]+)/g;

export function tagKeysAskedFor(policyText: string, statements: GuardrailStatements): readonly string[] {
  const text = policyText + JSON.stringify(statements.map(({ statement }) => statement));
  return [...text.matchAll(TAG)].map(([, key]) => (key ?? '').toLowerCase());
}

export function judgeGuarded(
  policyText: string,
  { account, partition, tags }: GuardedSubject,
  { statements }: { readonly organization: Organization; readonly statements: GuardrailStatements },
): GuardedExposure {
  const trust = JSON.parse(policyText) as { Statement: unknown };
  const denies = statements.flatMap(({ statement: { Resource: _, Condition, ...rest } }) => {
    let exempt = false;
    const text = JSON.stringify(Condition, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).filter(([key, wanted]) => {
          if (!key.startsWith('aws:ResourceTag/')) return true;
          const tag = key.slice('aws:ResourceTag/'.length);
          if (tags === null || tags[tag] === wanted) exempt = true;
          return false;
        }),
      );
    });
    return exempt ? [] : [{ ...rest, Condition: JSON.parse(text) as unknown }];
  });
  const joined = { ...trust, Statement: [trust.Statement, denies].flat() };
  const exposure = analyseTrustPolicy(JSON.stringify(joined), account, partition);
  const closes = exposure.verdict === 'pass' || exposure.verdict === 'not-applicable';
  const isOpen = analyseTrustPolicy(policyText, account, partition).verdict === 'fail';
  const closedBy = statements.map(({ policy, index }) => ({
    id: policy.id,
    name: policy.name,
    statement: index,
    attachedTo: policy.targets,
  }));
  return { ...exposure, closedBy: closes && isOpen ? closedBy : [] };
}

export function isCovered(roleArn: string, account: string, organization: Organization): boolean {
  return account !== organization.managementAccount && !roleArn.includes(':role/aws-service-role/');
}

/** Where both say the same of a role, that is none of its privileges. */
export function impactOf(
  { attached, inline, boundary, lastUsed, createdAt, maxSession, tags }: RoleDetail,
  _: { readonly account: string; readonly partition: string; readonly arn: string },
  __: (arn: string) => string | null,
): Impact | null {
  return {
    privileges: 'unknown',
    why: 'Nothing decides it yet.',
    policies: [...(attached ?? []), ...(inline ?? []).map(({ name }) => `inline:${name}`)].sort(),
    boundary: boundary === '' ? null : boundary,
    lastUsed,
    created: createdAt,
    maxSession,
    tags: tags ?? {},
  };
}
