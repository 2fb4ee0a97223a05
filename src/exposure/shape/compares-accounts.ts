/**
 * Can the policy tell owning accounts apart that it does not name in full? By patterns on who calls, by wildcards
 * in a principal, or by the role's own account as a value. What is written with escapes is not looked through.
 */
export function comparesAccounts(text: string): boolean {
  return /principalarn|principalaccount|resourceaccount|userid|"arn:[^"]*[*?]|\\u/i.test(text);
}
