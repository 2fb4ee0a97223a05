import { shownPartition } from '../../iam/partitions.ts';
import { isAccountId } from '../../model/arn.ts';
import { BoundedMap } from '../../text/bounded-map.ts';
import { isFarFromTooComplex } from '../analyse.ts';
import { STRANGER_ACCOUNTS } from '../strangers.ts';
import { comparesAccounts } from './compares-accounts.ts';
import type { Cut } from './cut.ts';
import { placeholdersFor, type SlotKind, SOME_OWNER } from './placeholders.ts';
import { isSharable, tellsCallersByArn } from './sharable.ts';
import { fillingOf } from './template.ts';

/** What is to be judged of a policy. Outcomes are values of JSON. */
export interface Judge<Outcome> {
  /** Judges the text of a policy as it stands. */
  judge(text: string, account: string, partition: string | null): Outcome;
  /**
   * The same of a text with values that are made up. Null where the outcome holds for this text alone, as what cannot be
   * decided does, which is told by the letter.
   *
   * @param standsFor by account that is made up, the owner among them, what it stands for
   */
  judgeAll(
    text: string,
    account: string,
    partition: string | null,
    standsFor: ReadonlyMap<string, string>,
  ): Outcome | null;
}

/** Writes the outcome for a shape down as that for one of its policies. */
type Decision<Outcome> = (values: readonly string[]) => Outcome;

/** False for an owner that the judge could take for somebody else: each of its policies is to be judged as it stands. */
export function mayShareAsOwner(account: string): boolean {
  return isAccountId(account) && !STRANGER_ACCOUNTS.includes(account);
}

/** Owners kept, of the few that a shape tells apart. */
const MOST_OWNERS = 64;

/** All policies that differ in the values of their slots only, and what is the same for all of them. */
export class Shape<Outcome> {
  /** As `comparesAccounts` says of each. */
  readonly pattern: boolean;
  /** As `shownPartition` says of each. */
  readonly partition: string | null;
  private readonly judge: Judge<Outcome>;
  /** Null where each is to be judged as it stands. */
  private readonly decisions = new BoundedMap<string, Decision<Outcome> | null>(MOST_OWNERS);

  private constructor(judge: Judge<Outcome>, text: string) {
    this.judge = judge;
    this.pattern = comparesAccounts(text);
    this.partition = shownPartition(text);
  }

  /** Null where each policy is to be judged as it stands. */
  static of<Outcome>(judge: Judge<Outcome>, cut: Cut): Shape<Outcome> | null {
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
  outcome(text: string, cut: Cut, account: string, tellsApart: boolean, partition: string | null): Outcome {
    const owner = tellsApart ? ownerIn(cut, account) : NOBODY;
    const key = `${owner.key} ${partition}`;
    const known = this.decisions.get(key);
    const values = owner.isFurther ? [...cut.values, account] : cut.values;
    if (known != null) return known(values);
    const direct = this.judge.judge(text, account, partition);
    if (known === undefined) {
      const decision = this.decide(cut, values, account, tellsApart, partition);
      // The policy at hand is the proof.
      const isEqual = decision !== null && JSON.stringify(decision(values)) === JSON.stringify(direct);
      this.decisions.set(key, isEqual ? decision : null);
    }
    return direct;
  }

  /** Null where the outcome may not be shared. */
  private decide(
    cut: Cut,
    values: readonly string[],
    account: string,
    tellsApart: boolean,
    partition: string | null,
  ): Decision<Outcome> | null {
    const slots: readonly SlotKind[] =
      values.length > cut.values.length ? [...cut.slots, 'account'] : cut.slots;
    const placeholders = placeholdersFor(slots, values);
    const owner = tellsApart ? (placeholders[values.indexOf(account)] as string) : SOME_OWNER;
    const standsFor = new Map([[owner, account]]);
    placeholders.forEach((placeholder, slot) => {
      if (slots[slot] === 'account') standsFor.set(placeholder, values[slot] as string);
    });
    const outcome = this.judge.judgeAll(filled(cut, placeholders), owner, partition, standsFor);
    if (outcome === null || JSON.stringify(outcome).includes(SOME_OWNER)) return null;
    const filling = fillingOf(outcome, placeholders);
    return filling === null ? () => outcome : (filling as Decision<Outcome>);
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
