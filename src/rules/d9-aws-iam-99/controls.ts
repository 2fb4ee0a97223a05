import type { Control, ControlFit } from '../../model/rule.ts';

const WELL_ARCHITECTED = 'AWS Well-Architected';
const PROWLER = 'Prowler, its compliance file for';

/** The controls that a public source ties to the question of the rule; no others are known to be tied to it. */
export const CONTROLS: readonly Control[] = [
  ...tied(
    'text',
    WELL_ARCHITECTED,
    ['SEC03-BP09'],
    'AWS Well-Architected, Security Pillar: Share resources securely with a third party',
  ),
  ...tied(
    'text',
    WELL_ARCHITECTED,
    ['SEC03-BP07', 'SEC03-BP08'],
    `AWS Well-Architected, Security Pillar; ${PROWLER} it`,
  ),
  ...tied(
    'text',
    'AWS Foundational Technical Review',
    ['CAA-001', 'CAA-002', 'CAA-004', 'CAA-005', 'CAA-006', 'CAA-007', 'IAM-005', 'IAM-008'],
    `${PROWLER} the review, which speaks to vendors`,
  ),
  ...tied('same rule', 'NIST SP 800-53 Rev. 5', ['AC-3', 'AC-6'], 'kenithphilip/FedPy, iam.ts'),
  ...tied('same rule', 'FedRAMP 20x', ['KSI-IAM-ELP'], 'FedRAMP/docs; kenithphilip/FedPy, iam.ts'),
  ...tied(
    'same rule',
    'ISO/IEC 27001:2022',
    ['A.5.18', 'A.8.2'],
    'Cartography, iam_role_external_account_trust, which leaves conditions out',
  ),
  ...tied(
    'same rule',
    'SOC 2',
    ['CC6.3', 'CC6.6'],
    'Cartography, iam_role_external_account_trust, which leaves conditions out',
  ),
  ...tied('same rule', 'CWE', ['CWE-284', 'CWE-285'], 'KICS, docs.kics.io'),
  ...tied('near', 'DORA', ['Art. 28'], `${PROWLER} it`),
  ...tied('near', 'CSA Cloud Controls Matrix', ['IAM-10'], `${PROWLER} it`),
  ...tied('near', 'CIS Controls', ['6.8'], `${PROWLER} them`),
  ...tied('near', 'BSI C5', ['IAM-01', 'IAM-06', 'IAM-10'], `${PROWLER} it`),
  ...tied('near', 'MITRE ATT&CK', ['T1078'], `${PROWLER} it`),
];

function tied(
  fit: ControlFit,
  framework: string,
  ids: readonly string[],
  source: string,
): readonly Control[] {
  return ids.map((id) => ({ framework, id, source, fit }));
}
