import type { Dice } from '../../../bench/generate-random.ts';
import { type Edit, edit } from '../edits.ts';
import { everyPlace, type MemberPlace, type Place } from '../json-places.ts';

const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},"Action":"sts:AssumeRole"}]}';
const DEEP = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** Values of other types, hostile texts, numbers at their limits, policies in every wrapping. */
const VALUES = [
  ...['null', 'true', 'false', '0', '-1', '1e400', '-0.0', '12345678901234567890', '[]', '{}', '""', '"x"'],
  ...[
    '"\\u0000"',
    '"\\ud800"',
    '"\\ufeff"',
    '"</script>"',
    '"=1+1"',
    '"\\u202e\\u2028"',
    '"%7B"',
    '"%E9"',
    '"%"',
  ],
  ...['[null]', '[[]]', '{"":{}}', '{"__proto__":{"a":1}}', '{"constructor":1}', '{"AWS":"*"}', '"*"'],
  ...[
    '"111122223333"',
    '"arn:aws:iam::111122223333:role/x"',
    '"arn:aws:iam::12:role/x"',
    '"2026-13-45T99:99:99Z"',
  ],
  ...[
    DEEP(40),
    DEEP(511),
    DEEP(513),
    DEEP(3000),
    `{"a":${DEEP(300)}}`,
    '9'.repeat(400),
    `"${'a'.repeat(70_000)}"`,
  ],
  ...[
    POLICY,
    JSON.stringify(POLICY),
    JSON.stringify(JSON.stringify(POLICY)),
    `"${encodeURIComponent(POLICY)}"`,
  ],
  ...[JSON.stringify(POLICY.slice(0, -3)), `"${encodeURIComponent(POLICY).slice(0, -4)}"`, `[${POLICY}]`],
] as const;

const KEYS = [
  ...[
    'RoleDetailList',
    'Roles',
    'Arn',
    'arn',
    'ARN',
    'RoleId',
    'RoleName',
    'AssumeRolePolicyDocument',
    'Policies',
  ],
  ...[
    'assume_role_policy_document',
    'configurationItems',
    'configuration',
    'Results',
    'IsTruncated',
    'Marker',
  ],
  ...[
    'NextToken',
    'Statement',
    'Principal',
    'Effect',
    'Condition',
    'account_id',
    '_cq_sync_time',
    'resources',
  ],
  ...[
    '',
    '__proto__',
    'constructor',
    'toString',
    'a/b',
    'a~1b',
    '0',
    '111122223333',
    'é',
    '\u0000',
    'x'.repeat(300),
  ],
] as const;

/** One to three changes of the structure; all but a few leave the text well-formed. */
export function mutateJson(bytes: Buffer, documents: readonly Place[], dice: Dice): readonly Edit[] {
  const { values, members } = everyPlace(dice.pick(documents));
  const edits: Edit[] = [];
  for (let left = dice.pick([1, 1, 1, 2, 3]); left > 0; left--) {
    edits.push(
      ...(members.length > 0 && dice.chance(0.5)
        ? ofMember(bytes, members, dice)
        : ofValue(bytes, values, dice)),
    );
  }
  return edits;
}

function ofMember(bytes: Buffer, members: readonly MemberPlace[], dice: Dice): readonly Edit[] {
  const member = dice.pick(members);
  const text = bytes.subarray(member.from, member.to);
  switch (dice.between(0, 6)) {
    case 0:
      return [without(bytes, member)];
    case 1:
      return [edit(member.to, member.to, Buffer.concat([Buffer.from(','), text]))];
    case 2:
      return [edit(member.key.from, member.key.to, JSON.stringify(otherKey(member.name, dice)))];
    case 3:
      return [edit(member.from, member.from, `${JSON.stringify(member.name)}:${dice.pick(VALUES)},`)];
    case 4:
      return [edit(member.to, member.to, `,${JSON.stringify(dice.pick(KEYS))}:${dice.pick(VALUES)}`)];
    case 5: {
      const escaped = [...member.name].map(
        (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
      );
      return [edit(member.key.from, member.key.to, `"${escaped.join('')}"`)];
    }
    default: {
      const other = dice.pick(members);
      const [first, second] = member.from < other.from ? [member, other] : [other, member];
      if (first.to > second.from) return [];
      return [
        edit(first.from, first.to, bytes.subarray(second.from, second.to)),
        edit(second.from, second.to, bytes.subarray(first.from, first.to)),
      ];
    }
  }
}

function ofValue(bytes: Buffer, values: readonly Place[], dice: Dice): readonly Edit[] {
  const place = dice.pick(values);
  const text = bytes.toString('utf8', place.from, place.to);
  const put = (other: string) => [edit(place.from, place.to, other)];
  switch (dice.between(0, 9)) {
    case 0:
    case 1:
      return put(dice.pick(VALUES));
    case 2:
      return put(JSON.stringify(text));
    case 3:
      return put(`"${encodeURIComponent(text)}"`);
    case 4:
      return put(`[${text}]`);
    case 5:
      return put(`{${JSON.stringify(dice.pick(KEYS))}:${text}}`);
    case 6: {
      const other = dice.pick(values);
      return put(bytes.toString('utf8', other.from, other.to));
    }
    case 7: {
      if (place.items.length === 0) return [];
      const item = dice.pick(place.items);
      const copy = bytes.toString('utf8', item.from, item.to);
      return [
        edit(
          item.to,
          item.to,
          dice.pick([`,${copy}`, ',null', `,${dice.pick(VALUES)}`, ','.repeat(2), ` ${copy}`]),
        ),
      ];
    }
    case 8: {
      if (place.items.length === 0) return [];
      return [without(bytes, dice.pick(place.items))];
    }
    default: {
      if (place.kind !== 'string') return put(`${text} ${text}`);
      const inner = text.slice(1, -1);
      const at = dice.between(0, inner.length);
      return put(
        `"${inner.slice(0, at)}${dice.pick(['\\u0000', '\\n', 'é', '%', '%7D', '*', '\\"', ' ', '\\'])}${inner.slice(at)}"`,
      );
    }
  }
}

/** Without one member or item, and one comma beside it. */
function without(bytes: Buffer, { from, to }: { readonly from: number; readonly to: number }): Edit {
  const blank = (at: number) => ' \n\r\t'.includes(String.fromCharCode(bytes[at] ?? 0x78));
  let end = to;
  while (blank(end)) end++;
  if (bytes[end] === 0x2c) return edit(from, end + 1);
  let start = from - 1;
  while (start > 0 && blank(start)) start--;
  return bytes[start] === 0x2c ? edit(start, to) : edit(from, to);
}

function otherKey(name: string, dice: Dice): string {
  const cases = [name.toLowerCase(), name.toUpperCase(), `${name} `, name.slice(1), `${name}\u0000`];
  return dice.chance(0.5) ? dice.pick(cases) : dice.pick(KEYS);
}
