import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeTrustPolicy } from '../../src/formats/shared/trust-policy.ts';

const DUPLICATES = '{"Statement":[{"Effect":"Deny","Effect":"Allow"}]}';
const quoted = (text: string) => JSON.stringify(text);

describe('decodeTrustPolicy', () => {
  it.each([
    ['an object', DUPLICATES, DUPLICATES],
    ['a JSON string', quoted(' {"Statement" : [ ]} '), '{"Statement":[]}'],
    ['a URL-encoded string', quoted(encodeURIComponent(DUPLICATES)), DUPLICATES],
    ['lower-case encoding', quoted('%7b%22Id%22%3a%22x%2by+z%20%22%7d'), '{"Id":"x+y+z "}'],
    ['encoded white space in front', quoted('%0A%20%7B%22a%22%3A1%7D'), '{"a":1}'],
    ['a bare brace with encoded quotes inside a string', quoted('{"a":"%22"}'), '{"a":"%22"}'],
    ['a JSON string of a JSON string', quoted(quoted(DUPLICATES)), DUPLICATES],
    ['a JSON string of a URL-encoded string', quoted(quoted(encodeURIComponent(DUPLICATES))), DUPLICATES],
    ['an encoded JSON string', quoted(encodeURIComponent(quoted(DUPLICATES))), DUPLICATES],
    ['an empty object', '{}', '{}'],
    ['characters beyond ASCII', quoted(encodeURIComponent('{"Sid":"é😀"}')), '{"Sid":"é😀"}'],
  ])('peels %s', (_, field, text) => {
    expect(decodeTrustPolicy(field)).toEqual({ state: 'document', text });
  });

  it.each([undefined, 'null', '""', '"  "', '"null"', quoted('"null"'), quoted(quoted(''))])(
    '%s is missing',
    (field) => {
      expect(decodeTrustPolicy(field)).toEqual({ state: 'missing' });
    },
  );

  it.each([
    ['true', 'it is a boolean instead of an object'],
    ['12', 'it is a number instead of an object'],
    ['[{"Statement":[]}]', 'it is an array instead of an object'],
    [quoted('[]'), 'it is an array instead of an object'],
    [quoted('<URL-encoded-JSON>'), 'it is the placeholder of a documentation example'],
    [quoted('%7B%22a%22%3A%22%E9%22%7D'), 'its URL encoding is not UTF-8'],
    [quoted('{"a":'), 'the JSON ends too early'],
    [quoted('{"Statement":[{"Sid":"cut wi'), 'the JSON ends too early'],
    [quoted('{"a":1,}'), 'expected a member name at character 7'],
    [quoted('{"a":"\\x"}'), 'expected a valid escape sequence at character 5'],
    [quoted("{'a':1}"), 'it is a Python dictionary, with single quotes, and not JSON'],
    [quoted(quoted(quoted(quoted(quoted('{}'))))), 'it is wrapped in more than 4 layers of strings'],
    [quoted(`{"a":${'['.repeat(100)}${']'.repeat(100)}}`), 'nested deeper than 64 levels'],
  ])('%s is undecodable', (field, reason) => {
    // What stands in the place of a policy is damage; a policy that cannot be read to its end is not.
    const damaged = /^(?:it is|PowerShell)/.test(reason) && !reason.includes('layers') && { damaged: true };
    expect(decodeTrustPolicy(field)).toEqual({ state: 'undecodable', reason, ...damaged });
  });

  it('names PowerShell where it wrote a class name in the place of a policy', () => {
    const reason = expect.stringMatching(/^PowerShell .*`-Depth 100`/) as string;
    for (const text of ['System.Object[]', '@{Version=2012-10-17}']) {
      expect(decodeTrustPolicy(quoted(text))).toEqual({ state: 'undecodable', reason, damaged: true });
    }
  });

  it('finds the same document in every wrapping', () => {
    const wrap = fc.constantFrom(
      (text: string) => text,
      (text: string) => encodeURIComponent(text),
      (text: string) => JSON.stringify(text),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
        wrap,
        wrap,
        (policy, outer, inner) => {
          const text = JSON.stringify(policy);
          expect(decodeTrustPolicy(JSON.stringify(outer(inner(text))))).toEqual(
            // Encoding what is already encoded is not a layer that any export adds.
            outer('%') === '%25' && inner('%') === '%25' ? expect.anything() : { state: 'document', text },
          );
        },
      ),
    );
  });
});
