import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENTITY_SHAPES } from '../../src/gsl/entities/shapes.ts';
import { FUNCTIONS, UNSUPPORTED_FUNCTIONS } from '../../src/gsl/functions.ts';
import { SWITCHES } from '../../src/gsl/switches.ts';

const page = readFileSync(new URL('../../docs/gsl.md', import.meta.url), 'utf8');

describe('docs/gsl.md', () => {
  it.each(SWITCHES)('has the row of switch $name as the code has it', ({ name, values, description }) => {
    expect(page).toContain(`| \`${name}\` | ${values.join(', ')} | ${description} |`);
  });

  it('has no other switches', () => {
    const table = page.slice(page.indexOf('## Switches'), page.indexOf('## Entities'));
    expect(table.match(/^\| `/gm)).toHaveLength(SWITCHES.length);
  });

  it('names every function and entity', () => {
    for (const { name } of FUNCTIONS) expect(page).toContain(`| \`${name}(`);
    for (const name of UNSUPPORTED_FUNCTIONS) expect(page).toContain(`\`${name}\``);
    for (const name of ENTITY_SHAPES.keys()) expect(page).toContain(`\`${name}\``);
  });

  it('names every diagnostic', () => {
    const source = readFileSync(new URL('../../src/gsl/diagnostics.ts', import.meta.url), 'utf8');
    const codes = [...source.matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    for (const code of codes) expect(page).toContain(`| \`${code}\` |`);
  });
});
