import { describe, expect, it } from 'vitest';
import { accountsNamedIn } from '../../../../src/history/report/third-parties/named-accounts.ts';
import { NOBODY_NAMED } from '../../../../src/model/third-party.ts';

const OWNER = '111122223333';
const VENDOR = '444455556666';

function policy(...statements: readonly object[]): string {
  return JSON.stringify({ Statement: statements.map((one) => ({ Effect: 'Allow', ...one })) });
}

describe('the accounts that an undecided trust policy names', () => {
  it.each<[what: string, text: string | null, named: readonly string[]]>([
    ['no text', null, [NOBODY_NAMED]],
    ['no JSON', '{"Statement":', [NOBODY_NAMED]],
    ['nobody', policy(), [NOBODY_NAMED]],
    ['the owner alone', policy({ Principal: { AWS: OWNER } }), [NOBODY_NAMED]],
    ['a service alone', policy({ Principal: { Service: 'ec2.amazonaws.com' } }), [NOBODY_NAMED]],
    ['an id', policy({ Principal: { AWS: VENDOR } }), [VENDOR]],
    [
      'ARNs of every kind, and the owner',
      policy({
        Principal: {
          AWS: [
            `arn:aws:iam::${VENDOR}:role/r`,
            `arn:aws:sts::555566667777:assumed-role/r/s`,
            `arn:aws:iam::${OWNER}:root`,
          ],
        },
      }),
      [VENDOR, '555566667777'],
    ],
    ['anyone', policy({ Principal: '*' }, { Principal: { AWS: VENDOR } }), ['*', VENDOR]],
    ['all but one', policy({ NotPrincipal: { AWS: VENDOR } }), ['*']],
    ['an ARN with a wildcard account', policy({ Principal: { AWS: 'arn:aws:iam::*:root' } }), ['*']],
    [
      'an ARN with a wildcard name',
      policy({ Principal: { AWS: `arn:aws:iam::${VENDOR}:role/*` } }),
      [VENDOR],
    ],
    ['what may be anybody', policy({ Principal: { AWS: 'someone' } }), [NOBODY_NAMED]],
    ['whom a Deny names', policy({ Effect: 'Deny', Principal: { AWS: VENDOR } }), [NOBODY_NAMED]],
    ['an effect that is misspelt', policy({ Effect: 'allow', Principal: { AWS: VENDOR } }), [VENDOR]],
    [
      'the hidden one of two members',
      `{"Statement":{"Effect":"Allow","Principal":{"AWS":"${VENDOR}","AWS":"555566667777"}}}`,
      [VENDOR, '555566667777'],
    ],
  ])('%s', (_, text, named) => {
    expect([...accountsNamedIn(text, OWNER)].sort()).toEqual([...named].sort());
  });
});
