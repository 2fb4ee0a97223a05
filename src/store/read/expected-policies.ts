/** Policies read by one statement. */
const BLOCK = 256;
/** Numbers held. */
const MOST_EXPECTED = 65_536;

/**
 * Policies that will be asked for soon. The first that is asked for is read together with others, because a statement
 * for each takes ten times as long.
 */
export class ExpectedPolicies {
  private readonly isKnown: (policy: number) => boolean;
  private readonly expected = new Set<number>();

  constructor(isKnown: (policy: number) => boolean) {
    this.isKnown = isKnown;
  }

  expect(policies: Iterable<number>): void {
    for (const policy of policies) {
      if (this.isKnown(policy)) continue;
      if (this.expected.size >= MOST_EXPECTED) this.expected.clear();
      this.expected.add(policy);
    }
  }

  /** The policy asked for, and with it others; none of them is expected any more. */
  take(policy: number): readonly number[] {
    const block = [policy];
    if (!this.expected.delete(policy)) return block;
    for (const other of this.expected) {
      if (block.length === BLOCK) break;
      this.expected.delete(other);
      if (!this.isKnown(other)) block.push(other);
    }
    return block;
  }
}
