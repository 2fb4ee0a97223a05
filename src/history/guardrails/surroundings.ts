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
  return { ...NOTHING, ...(reader as Partial<Surroundings>) };
}

/** Statements of resource control policies, as the part that decides reads them. */
export type GuardrailStatements = readonly unknown[];

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

export function parseGuardrails(_: readonly AttachedPolicy[]): ParsedGuardrails {
  return { state: 'parsed', statements: [] };
}

export function statementsFor(
  statements: GuardrailStatements,
  _: string,
): { readonly key: string; readonly statements: GuardrailStatements } {
  return { key: '', statements };
}

export function tagKeysAskedFor(_: string, __: GuardrailStatements): readonly string[] {
  return [];
}

export function judgeGuarded(
  _: string,
  __: GuardedSubject,
  ___: { readonly organization: Organization; readonly statements: GuardrailStatements },
): GuardedExposure {
  throw new Error('nothing decides with guardrails yet');
}

export function isCovered(roleArn: string, account: string, organization: Organization): boolean {
  return account !== organization.managementAccount && !roleArn.includes(':role/aws-service-role/');
}

export function impactOf(
  _: RoleDetail,
  __: { readonly account: string; readonly partition: string; readonly arn: string },
  ___: (arn: string) => string | null,
): Impact | null {
  return null;
}
