const EXTERNAL = '444455556666';

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2);
}

function allow(principal: object | string, condition?: object): object {
  const statement = { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

const root = { AWS: `arn:aws:iam::${EXTERNAL}:root` };

/** The account that owns the roles of the examples. */
export const EXAMPLE_ACCOUNT = '111122223333';

/** Policies to start with; every account is made up. */
export const EXAMPLES: readonly { readonly title: string; readonly text: string }[] = [
  { title: 'A whole account, without any condition', text: policy(allow(root)) },
  {
    title: 'A vendor with an external ID',
    text: policy(allow(root, { StringEquals: { 'sts:ExternalId': 'k3Vq8Zt1mWx5Rb7N' } })),
  },
  {
    title: 'MFA that long-term keys slip by',
    text: policy(allow(root, { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } })),
  },
  {
    title: 'Anyone, confined to an organisation',
    text: policy(allow('*', { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' } })),
  },
  { title: 'A service of AWS', text: policy(allow({ Service: 'ec2.amazonaws.com' })) },
];
