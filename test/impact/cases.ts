import { impactOf } from '../../src/impact/impact.ts';
import type { Impact, Privileges, RoleDetail } from '../../src/model/role-detail.ts';

export const ACCOUNT = '111111111111';
export const ROLE = { account: ACCOUNT, partition: 'aws', arn: `arn:aws:iam::${ACCOUNT}:role/team/deploy` };

export const NOTHING_SHOWN: RoleDetail = {
  createdAt: null,
  lastUsed: null,
  maxSession: null,
  tags: null,
  boundary: '',
  attached: [],
  inline: [],
};

type Element = string | readonly string[];
export interface StatementText {
  readonly Effect?: string;
  readonly Action?: Element;
  readonly NotAction?: Element;
  readonly Resource?: Element;
  readonly NotResource?: Element;
  readonly Condition?: unknown;
  readonly [other: string]: unknown;
}

export function allow(action: Element, resource: Element = '*', condition?: unknown): StatementText {
  return {
    Effect: 'Allow',
    Action: action,
    Resource: resource,
    ...(condition === undefined ? {} : { Condition: condition }),
  };
}

export function deny(action: Element, resource: Element = '*', condition?: unknown): StatementText {
  return { ...allow(action, resource, condition), Effect: 'Deny' };
}

export function policy(...statements: readonly StatementText[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements });
}

/** Managed policies are named by the last part of their ARN here. */
export function own(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:policy/${name}`;
}

export function ofAws(name: string): string {
  return `arn:aws:iam::aws:policy/${name}`;
}

export interface Case {
  readonly name: string;
  /** The text of the only inline policy, where no `detail` says otherwise. */
  readonly inline?: string;
  readonly detail?: Partial<RoleDetail>;
  readonly managed?: Readonly<Record<string, string>>;
  readonly partition?: string;
  readonly privileges: Privileges;
  /** In `why`. */
  readonly says?: string;
}

export function impactOfCase({ inline, detail, managed = {}, partition = 'aws' }: Case): Impact {
  return impactOf(
    {
      ...NOTHING_SHOWN,
      ...(inline === undefined ? {} : { inline: [{ name: 'own', document: inline }] }),
      ...detail,
    },
    { ...ROLE, partition, arn: ROLE.arn.replace('arn:aws:', `arn:${partition}:`) },
    (arn) => managed[arn] ?? null,
  );
}
