import { describe, expect, it } from 'vitest';
import { findObject, sketchPrefix } from '../../src/json/sketch.ts';

describe('sketchPrefix', () => {
  it.each([
    ['one line', '{"a":1}\n{"a":2}\n', 3 - 1, true],
    ['no line feed', '{"a":1}', 1, true],
    ['several lines', '{\n"a":1}\n', 1, false],
    ['an array over several lines', '[\n{"a":1},\n{"a":2}\n]', 1, false],
    ['a document that goes on', '{"a":[1,2,', 1, true],
    ['text', 'An error occurred', 0, true],
    ['a bare number', '12', 0, true],
    ['nothing', '', 0, true],
    ['a broken first line', '{"a":\n{"a":2}\n{"a":3}\n', 1, true],
    ['a first line of text', 'hello\n{"a":2}\n{"a":3}\n', 1, true],
  ])('%s', (_, text, documents, lines) => {
    const sketch = sketchPrefix(Buffer.from(text));
    expect(sketch.documents).toHaveLength(documents);
    expect(sketch.lines).toBe(lines);
  });

  it('keeps its size however large the beginning is', () => {
    const wide = `{"list":[${'{"k":"v"},'.repeat(5000)}{}],"deep":${'['.repeat(300)}`;
    const [document] = sketchPrefix(Buffer.from(wide)).documents;
    expect(
      JSON.stringify(document, (_, value) => (value instanceof Map ? [...value] : value)).length,
    ).toBeLessThan(1000);
  });
});

describe('findObject', () => {
  it('looks through members and items down to a depth', () => {
    const [document] = sketchPrefix(Buffer.from('[{"w":{"x":[{"hit":1}]}}]')).documents;
    const hit = (members: ReadonlyMap<string, unknown>) => members.has('hit');
    expect(findObject(document as NonNullable<typeof document>, hit)?.has('hit')).toBe(true);
    expect(findObject(document as NonNullable<typeof document>, hit, 3)).toBeNull();
  });
});
