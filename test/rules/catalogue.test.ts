import { describe, expect, it } from 'vitest';
import { compileRule } from '../../src/gsl/compile-rule.ts';
import { RULES } from '../../src/rules/index.ts';

describe('the rule catalogue', () => {
  it('compiles every rule without an error or a warning', () => {
    for (const rule of RULES) {
      const result = compileRule(rule.logic);
      expect(result).toMatchObject({ ok: true, compiled: { warnings: [] } });
    }
  });

  it('has complete metadata, unique ids in order, and https references', () => {
    const ids = RULES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].sort());
    for (const rule of RULES) {
      for (const text of [rule.title, rule.description, rule.logic, ...Object.values(rule.remediation)]) {
        expect(text.trim().length).toBeGreaterThan(20);
      }
      expect(rule.references.length).toBeGreaterThan(0);
      for (const reference of rule.references) expect(new URL(reference).protocol).toBe('https:');
      expect(new Set(rule.complianceFrameworks).size).toBe(rule.complianceFrameworks.length);
      const controls = rule.controls.map(({ framework, id }) => `${framework} ${id}`);
      expect(new Set(controls).size).toBe(controls.length);
      const fits = rule.controls.map(({ fit }) => ['text', 'same rule', 'near'].indexOf(fit));
      expect(fits).toEqual(fits.toSorted());
    }
  });
});
