import { ranksOf } from './ranks.ts';

/**
 * What a value of a policy is, in as many kinds as the judge can tell apart: external ids are told apart by how easily they
 * are guessed.
 */
export type SlotKind =
  | 'account'
  | 'strong-id'
  | 'guessable-id'
  | 'placeholder-id'
  /** Of a user or role that is a principal. */
  | 'name'
  /** The name of a SAML provider. */
  | 'provider'
  /** The id of an EKS cluster in the name of its OpenID Connect provider. */
  | 'cluster'
  /** What a service acts for, in the ARN of that. */
  | 'source'
  /** The `sub` claim of an OpenID Connect provider. */
  | 'subject';

/** The first account id that stands for another, and how far the next one is away. */
const FIRST_ACCOUNT = 312_746_081_359;
const NEXT_ACCOUNT = 1_000_003;
/** An owner that a policy tells from no other. */
export const SOME_OWNER = '298671350427';

/** Texts of the same kinds that nobody writes, none of them part of another; accounts keep their order. */
export function placeholdersFor(slots: readonly SlotKind[], values: readonly string[]): readonly string[] {
  const ranks = ranksOf(values.filter((_, slot) => slots[slot] === 'account'));
  let accounts = 0;
  return slots.map((kind, slot) => {
    if (kind !== 'account') return textOf(kind, String(slot).padStart(2, '0'));
    return String(FIRST_ACCOUNT + (ranks[accounts++] as number) * NEXT_ACCOUNT);
  });
}

/** `number`: two digits. */
function textOf(kind: Exclude<SlotKind, 'account'>, number: string): string {
  switch (kind) {
    case 'strong-id':
      return `Kz4q-xW7v-${number}-T2mZ-9uRb`;
    case 'guessable-id':
      return `kz${number}q`;
    case 'placeholder-id':
      return `__kz${number}q__`;
    case 'name':
      return `Kz-name-${number}-q`;
    case 'provider':
      return `Kz-provider-${number}-q`;
    case 'cluster':
      return `A7C${number}F4E9B2D6A1C8F3E7B5D9A2C4F6E`;
    case 'source':
      return `kz:kz-source-${number}-q`;
    case 'subject':
      return `system:serviceaccount:kz-${number}-q:kz`;
  }
}
