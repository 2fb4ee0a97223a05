import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ALL_NOTE_SENTENCES } from '../../src/rules/index.ts';

const DOCUMENT = readFileSync(new URL('../../docs/notes.md', import.meta.url), 'utf8');

describe('docs/notes.md', () => {
  it('says of every note what the reports say, each once, in alphabetical order within its part', () => {
    const rows = [...DOCUMENT.matchAll(/^\| `([a-z-]+)` \| (.+) \|$/gm)].map(([, code, sentence]) => [
      code,
      sentence,
    ]);
    expect(Object.fromEntries(rows)).toEqual(ALL_NOTE_SENTENCES);
    expect(rows).toHaveLength(Object.keys(ALL_NOTE_SENTENCES).length);
    const codes = rows.map(([code]) => code as string);
    const ofPolicy = codes.filter((code) => !code.startsWith('literal-'));
    const ofReading = codes.filter((code) => code.startsWith('literal-'));
    expect(codes).toEqual([...ofPolicy.toSorted(), ...ofReading.toSorted()]);
  });

  it('documents only notes that some source file gives', () => {
    const files = [
      'exposure/analyse',
      'exposure/exposure-notes',
      'model/grading',
      'model/completeness',
      'model/guardrail',
      'rules/d9-aws-iam-99/literal-notes',
    ];
    const sources = files.map((name) =>
      readFileSync(new URL(`../../src/${name}.ts`, import.meta.url), 'utf8'),
    );
    for (const code of Object.keys(ALL_NOTE_SENTENCES)) {
      expect(
        sources.some((text) => text.includes(`'${code}'`)),
        code,
      ).toBe(true);
    }
  });
});
