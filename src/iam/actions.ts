import { globMatches, parseGlob } from './glob.ts';

export const ASSUME_ROLE = 'sts:AssumeRole';
export const TAG_SESSION = 'sts:TagSession';
export const SET_SOURCE_IDENTITY = 'sts:SetSourceIdentity';
/** The actions one AssumeRole request can need; the first always, the others when it passes tags or an identity. */
export type NeededAction = typeof ASSUME_ROLE | typeof TAG_SESSION | typeof SET_SOURCE_IDENTITY;

/**
 * Does one entry of an Action list cover the action? Case does not count, `*` and `?` are wildcards
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
 */
export function actionCovers(entry: string, action: string): boolean {
  if (entry === action || entry === '*') return true;
  return globMatches(parseGlob(entry.toLowerCase()), action.toLowerCase());
}
