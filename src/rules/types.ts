/** Everything a rule says of itself; the logic text is kept verbatim. */
export interface RuleMetadata {
  readonly id: string;
  readonly title: string;
  /** The rule's own risk level, not the exposure of a finding. */
  readonly riskLevel: 'Low' | 'Medium' | 'High' | 'Critical';
  readonly cloudEntity: string;
  readonly category: string;
  readonly description: string;
  /** GSL text, verbatim. */
  readonly logic: string;
  readonly remediation: {
    readonly console: string;
    readonly terraform: string;
    readonly cli: string;
  };
  /** https URLs. */
  readonly references: readonly string[];
  readonly complianceFrameworks: readonly string[];
}
