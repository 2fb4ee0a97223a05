import { actionCases } from './actions.ts';
import type { Case } from './building.ts';
import { confinementCases } from './confinement.ts';
import { documentCases } from './documents.ts';
import { guardCases, guardCombinations } from './guards.ts';
import { partitionCases } from './partitions.ts';
import { principalCases } from './principals.ts';
import { variableCases } from './variables.ts';

export {
  allow,
  type Case,
  deny,
  EXT,
  extRoot,
  OTHER,
  OWN,
  ownRoot,
  policy,
} from './building.ts';

/** Trust policies of a role of account `OWN` with the verdict, the notes and the reason that each must get. */
export const CASES: readonly Case[] = [
  ...partitionCases,
  ...guardCases,
  ...principalCases,
  ...actionCases,
  ...guardCombinations,
  ...confinementCases,
  ...variableCases,
  ...documentCases,
];
