import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { compileException } from '../../src/history/exceptions/cover.ts';
import { readExceptions } from '../../src/history/exceptions/exception-file.ts';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { exceptionEntry, proposedException } from '../../src/report/shared/exception-entry.ts';
import { HOSTILE } from './hostile-source.ts';
import { makePath, makeVerdict } from './sample-source.ts';

function finding(changes: Partial<VerdictObject> = {}): VerdictObject {
  return makeVerdict(changes).object;
}

/** The entry as somebody fills it in. */
function filledIn(object: VerdictObject): string {
  return exceptionEntry(object)
    .replace('reason: ""', 'reason: "agreed"')
    .replace('expires: ""', 'expires: "2026-12-31"');
}

function cover(entry: VerdictObject, of: VerdictObject): string {
  const { entries, problems } = readExceptions(parse(filledIn(entry)));
  expect(problems).toEqual([]);
  const [only] = entries;
  if (only === undefined) throw new Error('no entry');
  return compileException(only)(of);
}

describe('a proposed exception', () => {
  it('is refused until reason and expires are filled in, and by nothing else', () => {
    const { problems } = readExceptions(parse(exceptionEntry(finding())));
    expect(problems).toEqual([
      expect.stringContaining('key `reason`: it is empty'),
      expect.stringContaining('key `expires`: it is empty'),
    ]);
    expect(readExceptions(parse(filledIn(finding()))).problems).toEqual([]);
    // As JSON, too.
    expect(readExceptions([proposedException(finding())]).problems).toHaveLength(2);
  });

  it('stands below the key `exceptions` as it stands alone', () => {
    const entry = filledIn(finding());
    expect(readExceptions(parse(`exceptions:\n${entry}`))).toEqual(readExceptions(parse(entry)));
    const two = `exceptions:\n${entry}\n${filledIn(finding({ roleName: 'Other' }))}`;
    expect(readExceptions(parse(two)).entries).toHaveLength(2);
  });

  it('covers this finding and no other', () => {
    const own = finding();
    expect(cover(own, own)).toBe('whole');
    expect(cover(own, finding({ roleName: 'Partner2' }))).toBe('none');
    expect(cover(own, finding({ account: '999988887777' }))).toBe('none');
    expect(cover(own, finding({ rule: 'OTHER' }))).toBe('none');
    const more = finding({
      paths: [...own.paths, makePath({ principal: 'arn:aws:iam::999988887777:root' })],
    });
    expect(cover(own, more)).toBe('partly');
    expect(cover(more, more)).toBe('whole');
  });

  it('leaves out who gets in guarded', () => {
    const guarded = makePath({ principal: 'arn:aws:iam::999988887777:root', guards: ['mfa'] });
    const { principal } = proposedException(finding({ paths: [makePath(), guarded] }));
    expect(principal).toEqual(['arn:aws:iam::444455556666:root']);
  });

  it('does not become a pattern by what a policy says', () => {
    const anyone = finding({ paths: [makePath({ principal: '*', account: '*', accountName: null })] });
    expect(cover(anyone, anyone)).toBe('whole');
    expect(cover(anyone, finding())).toBe('none');
    expect(exceptionEntry(anyone)).toContain('`?` is any one character');
    const star = finding({ paths: [makePath({ principal: 'arn:aws:iam::444455556666:role/a*' })] });
    expect(cover(star, star)).toBe('whole');
    expect(
      cover(star, finding({ paths: [makePath({ principal: 'arn:aws:iam::444455556666:role/abc' })] })),
    ).toBe('none');
  });

  it('names the accounts where the principals do not', () => {
    const confined = finding({ paths: [makePath({ principal: '*' })] });
    expect(proposedException(confined).principalAccount).toEqual(['444455556666']);
    expect(cover(confined, confined)).toBe('whole');
    const opened = finding({ paths: [makePath({ principal: '*', account: '*' })] });
    expect(cover(confined, opened)).toBe('none');
  });

  it('speaks of no ways in where the rule does not', () => {
    const further = finding({ rule: 'OWN.1', paths: [] });
    expect(Object.keys(proposedException(further))).not.toContain('principal');
    expect(cover(further, further)).toBe('whole');
  });

  it.each(HOSTILE.filter((text) => !text.includes('\ud800')))('quotes hostile text safely: %j', (text) => {
    const role = `arn:aws:iam::111122223333:role/${text}`;
    const object = finding({
      roleName: text,
      arn: role,
      rule: text,
      paths: [makePath({ principal: text, accountName: text })],
    });
    const entry = filledIn(object);
    expect(entry).not.toMatch(/[^\P{C}\n]|[\p{Zl}\p{Zp}]/u);
    const [read, ...more] = parse(entry) as readonly Record<string, unknown>[];
    expect(more).toEqual([]);
    expect(Object.keys(read ?? {}).sort()).toEqual(
      ['account', 'expires', 'id', 'principal', 'principalAccount', 'reason', 'role', 'rule'].sort(),
    );
    expect(cover(object, object)).toBe('whole');
  });

  it('keeps 200 principals apart, each once', () => {
    const paths = Array.from({ length: 200 }, (_, n) =>
      makePath({ principal: `arn:aws:iam::444455556666:role/r${n % 100}`, statement: n }),
    );
    const many = finding({ paths });
    expect(proposedException(many).principal).toHaveLength(100);
    expect(cover(many, many)).toBe('whole');
  });
});
