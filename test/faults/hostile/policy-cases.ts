import {
  bySize,
  GAAD_HEAD,
  GAAD_TAIL,
  type HostileCase,
  OPEN_STATEMENT,
  ROLE_TAIL,
  roleHead,
  type Size,
} from './case.ts';
import { Writing } from './writing.ts';

/** What of a trust policy repeats, with what stands before and after. */
interface Repeated {
  readonly before: string;
  readonly item: (index: number) => string;
  readonly after: string;
}

const CONDITION_BEFORE = `[${OPEN_STATEMENT.slice(0, -1)},"Condition":{`;
const account = (index: number): string => String(200_000_000_000 + index);

/** Trust policies that are larger than IAM would ever keep, each in a role of its own. */
export const POLICY_CASES: readonly HostileCase[] = [
  large(
    'policy-statements',
    '10^5 statements',
    100_000,
    {
      before: '[',
      item: () => OPEN_STATEMENT,
      after: ']',
    },
    { short: 0 },
  ),
  large(
    'policy-principals',
    '100,000 principals',
    100_000,
    {
      before: '[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":[',
      item: (index) => `"arn:aws:iam::${account(index)}:root"`,
      after: ']}}]',
    },
    { exit: 0 },
  ),
  large('policy-arn-patterns', '100,000 ARN patterns', 100_000, {
    before: `[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*","Condition":{"ArnLike":{"aws:PrincipalArn":[`,
    item: (index) => `"arn:aws:iam::${account(index)}:role/*a*${index}*"`,
    after: ']}}}]',
  }),
  large(
    'policy-denies',
    '20,000 Denies',
    20_000,
    {
      before: `[${OPEN_STATEMENT},`,
      item: (index) =>
        `{"Effect":"Deny","Action":"sts:AssumeRole","Principal":"*","Condition":{"StringLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:user/u${index}*"}}}`,
      after: ']',
    },
    { exit: 0 },
  ),
  large(
    'policy-operators',
    '10^5 condition operators, each named twice',
    100_000,
    {
      before: CONDITION_BEFORE,
      item: (index) => `"StringEquals${Math.floor(index / 2)}":{"aws:PrincipalTag/x":"y"}`,
      after: '}}]',
    },
    { short: 0 },
  ),
  large(
    'policy-condition-keys',
    '10^5 condition keys',
    100_000,
    {
      before: `${CONDITION_BEFORE}"StringEquals":{`,
      item: (index) => `"aws:PrincipalTag/key${index}":"value"`,
      after: '}}}]',
    },
    { exit: 0 },
  ),
  large('policy-external-ids', '10^5 external ids with wildcards', 100_000, {
    before: `${CONDITION_BEFORE}"StringLike":{"sts:ExternalId":[`,
    item: (index) => `"*a*${index}*b*"`,
    after: ']}}}]',
  }),
  large(
    'policy-actions',
    '10^5 actions with wildcards',
    100_000,
    {
      before: `[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":[`,
      item: (index) => `"sts:*a*${index}*"`,
      after: ']}]',
    },
    { exit: 0 },
  ),
  large(
    'policy-stars',
    'a pattern of 10^5 stars',
    100_000,
    {
      before: `${CONDITION_BEFORE}"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::444455556666:user/*`,
      item: () => 'a*',
      after: '"}}}]',
    },
    { between: '' },
  ),
  large(
    'policy-variables',
    'a pattern of 10^5 policy variables',
    100_000,
    {
      before: `${CONDITION_BEFORE}"StringLike":{"aws:PrincipalTag/x":"`,
      item: () => `\${aws:username}`,
      after: '"}}}]',
    },
    { between: '' },
  ),
  large('policy-linked-keys', '10^5 condition keys, each tied to the next by a policy variable', 100_000, {
    before: `${CONDITION_BEFORE}"StringEquals":{`,
    item: (index) => `"aws:PrincipalTag/key${index}":"\${aws:PrincipalTag/key${index + 1}}"`,
    after: '}}}]',
  }),
  large('policy-session-tags', '10^5 session tags that a list of tag keys is about', 100_000, {
    before: `${CONDITION_BEFORE}"ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]},"StringEquals":{`,
    item: (index) => `"aws:RequestTag/key${index}":"value"`,
    after: '}}}]',
  }),
  large(
    'policy-dates',
    '10^5 dates',
    100_000,
    {
      before: `${CONDITION_BEFORE}"DateLessThan":{"aws:CurrentTime":[`,
      item: (index) => `"${new Date(1_700_000_000_000 + index * 1_000_000).toISOString()}"`,
      after: ']}}}]',
    },
    { short: 0 },
  ),
  large('policy-addresses', '10^5 ranges of addresses', 100_000, {
    before: `${CONDITION_BEFORE}"NotIpAddress":{"aws:SourceIp":[`,
    item: (index) => `"${(index >> 16) + 1}.${(index >> 8) % 256}.${index % 256}.0/24"`,
    after: ']}}}]',
  }),
  large(
    'policy-sessions',
    '50,000 sessions of one role',
    50_000,
    {
      before: '[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":[',
      item: (index) => `"arn:aws:sts::444455556666:assumed-role/app/session${index}"`,
      after: ']}}]',
    },
    { exit: 0 },
  ),
  large(
    'policy-allows',
    '20,000 Allows, each with a condition key of its own',
    20_000,
    {
      before: '[',
      item: (index) =>
        `${OPEN_STATEMENT.slice(0, -1)},"Condition":{"StringEquals":{"aws:PrincipalTag/key${index}":"value"}}}`,
      after: ']',
    },
    { exit: 0 },
  ),
  large(
    'policy-exceptions',
    '20,000 Denies, each of all but one role',
    20_000,
    {
      before: '[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":"*"},',
      item: (index) =>
        `{"Effect":"Deny","Action":"sts:AssumeRole","NotPrincipal":{"AWS":"arn:aws:iam::444455556666:role/app${index}"}}`,
      after: ']',
    },
    { exit: 0 },
  ),
  {
    name: 'policies-of-a-megabyte',
    what: '900 trust policies of 1 MB, and every report of them',
    write: (folder, size) => {
      const statements = 7_000;
      const out = new Writing(folder, 'large.json').put(GAAD_HEAD);
      const count = bySize(size, 900, 3);
      for (let role = 0; role < count; role++) {
        out.put(`${role === 0 ? '' : ','}${roleHead(`Large${role}`)}{"Version":"2012-10-17","Statement":[`);
        out.list(statements, (index) => `{"Sid":"S${role}x${index}",${OPEN_STATEMENT.slice(1)}`);
        out.put(`]}${ROLE_TAIL}`);
      }
      out.put(GAAD_TAIL).close();
    },
    seconds: 3_600,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 900,
    short: { roles: 3 },
    reports: ['csv', 'html', 'json', 'ndjson', 'sarif', 'ocsf', 'md', 'register', 'xlsx'],
  },
];

function large(
  name: string,
  what: string,
  count: number,
  { before, item, after }: Repeated,
  {
    exit = 3,
    short = exit,
    between = ',',
  }: {
    readonly exit?: 0 | 3;
    readonly short?: 0 | 3;
    readonly between?: string;
  } = {},
): HostileCase {
  return {
    name,
    what: `${what} in a trust policy`,
    write: (folder: string, size: Size) => {
      const out = new Writing(folder, 'policy.json').put(
        `${GAAD_HEAD}${roleHead('Large')}{"Version":"2012-10-17","Statement":${before}`,
      );
      const times = bySize(size, count, Math.ceil(count / 20));
      if (between === ',') out.list(times, item);
      else out.repeat(item(0), times);
      out.put(`${after}}${ROLE_TAIL}${GAAD_TAIL}`).close();
    },
    seconds: 300,
    megabytes: 300,
    exit,
    says: says(exit),
    roles: 1,
    short: { exit: short, says: says(short) },
  };
}

/** A policy that was not judged is never called anything else. */
function says(exit: 0 | 3): RegExp | null {
  return exit === 0 ? null : /could not be decided/;
}
