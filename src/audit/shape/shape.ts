import { isFarFromTooComplex } from '../../exposure/analyse.ts';
import { shownPartition } from '../../iam/partitions.ts';
import type { PolicyVerdict } from '../../model/verdict.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { comparesAccounts } from '../compares-accounts.ts';
import type { Cut } from './cut.ts';
import { placeholdersFor, type SlotKind, SOME_OWNER } from './placeholders.ts';
import { isSharable, tellsCallersByArn } from './sharable.ts';
import { fillingOf } from './template.ts';

/** Judges the text of a policy as it stands. */
export type Judge = (text: string, account: string, partition: string | null) => readonly PolicyVerdict[];

/** Writes the verdicts on a shape down as those on one of its policies. */
type Decision = (values: readonly string[]) => readonly PolicyVerdict[];

/** Owners kept, of the few that a shape tells apart. */
const MOST_OWNERS = 64;

/** All policies that differ in the values of their slots only, and what is the same for all of them. */
export class Shape {
  /** As `comparesAccounts` says of each. */
  readonly pattern: boolean;
  /** As `shownPartition` says of each. */
  readonly partition: string | null;
  private readonly judge: Judge;
  /** Null where each is to be judged as it stands. */
  private readonly decisions = new BoundedMap<string, Decision | null>(MOST_OWNERS);

  private constructor(judge: Judge, text: string) {
    this.judge = judge;
    this.pattern = comparesAccounts(text);
    this.partition = shownPartition(text);
  }

  /** Null where each policy is to be judged as it stands. */
  static of(judge: Judge, cut: Cut): Shape | null {
    const placeholders = placeholdersFor(cut.slots, cut.values);
    const text = filled(cut, placeholders);
    const kinds = new Map(
      placeholders.map((placeholder, slot) => [placeholder, cut.slots[slot] as SlotKind]),
    );
    if (!isSharable(text, cut.pieces, kinds)) return null;
    if (tellsCallersByArn(text) && !isFarFromTooComplex(text, SOME_OWNER)) return null;
    return new Shape(judge, text);
  }

  /**
   * What the judge says of one of the policies.
   *
   * @param tellsApart false where the policy tells its owner from no other account
   */
  verdicts(
    text: string,
    cut: Cut,
    account: string,
    tellsApart: boolean,
    partition: string | null,
  ): readonly PolicyVerdict[] {
    const owner = tellsApart ? ownerIn(cut, account) : NOBODY;
    const key = `${owner.key} ${partition}`;
    const known = this.decisions.get(key);
    const values = owner.isFurther ? [...cut.values, account] : cut.values;
    if (known != null) return known(values);
    const direct = this.judge(text, account, partition);
    if (known === undefined) {
      const decision = this.decide(cut, values, tellsApart ? account : null, partition);
      // The policy at hand is the proof.
      const isEqual = decision !== null && JSON.stringify(decision(values)) === JSON.stringify(direct);
      this.decisions.set(key, isEqual ? decision : null);
    }
    return direct;
  }

  /** Null where the verdicts may not be shared: what cannot be decided is told by the letter. */
  private decide(
    cut: Cut,
    values: readonly string[],
    account: string | null,
    partition: string | null,
  ): Decision | null {
    const slots: readonly SlotKind[] =
      values.length > cut.values.length ? [...cut.slots, 'account'] : cut.slots;
    const placeholders = placeholdersFor(slots, values);
    const owner = account === null ? SOME_OWNER : (placeholders[values.indexOf(account)] as string);
    const verdicts = this.judge(filled(cut, placeholders), owner, partition);
    if (verdicts.some(({ verdict }) => verdict === 'error')) return null;
    if (JSON.stringify(verdicts).includes(SOME_OWNER)) return null;
    const filling = fillingOf(verdicts, placeholders);
    return filling === null ? () => verdicts : (filling as Decision);
  }
}

/** Which of a policy's accounts the owner is. What is told in the order of accounts is never told of the owner. */
interface Owner {
  readonly key: string;
  /** The policy does not name it. */
  readonly isFurther: boolean;
}

const NOBODY: Owner = { key: '', isFurther: false };

function ownerIn({ values }: Cut, account: string): Owner {
  const slot = values.indexOf(account);
  if (slot >= 0) return { key: `is ${slot}`, isFurther: false };
  return { key: 'is another', isFurther: true };
}

function filled({ pieces, order }: Cut, texts: readonly string[]): string {
  return pieces.map((piece, at) => piece + (texts[order[at] ?? -1] ?? '')).join('');
}
