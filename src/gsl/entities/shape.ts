/** What an entity type looks like: enough to tell a path that leads somewhere from a mistyped one. */
export type Shape =
  | { readonly kind: 'scalar'; readonly source?: Source }
  /** Raw text of others, whose properties are theirs to choose. */
  | { readonly kind: 'any'; readonly source?: Source }
  | { readonly kind: 'list'; readonly of: Shape; readonly source?: Source }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Shape>>; readonly source?: Source };

/** Where a property comes from when it is not in the authorization details; absent: it is in them. */
export type Source = 'credential-report' | 'account-summary' | 'password-policy' | 'inventory';

export const scalar: Shape = { kind: 'scalar' };
export const any: Shape = { kind: 'any' };
export const listOf = (of: Shape): Shape => ({ kind: 'list', of });
export const object = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: 'object', fields });
export const from = (source: Source, shape: Shape): Shape => ({ ...shape, source });

const statement = object({
  Sid: scalar,
  Effect: scalar,
  Principal: any,
  NotPrincipal: any,
  Action: any,
  NotAction: any,
  Resource: any,
  NotResource: any,
  Condition: any,
});

/** A policy document as AWS writes it (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html). */
export const policyDocument = object({ Version: scalar, Id: scalar, Statement: listOf(statement) });

/** What every entity has. */
export const common: Readonly<Record<string, Shape>> = {
  id: scalar,
  type: scalar,
  name: scalar,
  arn: scalar,
  path: scalar,
  accountNumber: scalar,
  createDate: scalar,
  tags: listOf(object({ key: scalar, value: scalar })),
  dome9Id: from('inventory', scalar),
  region: from('inventory', scalar),
  source: from('inventory', scalar),
  vpc: from('inventory', scalar),
};

export const attachedPolicies = listOf(object({ arn: scalar, name: scalar }));
export const inlinePolicies = listOf(object({ name: scalar, document: policyDocument }));
export const combinedPolicies = listOf(
  object({ id: scalar, name: scalar, relationType: scalar, policyDocument }),
);
