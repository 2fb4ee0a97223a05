import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VerdictObject } from '../../src/model/verdict.ts';
import { findingFingerprint, roleFingerprint } from '../../src/report/shared/fingerprint.ts';
import { makePath, makeVerdict } from './sample-source.ts';

const verdict = makeVerdict();
const { object } = verdict;
/** The verdict with changes to its object; a role id in it is the one that the role was first known by. */
const changed = (changes: Partial<VerdictObject>) => ({
  object: { ...object, ...changes },
  knownAs: changes.roleId ?? verdict.knownAs,
});
const other = makePath({ principal: '999988887777', account: '999988887777' });

describe('the fingerprint of a finding', () => {
  it('never changes for the same finding: whoever changes it gives it a new version', () => {
    expect(findingFingerprint(verdict)).toBe(
      'b3929fcf8942b9300694d510354286dc9e02a87e48e39cadf918466bbf459622',
    );
    expect(roleFingerprint(verdict)).toBe('c2ff2d61fb6d797b928ef6169f3d9aaee9814af35975170c3117afd033c0a1b1');
  });

  it.each<[string, Partial<VerdictObject>]>([
    ['the wording', { message: 'other words', reason: 'other-code', notes: ['a-note'] }],
    [
      'the grading',
      { severity: 'low', paths: [makePath({ statement: 1, relation: 'unknown', accountName: null })] },
    ],
    ['the place of the statement', { paths: [makePath({ statement: 7, sid: 'Moved' })] }],
    ['a principal named twice', { paths: [makePath(), makePath({ statement: 2 })] }],
    ['a guarded way beside it', { paths: [makePath(), { ...other, guards: ['mfa'] }] }],
    ['the evidence', { evidence: { ...object.evidence, source: 'other.json', offset: 1 } }],
    ['the history', { state: 'new', firstSeen: '2020-01-01T00:00:00Z', suppressedBy: 'EX' }],
  ])('outlives %s', (_, changes) => {
    expect(findingFingerprint(changed(changes))).toBe(findingFingerprint(verdict));
  });

  it.each<[string, Partial<VerdictObject>]>([
    ['another rule', { rule: 'X.1' }],
    ['another account', { account: '222233334444' }],
    ['another role', { arn: `${object.arn}2` }],
    ['a role made again under the same name', { roleId: 'AROAEXAMPLE9999999999' }],
    ['another principal', { paths: [makePath({ principal: '444455556666' })] }],
    ['a further way in', { paths: [...object.paths, other] }],
  ])('is another for %s', (_, changes) => {
    expect(findingFingerprint(changed(changes))).not.toBe(findingFingerprint(verdict));
  });

  it('keeps the id that the role was first known by, whatever id is known now', () => {
    const later = { object: { ...object, roleId: '' }, knownAs: verdict.knownAs };
    expect(findingFingerprint(later)).toBe(findingFingerprint(verdict));
    expect(roleFingerprint(later)).toBe(roleFingerprint(verdict));
    const nameless = { object, knownAs: '' };
    expect(findingFingerprint(nameless)).toBe(findingFingerprint(changed({ roleId: '' })));
    expect(roleFingerprint(nameless)).not.toBe(roleFingerprint(verdict));
  });

  it('does not depend on the order of paths', () => {
    const path = fc.record({ principal: fc.string(), account: fc.string() }).map((keys) => makePath(keys));
    fc.assert(
      fc.property(fc.array(path), fc.gen(), (paths, gen) => {
        const shuffled = gen(fc.shuffledSubarray, paths, { minLength: paths.length });
        expect(findingFingerprint(changed({ paths: shuffled }))).toBe(findingFingerprint(changed({ paths })));
      }),
    );
  });

  it('leaves the fingerprint of the role alone when ways in change', () => {
    expect(roleFingerprint(changed({ paths: [] }))).toBe(roleFingerprint(verdict));
  });
});
