import { expect, it } from 'vitest';
import { impactOf } from '../../src/impact/impact.ts';
import type { Impact } from '../../src/model/role-detail.ts';
import { ACCOUNT, allow, deny, NOTHING_SHOWN, policy, ROLE } from './cases.ts';

function impactOfText(text: string): Impact {
  return impactOf({ ...NOTHING_SHOWN, inline: [{ name: 'x', document: text }] }, ROLE, () => null);
}

const STARS = '*a'.repeat(5000);
const HOSTILE: Readonly<Record<string, string>> = {
  'thousands of statements': policy(
    ...Array.from({ length: 20_000 }, (_, at) => allow(`iam:*${at}*`, `arn:aws:iam::*:role/*${at}*`)),
  ),
  'thousands of actions in one': policy(allow(Array.from({ length: 20_000 }, (_, at) => `iam:*a*${at}*b*`))),
  'a long glob as action': policy(allow(`iam:${STARS}`)),
  'a long glob as resource': policy(allow('*', `arn:aws:iam::${STARS}`)),
  'thousands of long resources': policy(
    deny(
      '*',
      Array.from({ length: 500 }, (_, at) => `arn:aws:iam::${ACCOUNT}:*${at}${STARS}`),
    ),
    allow('*'),
  ),
  'thousands of Denies, none of which takes back the last Allow': policy(
    ...Array.from({ length: 2000 }, (_, at) => deny([`s3:*a*${at}`, `sqs:*${at}*`], `arn:aws:s3:::*${at}*`)),
    ...Array.from({ length: 2000 }, (_, at) => allow(`s3:a${at}`, `arn:aws:s3:::${at}`)),
    allow('s3:GetObject'),
  ),
  'an action of a million characters': policy(allow(`iam:${'a'.repeat(1_000_000)}`)),
  'variables, one in the other': policy(allow('*', `arn:${'${'.repeat(20_000)}`)),
  'values of a million characters': policy(
    allow('*', '*', { StringLike: { 'iam:PassedToService': STARS.repeat(50) } }),
  ),
  'deep nesting': `{"Statement":${'['.repeat(10_000)}`,
};

it.each(Object.entries(HOSTILE))('%s end, with nothing claimed that is not shown', (_, text) => {
  const { privileges } = impactOfText(text);
  expect(['unknown', 'limited']).toContain(privileges);
});

it('says when the policies ask for too much', () => {
  expect(impactOfText(HOSTILE['thousands of long resources'] ?? '')).toMatchObject({
    privileges: 'unknown',
    why: 'Its policies ask for more comparisons than are made for one role.',
  });
});

it('counts work the same way every time', () => {
  const text = policy(
    allow('*'),
    ...Array.from({ length: 1000 }, (_, at) => deny('s3:*', `arn:aws:s3:::b${at}/*`)),
  );
  expect(impactOfText(text)).toEqual(impactOfText(text));
  expect(impactOfText(text).privileges).toBe('can-become-administrator');
});
