import { iamIdFor, momentFor, numberFor } from './seeded.mjs';

/** The two times at which the evidence was taken. */
export const CAPTURES = ['2026-01-31', '2026-04-30'];

/** In place of a trust policy: the role does not exist at that time. */
export const ABSENT = Symbol('absent');

/** A role that is the same in both captures. `more`: `path`, `tags`. */
export function steady(account, name, trust, more = {}) {
  return changed(account, name, trust, trust, more);
}

/**
 * A role that differs between the captures. `more`: also `recreated`, when the second is another role, and `edited`,
 * when the policy was changed (milliseconds since 1970; a day between the captures without it).
 */
export function changed(account, name, before, after, more = {}) {
  return {
    account,
    path: '/',
    name,
    trusts: [before, after],
    tags: {},
    recreated: false,
    edited: null,
    ...more,
  };
}

/** The roles of an account at one capture (0 or 1), as every export then shows them in its own way. */
export function rolesAt(roles, account, capture) {
  return roles
    .filter((role) => role.account === account && role.trusts[capture] !== ABSENT)
    .map((role) => roleAt(role, capture));
}

function roleAt(role, capture) {
  const { account, path, name, tags, trusts } = role;
  const second = role.recreated && capture === 1;
  const key = [account, name, second ? 'again' : 'first'];
  const young = second || trusts[0] === ABSENT;
  const created = young
    ? momentFor(Date.UTC(2026, 1, 2), Date.UTC(2026, 3, 20), ...key, 'created')
    : momentFor(Date.UTC(2019, 9, 1), Date.UTC(2025, 11, 20), ...key, 'created');
  const captured = Date.parse(CAPTURES[capture]);
  const used = momentFor(captured - 45 * 86_400_000, captured, ...key, 'used', String(capture));
  const edited = role.edited ?? momentFor(Date.UTC(2026, 1, 10), Date.UTC(2026, 3, 20), ...key, 'edited');
  return {
    account,
    path,
    name,
    tags,
    arn: `arn:aws:iam::${account}:role${path}${name}`,
    id: iamIdFor('AROA', ...key),
    trust: trusts[capture],
    created,
    /** Null when the role was never used. */
    used: used > created && numberFor(4, ...key, 'idle') !== 0 ? used : null,
    /** When the role last changed. */
    edited: !young && capture === 1 && trusts[0] !== trusts[1] ? edited : created,
  };
}

export function isoSeconds(milliseconds, zone = 'Z') {
  return new Date(milliseconds).toISOString().replace('.000Z', zone);
}
