import type { ReadPlan } from '../../json/reader.ts';
import type { PrefixSketch, Sketch } from '../../json/sketch.ts';

const folded = new WeakMap<PrefixSketch, PrefixSketch>();

/** A sketch with its keys in small letters: databases write the names of columns in capitals, or without any. */
export function inSmallLetters(sketch: PrefixSketch): PrefixSketch {
  let small = folded.get(sketch);
  if (small === undefined) {
    small = { ...sketch, documents: sketch.documents.map(fold) };
    folded.set(sketch, small);
  }
  return small;
}

function fold(sketch: Sketch): Sketch {
  if (sketch.kind === 'array') return { kind: 'array', items: sketch.items.map(fold) };
  if (sketch.kind !== 'object') return sketch;
  const members = [...sketch.members].map(([key, value]) => [key.toLowerCase(), fold(value)] as const);
  return { kind: 'object', members: new Map(members) };
}

/** The plan, with regard to case where the rows of the sketch spell its keys as the plan does. */
export function spelledAsIn(sketch: PrefixSketch, plan: ReadPlan): ReadPlan {
  const paths = plan.sources.flatMap(({ at, fields }) => [at, ...fields]);
  const exact = new Set([...paths.flat(), ...plan.facts]);
  const small = new Set([...exact].map((key) => key.toLowerCase()));
  const keys = new Set(sketch.documents.flatMap((document) => keysOf(document, 4)));
  const present = new Set([...keys].filter((key) => exact.has(key)).map((key) => key.toLowerCase()));
  const isOther = (key: string) => !exact.has(key) && small.has(key.toLowerCase());
  return [...keys].some((key) => isOther(key) && !present.has(key.toLowerCase()))
    ? { ...plan, anyCase: true }
    : plan;
}

function keysOf(sketch: Sketch, depth: number): readonly string[] {
  if (depth === 0) return [];
  if (sketch.kind === 'array') return sketch.items.flatMap((item) => keysOf(item, depth - 1));
  if (sketch.kind !== 'object') return [];
  return [...sketch.members].flatMap(([key, value]) => [key, ...keysOf(value, depth - 1)]);
}
