/** SQL: true for the id of a ledger, false for that of an account. `column` must not come from outside. */
export function isLedger(column: string): string {
  return `length(${column}) > 12`;
}
