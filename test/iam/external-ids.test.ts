import { expect, it } from 'vitest';
import { externalIdsOf } from '../../src/iam/external-ids.ts';
import { allow, deny, EXT, extRoot, OTHER, policy } from '../exposure/cases/index.ts';

const equals = (value: unknown) => ({ StringEquals: { 'sts:ExternalId': value } });

it.each([
  ['one value', policy(allow(extRoot, equals('one'))), [{ value: 'one', accounts: [EXT] }]],
  [
    'a list',
    policy(allow({ AWS: [EXT, OTHER] }, equals(['a1', 'b2']))),
    [
      { value: 'a1', accounts: [EXT, OTHER] },
      { value: 'b2', accounts: [EXT, OTHER] },
    ],
  ],
  ['anybody', policy(allow({ AWS: '*' }, equals('one'))), [{ value: 'one', accounts: [] }]],
  [
    'patterns, negations and Denies',
    policy(
      allow(extRoot, {
        StringLike: { 'sts:ExternalId': 'v-*' },
        StringNotEquals: { 'sts:ExternalId': 'no' },
      }),
      deny('*', equals('no')),
    ),
    [],
  ],
  ['no JSON', 'x', []],
])('externalIdsOf: %s', (_, trust, expected) => {
  expect(externalIdsOf(typeof trust === 'string' ? trust : JSON.stringify(trust))).toEqual(expected);
});
