import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actionCovers } from '../../src/iam/actions.ts';
import { globMatches, parseGlob } from '../../src/iam/glob.ts';
import { type JsonObject, JsonSyntaxError, parseJson, printJson } from '../../src/iam/json.ts';
import { parseAwsPrincipal } from '../../src/iam/principals.ts';
import { parseAddressRange, parseDate, parseNumber, printAddress } from '../../src/iam/values.ts';
import { splitArn } from '../../src/model/arn.ts';

describe('parseJson', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 1, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(JSON.parse(printJson(parseJson(text)))).toEqual(JSON.parse(text));
      }),
    );
  });

  it('rejects what JSON.parse rejects', () => {
    const almost = fc
      .tuple(
        fc.jsonValue().map((value) => JSON.stringify(value)),
        fc.nat(),
        fc.constantFrom('', '"', '{', ']', ',', '\\', '\u0001'),
      )
      .map(
        ([text, at, insert]) =>
          text.slice(0, at % (text.length + 1)) + insert + text.slice((at % (text.length + 1)) + 1),
      );
    fc.assert(
      fc.property(almost, (text) => {
        let expected: unknown;
        try {
          expected = JSON.parse(text);
        } catch {
          expect(() => parseJson(text)).toThrow(JsonSyntaxError);
          return;
        }
        expect(JSON.parse(printJson(parseJson(text)))).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps repeated keys and numbers as written', () => {
    const object = parseJson('{"a":1,"b":{"a":0.10},"a":[1e2]}') as JsonObject;
    expect([...object.repeated]).toEqual(['a']);
    expect(printJson(object)).toBe('{"a":1,"b":{"a":0.10},"a":[1e2]}');
  });

  it('stops at hostile nesting', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow(/nesting/);
  });
});

describe('globMatches', () => {
  it('agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', ':'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', ':', '*', '?'), maxLength: 8 });
    fc.assert(
      fc.property(pattern, text, (glob, value) => {
        const regex = new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's');
        expect(globMatches(parseGlob(glob), value)).toBe(regex.test(value));
      }),
      { numRuns: 3000 },
    );
  });

  it('takes no exponential time', () => {
    expect(globMatches(parseGlob('*a'.repeat(200)), `${'a'.repeat(5000)}b`)).toBe(false);
  });
});

describe('splitArn', () => {
  it.each([
    [
      'arn:aws:iam::222222222222:role/x:111111111111:y/Deploy',
      '222222222222',
      'role/x:111111111111:y/Deploy',
    ],
    ['arn:aws-cn:sts::012345678901:assumed-role/a/b', '012345678901', 'assumed-role/a/b'],
  ])('%s', (text, account, resource) => {
    expect(splitArn(text)).toMatchObject({ account, resource });
  });
  it.each(['', 'arn:aws:iam', 'urn:aws:iam::111122223333:root', '111122223333'])('%s is no ARN', (text) => {
    expect(splitArn(text)).toBeNull();
  });
});

describe('parseAwsPrincipal', () => {
  it.each([
    ['*', 'anyone'],
    ['111122223333', 'account'],
    ['arn:aws:iam::111122223333:root', 'account'],
    ['arn:aws:iam::111122223333:user/a/b', 'user'],
    ['arn:aws:iam::111122223333:role/a/b', 'role'],
    ['arn:aws:sts::111122223333:assumed-role/a/b', 'session'],
    ['arn:aws:sts::111122223333:federated-user/a', 'federated-user'],
    ['AIDAEXAMPLE0000000000', 'stale'],
    ['AROAEXAMPLE0000000000', 'stale'],
    ['arn:aws:iam::111122223333:role/*', 'undefined'],
    ['arn:aws:iam::11112222333:root', 'undefined'],
    ['arn:aws:iam::111122223333:group/a', 'undefined'],
    ['1111-2222-3333', 'undefined'],
  ])('%s is %s', (text, kind) => {
    expect(parseAwsPrincipal(text)?.kind).toBe(kind);
  });
});

describe('actionCovers', () => {
  it.each([
    ['sts:AssumeRole', true],
    ['STS:ASSUMEROLE', true],
    ['*', true],
    ['sts:*', true],
    ['sts:AssumeRol?', true],
    ['sts:Assume*', true],
    ['sts:AssumeRole?', false],
    ['sts:AssumeRoleWith*', false],
    ['sts:TagSession', false],
    ['iam:*', false],
  ])('%s: %s', (entry, covers) => {
    expect(actionCovers(entry, 'sts:AssumeRole')).toBe(covers);
  });
});

describe('typed values', () => {
  it.each([
    ['2026-02-01', 1769904000],
    ['2026-02-01T00:00:00Z', 1769904000],
    ['2026-02-01T01:00:00+01:00', 1769904000],
    ['1769904000', 1769904000],
    ['2026-13-01', null],
    ['yesterday', null],
  ])('date %s', (text, seconds) => {
    expect(parseDate(text)).toBe(seconds);
  });
  it.each([
    ['10', 10],
    ['-1.5', -1.5],
    ['1e3', 1000],
    ['', null],
    ['0x10', null],
  ])('number %s', (text, value) => {
    expect(parseNumber(text)).toBe(value);
  });
  it('reads address ranges', () => {
    const range = parseAddressRange('203.0.113.7/24')!;
    expect([printAddress(32, range.first), printAddress(32, range.last)]).toEqual([
      '203.0.113.0',
      '203.0.113.255',
    ]);
    expect(parseAddressRange('2001:db8::/32')?.bits).toBe(128);
    for (const text of ['300.1.1.1', '1.2.3', '1.2.3.4/33', '::1::', 'x'])
      expect(parseAddressRange(text)).toBeNull();
  });
});
