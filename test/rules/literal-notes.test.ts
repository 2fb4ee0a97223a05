import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LITERAL_NOTE_SENTENCES, literalNotes } from '../../src/rules/d9-aws-iam-99/literal-notes.ts';
import { literalReading } from '../../src/rules/d9-aws-iam-99/rule.ts';
import { OWN, TRUST_CASES } from './trust-cases.ts';

describe('why the literal reading differs', () => {
  it.each(TRUST_CASES)('$id $what', ({ policy, literal, intent, note }) => {
    const notes = literalNotes(policy, OWN, literal, intent);
    if (literal === intent) expect(notes).toEqual([]);
    else if (note === undefined) throw new Error('a case that differs names its note');
    else expect(notes).toContain(note);
  });

  it('gives the generic note only when no other applies', () => {
    for (const { policy, literal, intent } of TRUST_CASES) {
      expect(literalNotes(policy, OWN, literal, intent)).not.toContain('literal-differs');
    }
    expect(literalNotes({ Statement: [] }, OWN, 'not-applicable', 'fail')).toEqual(['literal-differs']);
  });

  it('names one cause where there is one', () => {
    const byId = new Map(TRUST_CASES.map((entry) => [entry.id, entry]));
    const notesOf = (id: string): readonly string[] => {
      const { policy, literal, intent } = byId.get(id)!;
      return literalNotes(policy, OWN, literal, intent);
    };
    expect(notesOf('T05')).toEqual(['literal-list-value']);
    expect(notesOf('T08')).toEqual(['literal-key-case']);
    expect(notesOf('T11')).toEqual(['literal-blind-guard']);
    expect(notesOf('T21')).toEqual(['literal-blind-action']);
    expect(notesOf('T31')).toEqual(['literal-blind-principal']);
    expect(notesOf('T40')).toEqual(['literal-any-statement']);
    expect(notesOf('T56')).toEqual(['literal-any-statement', 'literal-blind-action']);
  });

  it('takes a principal that is no text for one that the rule cannot see', () => {
    const principal = { AWS: { Ref: 'PartnerAccount' } };
    const policy = { Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }] };
    expect(literalReading(policy, OWN)).toBe('not-applicable');
    expect(literalNotes(policy, OWN, 'not-applicable', 'fail')).toEqual(['literal-blind-principal']);
  });

  it('says nothing about errors', () => {
    expect(literalNotes({}, OWN, 'pass', 'error')).toEqual([]);
  });

  it('survives condition values that cannot be turned into text', () => {
    const condition = { Bool: { 'aws:MultiFactorAuthPresent': { toString: 1, valueOf: 2 } } };
    const principal = { AWS: 'arn:aws:iam::444455556666:root' };
    const policy = {
      Statement: { Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', Condition: condition },
    };
    expect(literalReading(policy, OWN)).toBe('fail');
    expect(literalNotes(policy, OWN, 'pass', 'fail')).toEqual(['literal-differs']);
  });

  it('always gives sorted codes that have a sentence, whatever the policy', () => {
    const outcomes = fc.constantFrom('pass', 'fail', 'not-applicable', 'error' as const);
    fc.assert(
      fc.property(fc.jsonValue(), outcomes, (policy, verdict) => {
        const literal = literalReading(policy, OWN);
        const notes = literalNotes(policy, OWN, literal, verdict);
        expect(notes.length > 0).toBe(literal !== verdict && verdict !== 'error');
        expect(notes).toEqual([...new Set(notes)].sort());
        for (const code of notes) expect(LITERAL_NOTE_SENTENCES[code]).toMatch(/^The rule.*\.$/);
      }),
    );
  });
});
