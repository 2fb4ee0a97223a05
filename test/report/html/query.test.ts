import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FILTER_KEYS,
  parseQuery,
  tokenText,
  tokenValue,
  withToken,
} from '../../../src/report/html/shared/query.ts';

describe('parseQuery', () => {
  it.each([
    ['', []],
    ['  word ', [[null, ['word'], false]]],
    [
      'verdict:fail acct:1111',
      [
        ['verdict', ['fail'], false],
        ['acct', ['1111'], false],
      ],
    ],
    [
      'account:1 SEV:High',
      [
        ['acct', ['1'], false],
        ['severity', ['high'], false],
      ],
    ],
    ['relation:third-party,any', [['relation', ['third-party', 'any'], false]]],
    ['!state:new', [['state', ['new'], true]]],
    ['"Two Words"', [[null, ['two words'], false]]],
    [
      'acct:"log archive",22 x',
      [
        ['acct', ['log archive', '22'], false],
        [null, ['x'], false],
      ],
    ],
    ['verdict:', []],
    ['verdict:,', []],
    ['arn:aws:iam::1:role/x', [[null, ['arn:aws:iam::1:role/x'], false]]],
    ['"verdict:fail"', [[null, ['verdict:fail'], false]]],
    ['!', [[null, ['!'], false]]],
    ['"open', [[null, ['open'], false]]],
    ['constructor:x', [[null, ['constructor:x'], false]]],
    ['__proto__:x', [[null, ['__proto__:x'], false]]],
  ] as const)('reads %j', (query, expected) => {
    expect(parseQuery(query).map(({ key, values, negated }) => [key, values, negated])).toEqual(expected);
  });

  it('never throws, and keeps every token as written', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (query) => {
        for (const { raw } of parseQuery(query)) expect(query).toContain(raw);
      }),
    );
  });
});

describe('the tokens in docs/reports.md', () => {
  it('are those of the page', () => {
    const docs = readFileSync(new URL('../../../docs/reports.md', import.meta.url), 'utf8');
    const table = docs.slice(docs.indexOf('| token |'), docs.indexOf('\n\n', docs.indexOf('| token |')));
    const documented = [...table.matchAll(/`([a-z]+):/g)].map(([, key]) => key);
    expect([...new Set(documented)].sort()).toEqual([...FILTER_KEYS].sort());
  });
});

describe('withToken', () => {
  it('replaces what is asked of a key and leaves the rest', () => {
    expect(withToken('verdict:fail,error "a b" acct:1', 'verdict', 'pass')).toBe('"a b" acct:1 verdict:pass');
    expect(withToken('verdict:fail sev:high severity:low', 'severity', '')).toBe('verdict:fail');
  });

  it('is read back as it was set', () => {
    const value = fc.string({ minLength: 1 }).filter((text) => !/[",]/.test(text) && text.trim() === text);
    fc.assert(
      fc.property(fc.constantFrom(...FILTER_KEYS), value, (key, text) => {
        expect(tokenValue(withToken('x y:z', key, text), key)).toBe(text.toLowerCase());
        expect(parseQuery(tokenText(key, text))).toHaveLength(1);
      }),
    );
  });

  it('asks for one text, whatever stands in it', () => {
    expect(parseQuery(tokenText('exception', 'EX 1, and 2'))[0]?.values).toEqual(['ex 1, and 2']);
    expect(withToken('', 'verdict', 'fail,error')).toBe('verdict:fail,error');
  });

  it('tells plain questions from others', () => {
    expect(tokenValue('state:new', 'state')).toBe('new');
    expect(tokenValue('state:new,changed', 'state')).toBe('new,changed');
    expect(tokenValue('', 'state')).toBe('');
    expect(tokenValue('!state:new', 'state')).toBeNull();
    expect(tokenValue('state:new state:changed', 'state')).toBeNull();
  });
});
