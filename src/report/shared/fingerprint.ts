import { createHash } from 'node:crypto';
import { pathKeys } from '../../model/exposure.ts';
import type { StoredVerdict } from '../../model/report-source.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { exposedPaths } from './paths.ts';

/** The verdict, and the id by which its role was first known: an id that was missing once makes no other finding. */
interface Identified extends Pick<StoredVerdict, 'knownAs'> {
  readonly object: Pick<VerdictObject, 'rule' | 'account' | 'arn' | 'paths'>;
}

/** Names carry a version: whoever changes what goes into a fingerprint gives it a new one. */
export const FINDING_FINGERPRINT = 'trustsieveFinding/v1';
export const ROLE_FINGERPRINT = 'trustsieveRole/v1';

/**
 * Names a finding: the rule, the role, and who gets in by which principal. It outlives changes of wording,
 * grading and order of statements; a further way in makes another finding, and so does a role that was
 * deleted and made again under the same name.
 */
export function findingFingerprint(verdict: Identified): string {
  return digest(FINDING_FINGERPRINT, verdict, pathKeys(exposedPaths(verdict.object.paths)));
}

/** Names what the rule says of the role, whatever it says: a pass has the fingerprint of the finding it resolves. */
export function roleFingerprint(verdict: Identified): string {
  return digest(ROLE_FINGERPRINT, verdict, []);
}

/** Names what is missing: its code, and what tells it from others of the same code. */
export function missingFingerprint(code: string, uid: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['trustsieveMissing/v1', code, uid]), 'utf8')
    .digest('hex');
}

function digest(name: string, { object, knownAs }: Identified, ways: readonly string[]): string {
  // JSON keeps the parts apart, so that no two lists of parts give the same text.
  const text = JSON.stringify([name, object.rule, object.account, object.arn, knownAs, ways]);
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
