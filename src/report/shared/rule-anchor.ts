/** Id of the element that describes the rule of that number; rule ids come from files and may be anything. */
export function ruleAnchor(index: number): string {
  return `rule-${index + 1}`;
}
