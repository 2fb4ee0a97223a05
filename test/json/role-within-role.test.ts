import { describe, expect, it } from 'vitest';
import type { JsonElement, JsonEvent, ReadPlan } from '../../src/json/reader.ts';
import { readBoth } from './fast/compare.ts';

const TRUST = 'AssumeRolePolicyDocument';
const PLAN: ReadPlan = {
  sources: [
    {
      at: ['roles'],
      shape: 'list',
      fields: [['Arn'], [TRUST], ['Tags'], ['configuration', 'assumeRolePolicyDocument']],
    },
  ],
  facts: [],
  framing: 'stream',
};
const ROLE = `{"Arn":"b","${TRUST}":{}}`;

function isFlagged(events: readonly unknown[]): boolean {
  const elements = (events as readonly JsonEvent[]).filter(
    (event): event is JsonElement => event.kind === 'element',
  );
  expect(elements.map(({ fields }) => fields.get('Arn'))).toEqual(['"a"', '"c"']);
  expect(elements[1]?.holdsRole).toBe(undefined);
  return elements[0]?.holdsRole === true;
}

/** By both readers, wherever the bytes are cut. */
function expectFlag(member: string, flagged: boolean): void {
  const bytes = Buffer.from(`{"roles":[{"Arn":"a","${TRUST}":{},${member},"x":0},{"Arn":"c","y":[{}]}]}`);
  for (let cut = 0; cut < bytes.length; cut++) {
    const { fast, inPlace, reference } = readBoth(PLAN, bytes, [cut]);
    expect([cut, isFlagged(fast), isFlagged(inPlace), isFlagged(reference)]).toEqual([
      ...[cut, flagged, flagged, flagged],
    ]);
  }
}

describe('a role within a role', () => {
  it.each([
    ['in a list that is skipped', `"RolePolicyList":[{"PolicyName":"p"},${ROLE}]`],
    ['in a list that is handed out', `"Tags":[{"Key":"k"},${ROLE}]`],
    ['in an object', `"RoleLastUsed":${ROLE}`],
    ['with more of it in front', `"RoleLastUsed":{"Region":"r","more":[1,{"deep":[[]]}],"${TRUST}":{}}`],
    ['in another spelling', '"Tags":[{"assumeRolePolicyDocument":"%7B%7D"}]'],
    ['in a configuration that is looked into', `"configuration":{"tags":[${ROLE}]}`],
    ['deeper than an instance profile', `"RolePolicyList":[{"a":[{"b":${ROLE}}]}]`],
    ['under a key with escapes', '"Tags":[{"\\u0041ssumeRolePolicyDocumen\\u0074":{}}]'],
  ])('is told: %s', (_, member) => expectFlag(member, true));

  it.each([
    ['the role of an instance profile', `"InstanceProfileList":[{"Arn":"i","Roles":[${ROLE}]}]`],
    ['a profile by itself', `"InstanceProfile":{"Roles":[${ROLE}]}`],
    ['the key of the element', '"Path":"/"'],
    ['a key that is looked into', '"configuration":{"assumeRolePolicyDocument":{}}'],
    ['another key', `"Tags":[{"${TRUST}s":1,"x${TRUST.slice(1)}":2,"${TRUST}\\u0020":3}]`],
    ['a string', `"Tags":["${TRUST}",{"Key":"${TRUST}"}]`],
  ])('is not told of %s', (_, member) => expectFlag(member, false));
});
