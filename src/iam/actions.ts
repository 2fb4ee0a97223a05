import { globMatches, parseGlob } from './glob.ts';

export const ASSUME_ROLE = 'sts:AssumeRole';
export const TAG_SESSION = 'sts:TagSession';
export const SET_SOURCE_IDENTITY = 'sts:SetSourceIdentity';
/** The actions one AssumeRole request can need; the first always, the others when it passes tags or an identity. */
export const NEEDED_ACTIONS = [ASSUME_ROLE, TAG_SESSION, SET_SOURCE_IDENTITY] as const;
export type NeededAction = (typeof NEEDED_ACTIONS)[number];

/** All that IAM lets a trust policy grant, so what `*` stands for in one. */
export const TRUST_ACTIONS: readonly string[] = [
  ASSUME_ROLE,
  'sts:AssumeRoleWithSAML',
  'sts:AssumeRoleWithWebIdentity',
  'sts:SetContext',
  SET_SOURCE_IDENTITY,
  TAG_SESSION,
];

/**
 * Does one entry of an Action list cover the action? Case does not count, `*` and `?` are wildcards
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html).
 */
export function actionCovers(entry: string, action: string): boolean {
  if (entry === action || entry === '*') return true;
  return globMatches(parseGlob(entry.toLowerCase()), action.toLowerCase());
}
