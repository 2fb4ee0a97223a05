import { expect, it } from 'vitest';
import { excerpt } from '../../src/model/role-arn.ts';

it('what is hidden in a text that a message quotes is told as an escape, each its own', () => {
  expect(excerpt('arn:\taws:\ufffe`')).toBe('arn:\\u0009aws:\\ufffe\\u0060');
  expect(excerpt('arn:\ufffdaws')).not.toBe(excerpt('arn:\taws'));
  expect(excerpt('x'.repeat(101))).toBe(`${'x'.repeat(100)}…`);
});
