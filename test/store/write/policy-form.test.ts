import { describe, expect, it } from 'vitest';
import { formOf } from '../../../src/store/schema/policy-form.ts';

const POLICY =
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":["arn:aws:iam::444455556666:root"]},"Action":"sts:AssumeRole"}]}';

describe('formOf', () => {
  it.each([
    [
      'keys in another order, lists of one element or the element itself',
      '{"Statement":{"Action":["sts:AssumeRole"],"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"}},"Version":"2012-10-17"}',
    ],
    ['characters written as escapes', POLICY.replace('arn:', '\\u0061rn:')],
  ])('%s make no difference', (_what, other) => {
    expect(formOf(other)).toBe(formOf(POLICY));
    expect(formOf(other)).not.toBe('');
  });

  it.each([
    ['another value', POLICY.replace('444455556666', '444455556667')],
    ['another key', POLICY.replace('Principal', 'NotPrincipal')],
    ['another statement', POLICY.replace('}]}', '},{"Effect":"Deny"}]}')],
    ['the order of a list', '{"a":["x","y"]}'],
  ])('%s does', (_what, other) => {
    expect(formOf(other)).not.toBe(formOf(POLICY));
    expect(formOf('{"a":["y","x"]}')).not.toBe(formOf('{"a":["x","y"]}'));
    expect(formOf('{"a":[["x"]]}')).not.toBe(formOf('{"a":{"x":1}}'));
  });

  it.each([
    ['{"a":1,"a":2}'],
    ['{"a":{"b":1,"b":1}}'],
    ['[1]'],
    ['"a"'],
    ['{}'],
    [''],
    ['{"a":'],
    ['{"__proto__":1,"__proto__":2}'],
  ])('%s has no form', (text) => {
    expect(formOf(text)).toBe('');
  });

  it('keeps what looks like a key within a text', () => {
    expect(formOf('{"a":"\\"b\\":1"}')).not.toBe('');
    expect(formOf('{"__proto__":{"b":1}}')).not.toBe(formOf('{"__proto__":{"b":2}}'));
  });
});
