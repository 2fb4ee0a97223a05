import { vendorAccount } from './organisation.mjs';

/** A trust policy of one or more statements. */
export function policy(...statements) {
  return { Version: '2012-10-17', Statement: statements };
}

/** One allowing statement; `more` adds or replaces members. */
export function allow(principal, condition, more = {}) {
  return statement('Allow', principal, condition, more);
}

export function deny(principal, condition, more = {}) {
  return statement('Deny', principal, condition, more);
}

function statement(effect, principal, condition, { Sid, ...more }) {
  return {
    ...(Sid === undefined ? {} : { Sid }),
    Effect: effect,
    Principal: principal,
    Action: 'sts:AssumeRole',
    ...(condition === undefined ? {} : { Condition: condition }),
    ...more,
  };
}

export function account(id) {
  return { AWS: `arn:aws:iam::${id}:root` };
}

export function vendor(name) {
  return account(vendorAccount(name));
}

export function role(id, name) {
  return { AWS: `arn:aws:iam::${id}:role/${name}` };
}

export function service(...names) {
  const hosts = names.map((name) => `${name}.amazonaws.com`);
  return policy(allow({ Service: hosts.length === 1 ? hosts[0] : hosts }));
}

export function externalId(value) {
  return { StringEquals: { 'sts:ExternalId': value } };
}

export const MFA = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } };

/** A single sign-on role: people of the directory, by SAML. */
export function singleSignOn(owner, instance) {
  return policy(
    allow(
      { Federated: `arn:aws:iam::${owner}:saml-provider/AWSSSO_${instance}_DO_NOT_DELETE` },
      { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
      { Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'] },
    ),
  );
}

/** A Kubernetes service account on EKS. */
export function serviceAccount(owner, cluster, namespace, name) {
  const issuer = `oidc.eks.eu-west-1.amazonaws.com/id/${cluster}`;
  return policy(
    allow(
      { Federated: `arn:aws:iam::${owner}:oidc-provider/${issuer}` },
      {
        StringEquals: {
          [`${issuer}:aud`]: 'sts.amazonaws.com',
          [`${issuer}:sub`]: `system:serviceaccount:${namespace}:${name}`,
        },
      },
      { Action: 'sts:AssumeRoleWithWebIdentity' },
    ),
  );
}

/** A pipeline on GitHub Actions. */
export function workflow(owner, repository) {
  const issuer = 'token.actions.githubusercontent.com';
  return policy(
    allow(
      { Federated: `arn:aws:iam::${owner}:oidc-provider/${issuer}` },
      {
        StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com' },
        StringLike: { [`${issuer}:sub`]: `repo:harbourlight-example/${repository}:ref:refs/heads/main` },
      },
      { Action: 'sts:AssumeRoleWithWebIdentity' },
    ),
  );
}

/** What the export shows in place of a policy, as it is: text that cannot be decoded, or that no JSON tool would keep. */
export function verbatim(text) {
  return { verbatim: text };
}

/** URL encoding of RFC 3986, as the IAM API returns policies; encodeURIComponent leaves five characters alone. */
export function urlEncode(text) {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
