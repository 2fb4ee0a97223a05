import { JsonObject } from '../iam/json.ts';
import { memberOf, withMember } from './policy-json.ts';
import type { DerivedStatement } from './remediation.ts';

/**
 * Names the statements that were added, after the statement they come from. Sids of kept statements stay; new ones
 * have letters and digits only and are unique in the policy, as IAM wants them
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html).
 */
export function uniqueSids(statements: readonly DerivedStatement[]): readonly DerivedStatement[] {
  const taken = new Set<string>();
  for (const { object, suffix } of statements) {
    const sid = memberOf(object, 'Sid');
    if (suffix === '' && typeof sid === 'string') taken.add(sid);
  }
  return statements.map((statement) => {
    const { origin, object, suffix } = statement;
    if (suffix === '') return statement;
    const old = memberOf(object, 'Sid');
    const stem = typeof old === 'string' ? old.replace(/[^A-Za-z0-9]/g, '') : '';
    const base = `${stem === '' ? `Statement${origin}` : stem}${suffix}`;
    let sid = base;
    for (let next = 2; taken.has(sid); next++) sid = `${base}${next}`;
    taken.add(sid);
    return { ...statement, object: withSid(object, sid) };
  });
}

/** Replaced where it stands, or put first. */
function withSid(object: JsonObject, sid: string): JsonObject {
  if (memberOf(object, 'Sid') !== undefined) return withMember(object, 'Sid', sid);
  return new JsonObject([['Sid', sid], ...object.members]);
}
