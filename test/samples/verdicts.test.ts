import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { readAccountRelations } from '../../src/cli/input/account-files.ts';
import { gradeSeverity } from '../../src/model/grading.ts';
import { gradePath } from '../../src/model/relations.ts';
import { evaluateTrustPolicy } from '../../src/rules/judge.ts';
import { filesBelow, SAMPLES } from './folder.ts';
import { readSample } from './read-samples.ts';

/** `account/role` to `verdict literal severity`, by the day of the capture. */
const seen = new Map<string, Map<string, string>>([
  ['2026-01-31', new Map()],
  ['2026-04-30', new Map()],
]);

beforeAll(async () => {
  const relations = await readAccountRelations(join(SAMPLES, 'accounts.json'), join(SAMPLES, 'vendors.yaml'));
  if (relations === null) throw new Error('no account relations');
  for (const path of filesBelow(join(SAMPLES, 'evidence'))) {
    if (path.includes('ConfigHistory')) continue;
    for (const { account, roleName, capturedAt, trust } of (await readSample(path)).roles) {
      const judged = evaluateTrustPolicy(trust, account);
      const severity = gradeSeverity(
        judged,
        judged.paths.map((way) => gradePath(way, relations)),
      );
      const verdict = `${judged.verdict} ${judged.literal} ${severity ?? '-'}`;
      seen.get(capturedAt.slice(0, 10))?.set(`${account}/${roleName}`, verdict);
    }
  }
});

const GONE = undefined;
const NO_WAY_IN = 'not-applicable not-applicable -';

describe('the roles of the samples', () => {
  it('are a few hundred over two captures', () => {
    const all = new Set([...seen.values()].flatMap((roles) => [...roles.keys()]));
    expect(all.size).toBe(319);
  });

  it.each([
    // What every account has.
    ['444455556666/AWSServiceRoleForSupport', NO_WAY_IN],
    ['444455556666/berth-booking-pod', NO_WAY_IN],
    ['444455556666/cdk-hnb659fds-deploy-role-444455556666-eu-west-1', NO_WAY_IN],
    ['444455556666/OrganizationAccountAccessRole', 'fail fail low'],
    ['444455556666/security-audit-readonly', 'fail fail low'],
    ['444455556666/break-glass-admin', 'pass pass -'],
    ['444455556666/lanternwatch-integration', 'pass pass -'],
    // Open.
    ['444455556666/public-report-export', 'fail not-applicable critical'],
    ['444455556666/partner-portal-sync', 'fail not-applicable medium'],
    ['444455556666/wrenfield-log-shipper', 'fail not-applicable high'],
    ['444455556666/thornbury-onsite-review', 'fail fail medium'],
    ['444455556666/port-authority-exchange', 'fail fail high'],
    ['444455556666/crane-telemetry', 'fail fail high'],
    ['444455556666/payments-reconciler', 'fail pass high'],
    ['444455556666/lookalike-guest', 'fail not-applicable high'],
    ['444455556666/lookalike-fence', 'fail not-applicable critical'],
    ['222233334444/artifact-publisher', 'fail not-applicable low'],
    ['222233334444/runner-maintenance', 'fail not-applicable high'],
    ['333344445555/key-ceremony', 'fail pass high'],
    // Guarded, well or weakly.
    ['111122223333/thornbury-auditor', 'pass pass -'],
    ['222233334444/release-approver', 'pass fail -'],
    ['333344445555/threat-feed', 'pass fail -'],
    ['444455556666/incident-responder', 'pass fail -'],
    ['444455556666/saltmarsh-exporter', 'pass fail -'],
    ['444455556666/weather-feed-import', 'pass fail medium'],
    ['444455556666/tide-table-reader', 'pass fail medium'],
    ['888899990000/support-desk', 'pass fail -'],
    // Nobody comes in.
    ['444455556666/freight-marketplace', NO_WAY_IN],
    ['444455556666/stale-consultant', NO_WAY_IN],
    ['444455556666/closed-experiment', 'not-applicable fail -'],
    // Not decidable.
    ['333344445555/forensics-imaging', 'error error -'],
    ['333344445555/evidence-locker', 'error error -'],
    ['333344445555/quarantine-operator', 'error error -'],
    ['666677778888/broken-by-hand', 'error error -'],
    ['666677778888/emr-archive-runner', 'error error -'],
    ['888899990000/demo-tenant', 'error error -'],
    // Names that would be formulas in a spreadsheet.
    ['444455556666/=cmd+calc', 'fail fail high'],
    ['444455556666/@SUM.A1,A9', 'fail fail high'],
    ['444455556666/-2+3', 'fail fail high'],
    ['444455556666/+evil,role', 'pass pass -'],
    ['444455556666/markup-path', 'fail fail high'],
    // Created again.
    ['444455556666/customs-filing-partner', 'fail fail high'],
    ['666677778888/notebook-runner', 'fail fail low'],
  ])('judges %s the same at both times: %s', (role, verdict) => {
    expect(seen.get('2026-01-31')?.get(role)).toBe(verdict);
    expect(seen.get('2026-04-30')?.get(role)).toBe(verdict);
  });

  it.each([
    // Fixed.
    ['444455556666/quillstone-backup', 'fail fail high', 'pass pass -'],
    ['111122223333/copperfinch-billing-export', 'fail fail high', 'pass pass -'],
    ['666677778888/lake-share-copperfinch', 'fail fail high', 'pass pass -'],
    ['888899990000/quillstone-backup', 'fail fail high', 'pass pass -'],
    // A guard was removed.
    ['444455556666/copperfinch-cost-reader', 'pass pass -', 'fail fail high'],
    ['222233334444/image-signing', 'pass pass -', 'fail fail low'],
    // Deleted.
    ['444455556666/legacy-ftp-bridge', 'fail fail high', GONE],
    ['666677778888/lake-migration-temp', 'fail fail high', GONE],
    ['888899990000/load-test-vendor', 'fail fail high', GONE],
    // New.
    ['444455556666/saltmarsh-posture-scan', GONE, 'fail not-applicable high'],
    ['888899990000/saltmarsh-posture-scan', GONE, 'fail fail high'],
    ['333344445555/pen-test-2026', GONE, 'fail fail high'],
    // Of accounts that only one capture covers.
    ['000011112222/quillstone-backup', 'fail fail high', GONE],
    ['555566667777/hackathon-guest', GONE, 'pass not-applicable medium'],
    ['555566667777/jenkins-agent', GONE, 'fail fail high'],
    ['555566667777/everyone-but-one', GONE, 'fail not-applicable critical'],
    ['555566667777/try-things', GONE, 'fail fail low'],
    ['012345678901/quillstone-vault', GONE, 'pass pass -'],
    ['012345678901/thornbury-sampling', GONE, 'pass fail -'],
    ['012345678901/open-shelf', GONE, 'fail fail high'],
  ])('sees %s change', (role, before, after) => {
    expect(seen.get('2026-01-31')?.get(role)).toBe(before);
    expect(seen.get('2026-04-30')?.get(role)).toBe(after);
  });
});
