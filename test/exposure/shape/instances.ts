import fc from 'fast-check';
import { EXT, OTHER, OWN } from '../cases/index.ts';

/** Values that the judge could take for something else than they are, or for one another. */
export const ACCOUNTS: readonly string[] = [
  OWN,
  EXT,
  OTHER,
  '000000000000',
  '999999999999',
  '123456789012',
  // Those that the judge makes up, and those that stand for others while a shape is judged.
  '909090909090',
  '818181818181',
  '900000000000',
  '312746081359',
  '312747081362',
  '298671350427',
  // Neighbours, so that their order shows.
  '444455556665',
  '444455556667',
];

const EXTERNAL_IDS: readonly string[] = [
  'a',
  'ab',
  'abc1234',
  'abcdefgh',
  '12345678',
  'changeme',
  'example',
  'Elsewhere',
  'someone-else',
  'EXTERNAL_ID',
  'replace-me',
  '__id__',
  '<id>',
  'undefined',
  'redacted',
  'xxxxxx',
  'acme-prod-7',
  'Acme-prod-7',
  'acme-prod-77',
  'a.b.c@deadbeef',
  'ext id',
  'arn:aws:iam::444455556666:root',
  'my-userid-1',
  EXT,
  OWN,
  `x${EXT}y`,
  '4444-5555-6666',
  'Köln-7f3a9c21',
  '\u{1f600}7f3a9c21',
  'Deploy',
  'someuser',
  'Kz4q-xW7v-00-T2mZ-9uRb',
  'kz00q',
  '__kz01q__',
  'true',
  '*',
  'acme-*',
  '${aws:username}',
  '%41bc-7f3a9c21',
  'a"b\\c',
  '__proto__',
  '7f3a9c21'.repeat(30),
];

const NAMES: readonly string[] = [
  'Deploy',
  'deploy',
  'DeployX',
  'ann',
  'someuser',
  'someuserx',
  'somerole',
  'session',
  'root',
  'a',
  'path',
  'xxxxxx',
  'redacted',
  'null',
  'userid',
  'name...',
  EXT,
  'Kz-name-01-q',
  'acme-prod-7',
  'Köln',
  'n'.repeat(64),
  'n'.repeat(65),
];

const SUBJECTS: readonly string[] = [
  'system:serviceaccount:shop:orders',
  'repo:acme/site:*',
  'repo:acme/site:*,repo:acme/shop:*',
  'repo:acme/site:ref:refs/heads/main',
  'system:serviceaccount:x:xxxxxx',
  '*',
  'repo:${name}',
  'userid-1',
  EXT,
];

const SOURCES: readonly string[] = [
  'function:orders',
  'function:Orders',
  'x',
  '*',
  'function:*',
  'function:${aws:username}',
  'function:a,arn:aws:lambda:eu-central-1:111122223333:function:b',
  'function:xxxxxxxx',
  'function:redacted',
  'function:null',
  'role/userid',
  'role/principalarn',
  `function:${EXT}`,
  `user/${OWN}`,
  'root',
  'Köln',
  'kz:kz-source-01-q',
  '7f3a9c21/'.repeat(30),
  '',
];

const word = fc.string({
  unit: fc.constantFrom(...'abcdefghkmnpqrstuvwxyz0123456789-'),
  minLength: 1,
  maxLength: 24,
});
const account = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ACCOUNTS) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 12, maxLength: 12 }),
  },
);

const cluster = fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: 32, maxLength: 32 });

/** What stands in a policy in place of what stood there; each value by the one it replaces. */
export interface Values {
  readonly account: readonly string[];
  readonly externalId: readonly string[];
  readonly name: readonly string[];
  readonly subject: readonly string[];
  readonly cluster: readonly string[];
  readonly source: readonly string[];
}

const several = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc.array(one, { minLength: 4, maxLength: 4 });

export const valuesArbitrary: fc.Arbitrary<Values> = fc.record({
  account: several(account),
  externalId: several(fc.oneof(fc.constantFrom(...EXTERNAL_IDS), fc.uuid(), word)),
  name: several(fc.oneof(fc.constantFrom(...NAMES), word)),
  subject: several(
    fc.oneof(
      fc.constantFrom(...SUBJECTS),
      word.map((text) => `system:serviceaccount:shop:${text}`),
    ),
  ),
  cluster: several(cluster),
  source: several(
    fc.oneof(
      fc.constantFrom(...SOURCES),
      word.map((text) => `function:${text}`),
    ),
  ),
});

/** The policy with these values in the place of its own; what was equal stays so. */
export function instanceOf(policy: string, values: Values): string {
  const inPlaces = (kind: keyof Values): ((old: string) => string) => {
    const known = new Map<string, string>();
    return (old) => {
      const given = known.get(old) ?? values[kind][known.size % values[kind].length] ?? old;
      known.set(old, given);
      return JSON.stringify(given).slice(1, -1);
    };
  };
  const [name, externalId, subject] = [inPlaces('name'), inPlaces('externalId'), inPlaces('subject')];
  const source = inPlaces('source');
  return policy
    .replace(/\d{12}/g, inPlaces('account'))
    .replace(
      /\/id\/([0-9A-F]{32})/g,
      (
        (put) => (_: string, old: string) =>
          `/id/${put(old)}`
      )(inPlaces('cluster')),
    )
    .replace(
      /((?:role|user|saml-provider)\/)([\w+=,.@-]+)(?=")/g,
      (_, start: string, old: string) => start + name(old),
    )
    .replace(
      /("sts:ExternalId":)(\[[^\]]*\]|"[^"]*")/g,
      (_, start: string, list: string) =>
        start + list.replace(/"([^"]*)"/g, (_whole, old: string) => `"${externalId(old)}"`),
    )
    .replace(
      /("aws:SourceArn":"arn:[^:]*:[^:]*:[^:]*:[^:]*:)([^"]*)(?=")/gi,
      (_, start: string, old: string) => start + source(old),
    )
    .replace(
      /(:sub":)(\[[^\]]*\]|"[^"]*")/g,
      (_, start: string, list: string) =>
        start + list.replace(/"([^"]*)"/g, (_whole, old: string) => `"${subject(old)}"`),
    );
}
