/**
 * What further rules say of entities is kept like roles are, in books of their own: all tables that speak of an account
 * hold, under `111122223333/IamUser`, the users of that account, with their outcomes in place of trust policies. So
 * spans of time, deletions and independence of order hold for them too, and a capture that is complete for roles
 * claims nothing of users.
 */
export function ledgerId(account: string, type: string): string {
  return `${account}/${type}`;
}

/** The account that a ledger, or an account itself, is of. */
export function baseAccount(id: string): string {
  return id.slice(0, 12);
}

/** True for the id of a ledger, false for that of an account. */
export function isLedgerId(id: string): boolean {
  return id.includes('/');
}
