import type { Dice } from './generate-random.ts';

/** One odd thing about an element. */
interface Oddity {
  /** The code by which the program rejects such a role; null where it must take it. */
  readonly rejected: string | null;
  /** Changes the role's ARN: in every format. */
  readonly arn?: (arn: string) => string;
  /** Changes the element's JSON text, compact or pretty: only in formats where the policy is JSON within JSON. */
  readonly text?: (element: string) => string;
}

/** What is odd in few elements of real exports. A reader that takes short cuts has to see each of them. */
export const ODDITIES = {
  'escaped key': {
    rejected: null,
    text: (element) => element.replace(/"([Aa])rn"/, (_, a: string) => `"\\u00${hex(a)}rn"`),
  },
  'escaped policy': {
    rejected: null,
    text: (element) => inPolicy(element, (policy) => policy.replaceAll('"sts:', '"sts\\u003a')),
  },
  'repeated detail': {
    rejected: null,
    text: (element) =>
      element.replace(/"(?:RoleName|role_name)": ?"[^"]*"/, (member) => `${member},${member}`),
  },
  'repeated id': {
    rejected: 'field-repeated',
    text: (element) => element.replace(/"(?:RoleId|role_id)": ?"[^"]*"/, (member) => `${member},${member}`),
  },
  'repeated key in the policy': {
    rejected: null,
    text: (element) =>
      inPolicy(element, (policy) => policy.replace(/"Effect": ?"\w+"/, (member) => `${member},${member}`)),
  },
  'policy in a string': {
    rejected: null,
    text: (element) => inPolicy(element, (policy) => JSON.stringify(JSON.stringify(JSON.parse(policy)))),
  },
  'deep value': {
    rejected: null,
    text: (element) => element.replace(/^(\s*)\{/, `$1{"Deep":${'['.repeat(200)}${']'.repeat(200)},`),
  },
  'ARN with signs': { rejected: null, arn: (arn) => arn.replace(/:role\/.*\/|:role\//, ':role/a!b/c;d=e/') },
  'ARN of a short account': {
    rejected: 'arn-invalid',
    arn: (arn) => arn.replace(/::\d(\d+):/, '::$1:'),
  },
} as const satisfies Readonly<Record<string, Oddity>>;

export type OddKind = keyof typeof ODDITIES;

const KINDS = Object.keys(ODDITIES) as readonly OddKind[];

export function pickOddity(dice: Dice): OddKind {
  return dice.pick(KINDS);
}

/** The ARN that a role of this kind is written with. */
export function oddArn(kind: OddKind | null, arn: string): string {
  const oddity: Oddity | null = kind === null ? null : ODDITIES[kind];
  return oddity?.arn?.(arn) ?? arn;
}

/** The element's text as a role of this kind is written. */
export function oddText(kind: OddKind | null, element: string): string {
  const oddity: Oddity | null = kind === null ? null : ODDITIES[kind];
  return oddity?.text?.(element) ?? element;
}

/** The trust policy within an element, told by its braces: generated texts hold none in strings. */
function inPolicy(element: string, change: (policy: string) => string): string {
  const key = /"(?:AssumeRolePolicyDocument|assume_role_policy_document)": ?\{/.exec(element);
  if (key === null) throw new Error('the element holds no trust policy');
  const from = key.index + key[0].length - 1;
  let end = from;
  let open = 0;
  do {
    if (element[end] === '{') open++;
    if (element[end] === '}') open--;
    end++;
  } while (open > 0);
  return element.slice(0, from) + change(element.slice(from, end)) + element.slice(end);
}

function hex(character: string): string {
  return character.charCodeAt(0).toString(16);
}
