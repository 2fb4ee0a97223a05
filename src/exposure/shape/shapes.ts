import { BoundedMap } from '../../text/bounded-map.ts';
import { type Cut, cutPolicy } from './cut.ts';
import { type Judge, Shape } from './shape.ts';

/** A policy that shares the decision on its shape. */
export interface ShapedPolicy<Outcome> {
  readonly shape: Shape<Outcome>;
  readonly cut: Cut;
}

/** Shapes kept; an organisation has a few dozen. */
const CAPACITY = 1024;
/** Longer policies have more slots than there is to gain, and shapes that nobody shares. */
const LONGEST = 4096;

/** Null for a policy that is to be judged as it stands. */
export function cutOf(text: string): Cut | null {
  return text.length > LONGEST ? null : cutPolicy(text);
}

/** Finds policies that differ in account ids, external ids and names only, so that they are judged once. */
export class Shapes<Outcome> {
  private readonly judge: Judge<Outcome>;
  /** `once`: met once, so nothing is known of it; null: each of its policies is to be judged as it stands. */
  private readonly byKey = new BoundedMap<string, Shape<Outcome> | 'once' | null>(CAPACITY);

  constructor(judge: Judge<Outcome>) {
    this.judge = judge;
  }

  /** Null for a policy that is to be judged as it stands: also the first of its shape, which may be the only one. */
  find(text: string): ShapedPolicy<Outcome> | null {
    const cut = cutOf(text);
    return cut === null ? null : this.of(cut);
  }

  /** As `find`, of a policy that is cut already. */
  of(cut: Cut): ShapedPolicy<Outcome> | null {
    let shape = this.byKey.get(cut.key);
    if (shape === undefined) {
      this.byKey.set(cut.key, 'once');
      return null;
    }
    if (shape === 'once') {
      shape = Shape.of(this.judge, cut);
      this.byKey.set(cut.key, shape);
    }
    return shape === null ? null : { shape, cut };
  }
}
