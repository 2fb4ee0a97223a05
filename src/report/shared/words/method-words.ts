/** The two readings of a trust policy that every report has; backticks mark code. */
export const READINGS: readonly { readonly title: string; readonly text: string }[] = [
  {
    title: 'The sound reading',
    text: "For every role the question is whether AWS would let a principal of another account call `sts:AssumeRole` while presenting neither MFA nor an external ID, given the role's trust policy. The other account is assumed to allow its principals everything, because its owner decides that. A failing verdict comes with a witness: one concrete request that the policy lets through. Where AWS does not define what a policy means, the role is not passed.",
  },
  {
    title: 'The literal reading',
    text: "The rule's own text, taken at its word, is evaluated beside it. It differs where the text is blind, for instance to lists, wildcards or guards written another way. Both are kept, so that a result can be compared with a product that runs the text.",
  },
];

export const SEVERITY_WORDS = 'Severity grades how exposed a role is. It is not the risk level of the rule.';

/** What no verdict says. */
export const OUT_OF_REACH: readonly string[] = [
  "Resource control policies (RCPs) and service control policies (SCPs) are not part of a role's export. An RCP can add a guard to every role, so a failing role may be protected by one. RCPs are judged where evidence of the organisation was given; they do not cover roles of the management account and service-linked roles. SCPs of the other account are never judged: they bind its own principals, and its organisation can change them.",
  'What the other account allows its own principals is unknown and taken to be everything.',
  'Sessions issued before the capture keep working until they expire.',
  'Changes after the capture time are not in the evidence.',
  'SHA-256 shows that a file is the one that was read. Who exported it, and whether all of it was handed over, only its sender can say.',
];

export const SAME_AGAIN =
  'The same build makes the same file again, byte for byte, from the same evidence, the same account, exception and rule files and the same moment. The clock, the network and the order of files do not matter.';
