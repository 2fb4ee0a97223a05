import { expect, it } from 'vitest';
import { compileOwn } from '../../src/gsl/assemble.ts';
import { compileRule } from '../../src/gsl/compile-rule.ts';

const RULE = "IamRole where name like '%admin%' should have tags contain [ key regexMatch /^owner$/i ]";

it('says of an entity what a rule says that was checked before', () => {
  const own = compileOwn(RULE);
  const checked = compileRule(RULE);
  if (!checked.ok) throw new Error(checked.errors[0]?.message);
  expect(own.entityType).toBe('IamRole');
  for (const entity of [
    { name: 'an-Admin', tags: [{ key: 'Owner' }] },
    { name: 'an-admin', tags: [{ key: 'owners' }] },
    { name: 'reader', tags: [] },
    null,
  ]) {
    expect(own.evaluate(entity, { asOf: 0 })).toBe(checked.compiled.evaluate(entity, { asOf: 0 }));
  }
  expect(own.evaluate({ name: 'an-admin', tags: [{ key: 'owners' }] }, { asOf: 0 })).toBe('non-compliant');
});

it('throws for a text that is no rule, or that the checker would have refused', () => {
  expect(() => compileOwn('IamRole should')).toThrow(/a rule of the program cannot be read/);
  expect(() => compileOwn('IamRole should have name regexMatch /(/')).toThrow(/was not checked/);
});
