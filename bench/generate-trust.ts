import type { Dice } from './generate-random.ts';

/** A trust policy as IAM gives it out. */
export interface TrustDocument {
  readonly Version: string;
  readonly Statement: readonly object[];
}

/** The text of a policy depends on the account of its role, whose providers and callers it names. */
export type TrustMaker = (account: string) => TrustDocument;

/**
 * A trust policy that nobody else has, as most of an organisation's are: the external id of a vendor, the subject of
 * an OIDC provider, the caller's name or the source's ARN differs from role to role.
 *
 * @param name occurs in the policy; given once, it makes the policy the only one of its kind
 */
export function ownPolicy(dice: Dice, partner: string, name: string): TrustMaker {
  const region = dice.pick(['eu-central-1', 'us-east-1']);
  const cluster = dice.pick(CLUSTERS);
  const kind = dice.next();
  if (kind < 0.25)
    return ofOne(() => ({
      ...assume({ AWS: `arn:aws:iam::${partner}:root` }),
      Condition: { StringEquals: { 'sts:ExternalId': `${name}-${partner.slice(0, 6)}` } },
    }));
  if (kind < 0.35) return ofOne(() => assume({ AWS: `arn:aws:iam::${partner}:role/${name}` }));
  if (kind < 0.55)
    return ofOne((account) =>
      federated(`arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com`, {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
        'token.actions.githubusercontent.com:sub': `repo:example-org/${name}:ref:refs/heads/main`,
      }),
    );
  if (kind < 0.75) {
    const provider = `oidc.eks.${region}.amazonaws.com/id/${cluster}`;
    return ofOne((account) =>
      federated(`arn:aws:iam::${account}:oidc-provider/${provider}`, {
        [`${provider}:aud`]: 'sts.amazonaws.com',
        [`${provider}:sub`]: `system:serviceaccount:${name.slice(0, name.indexOf('-'))}:${name}`,
      }),
    );
  }
  if (kind < 0.85)
    return ofOne((account) => ({
      ...assume({ Service: 'lambda.amazonaws.com' }),
      Condition: {
        StringEquals: { 'aws:SourceAccount': account },
        ArnEquals: { 'aws:SourceArn': `arn:aws:lambda:${region}:${account}:function:${name}` },
      },
    }));
  return ofOne((account) => assume({ AWS: `arn:aws:iam::${account}:role/${name}` }));
}

/** The policy with a Deny beside what it allows, and a statement whose callers are a pattern. */
export function withDenyAndPattern(dice: Dice, partner: string, base: TrustMaker): TrustMaker {
  const kind = dice.next();
  const deny = {
    Sid: 'Fence',
    Effect: 'Deny',
    Principal: { AWS: '*' },
    Action: 'sts:AssumeRole',
    Condition:
      kind < 0.4
        ? { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }
        : kind < 0.7
          ? { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }
          : { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } },
  };
  const team = dice.pick(['deploy', 'audit', 'backup']);
  const pattern = {
    ...assume({ AWS: '*' }),
    Condition: { ArnLike: { 'aws:PrincipalArn': `arn:aws:iam::${partner}:role/${team}-*` } },
  };
  return (account) => {
    const { Version, Statement } = base(account);
    return { Version, Statement: [...Statement, pattern, deny] };
  };
}

function ofOne(statement: (account: string) => object): TrustMaker {
  return (account) => ({ Version: '2012-10-17', Statement: [statement(account)] });
}

function assume(principal: object): object {
  return { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
}

function federated(provider: string, equal: Readonly<Record<string, string>>): object {
  return {
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: { StringEquals: equal },
  };
}

const CLUSTERS = ['4F1C9D20B7A3E85610D2C4B6A8F09E13', '9A07E6D5C4B3A2918F0E1D2C3B4A5968'];
