import { bySize, HOSTILE, type HostileCase, type Size, SOUND, soundExport } from './case.ts';
import { Writing } from './writing.ts';

const MANAGEMENT = '000011112222';
const FULL_ACCESS =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}';

/** A Deny that whoever has a tag escapes. */
const deny = (index: number): string =>
  `{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole","Resource":"*","Condition":{"StringNotEquals":{"aws:PrincipalTag/k${index}":"v"}}}`;

const account = (id: string): string =>
  `{"Id":"${id}","Arn":"arn:aws:organizations::${MANAGEMENT}:account/o-exampleorg1/${id}","Name":"a${id}","Status":"ACTIVE"}`;

const policy = (id: string, content: string, targets: readonly string[]): string =>
  `{"Id":"${id}","Arn":"arn:aws:organizations::${MANAGEMENT}:policy/o-exampleorg1/resource_control_policy/${id}",` +
  `"Name":"${id}","Type":"RESOURCE_CONTROL_POLICY","AwsManaged":${id === 'p-RCPFullAWSAccess'},` +
  `"Content":${JSON.stringify(content)},"targets":[${targets.map(target).join(',')}]}`;

const target = (id: string): string =>
  `{"TargetId":"${id}","Type":"${id.startsWith('r-') ? 'ROOT' : 'ACCOUNT'}"}`;

const content = (count: number, item: (index: number) => string): string =>
  `{"Version":"2012-10-17","Statement":[${Array.from({ length: count }, (_, index) => item(index)).join(',')}]}`;

/** Resource control policies that are larger, or more, than AWS Organizations would ever keep, over an account with an open role. */
export const GUARDRAIL_CASES: readonly HostileCase[] = [
  {
    ...guardrails('guardrail-statements', 'a resource control policy of 10,000 statements', (size) => [
      content(bySize(size, 10_000, 200), deny),
    ]),
    exit: 3,
    says: /longer than any policy/,
    short: { exit: 0, says: null },
  },
  guardrails('guardrail-policies', '10,000 resource control policies for one account', (size) =>
    Array.from({ length: bySize(size, 10_000, 200) }, (_, index) => content(1, () => deny(index))),
  ),
];

function guardrails(name: string, what: string, contents: (size: Size) => readonly string[]): HostileCase {
  return {
    name,
    what: `${what}, and reports of it`,
    write: (folder, size) => {
      new Writing(folder, 'role.json').put(soundExport('Open', HOSTILE)).close();
      new Writing(folder, 'management.json').put(soundExport('Open', MANAGEMENT)).close();
      const made = contents(size);
      const ids = [MANAGEMENT, HOSTILE, SOUND];
      new Writing(folder, 'organization.json')
        .put(
          `{"organization":{"Id":"o-exampleorg1","Arn":"arn:aws:organizations::${MANAGEMENT}:organization/o-exampleorg1","FeatureSet":"ALL",` +
            `"MasterAccountArn":"arn:aws:organizations::${MANAGEMENT}:account/o-exampleorg1/${MANAGEMENT}","MasterAccountId":"${MANAGEMENT}"},` +
            `"roots":[{"Id":"r-ab12","Arn":"arn:aws:organizations::${MANAGEMENT}:root/o-exampleorg1/r-ab12","Name":"Root",` +
            `"PolicyTypes":[{"Type":"RESOURCE_CONTROL_POLICY","Status":"ENABLED"}]}],` +
            `"accounts":[${ids.map(account).join(',')}],"parents":{${ids.map((id) => `"${id}":"r-ab12"`).join(',')}},` +
            `"policies":[${policy('p-RCPFullAWSAccess', FULL_ACCESS, ['r-ab12', ...ids])},`,
        )
        .list(made.length, (index) =>
          policy(`p-hostile${String(index).padStart(5, '0')}`, made[index] ?? '', [HOSTILE]),
        )
        .put(']}')
        .close();
    },
    seconds: 300,
    megabytes: 300,
    exit: 0,
    says: null,
    roles: 1,
    reports: ['json', 'html'],
  };
}
