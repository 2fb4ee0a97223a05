import { ACCOUNTS, ORGANISATION_ID, STRANGERS, vendorAccount } from './organisation.mjs';
import { EXEMPT_FROM_EXTERNAL_ID } from './organisation-document.mjs';
import { ABSENT, changed, steady } from './roles.mjs';
import { account, allow, deny, externalId, policy, vendor } from './trusts.mjs';

const EVERYONE = { AWS: '*' };

/** The telling roles of the production account, each for one reason; the comment or name says which. */
export function production() {
  return [...lasting(), ...changing(), ...hostileNames()];
}

function lasting() {
  const own = ACCOUNTS.production;
  const security = account(ACCOUNTS.security);
  return [
    // Open to the world, and open to the world behind one weak or strong fence.
    steady(own, 'public-report-export', policy(allow(EVERYONE))),
    steady(
      own,
      'partner-portal-sync',
      policy(allow(EVERYONE, { StringEquals: { 'aws:PrincipalOrgID': ORGANISATION_ID } })),
    ),
    steady(
      own,
      'freight-marketplace',
      policy(
        allow(EVERYONE),
        deny(EVERYONE, { StringNotEquals: { 'aws:PrincipalAccount': own } }, { Sid: 'OwnAccountOnly' }),
      ),
    ),
    // A vendor written as a bare account id, a list of them, and one confined to a network.
    steady(own, 'wrenfield-log-shipper', policy(allow({ AWS: vendorAccount('wrenfield') }))),
    steady(
      own,
      'copperfinch-both-regions',
      policy(
        allow(
          { AWS: [vendor('copperfinch').AWS, account('432109876550').AWS] },
          externalId('hl-copper-7731-aa'),
        ),
      ),
    ),
    steady(
      own,
      'thornbury-onsite-review',
      policy(allow(vendor('thornbury'), { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })),
    ),
    // Exempt from the organisation's resource control policy, by its tag.
    steady(own, 'port-authority-exchange', policy(allow(account(STRANGERS[0]))), {
      tags: EXEMPT_FROM_EXTERNAL_ID,
    }),
    // Guards that look right and are not.
    steady(
      own,
      'crane-telemetry',
      policy(allow(vendor('wrenfield'), { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } })),
    ),
    steady(
      own,
      'payments-reconciler',
      policy(
        allow(vendor('copperfinch'), externalId('hl-recon-20c5f1'), { Sid: 'Guarded' }),
        allow(vendor('quillstone'), undefined, { Sid: 'Forgotten' }),
      ),
    ),
    // Guards that hold, some of them weak.
    steady(
      own,
      'weather-feed-import',
      policy(allow(account(STRANGERS[1]), { StringLike: { 'sts:ExternalId': 'hl-*' } })),
    ),
    steady(
      own,
      'tide-table-reader',
      policy(allow(account(STRANGERS[1]), { Null: { 'sts:ExternalId': 'false' } })),
    ),
    steady(
      own,
      'incident-responder',
      policy(
        allow(security, undefined, { Sid: 'Responders' }),
        deny(security, { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } }, { Sid: 'NoMfaNoEntry' }),
      ),
    ),
    steady(
      own,
      'saltmarsh-exporter',
      policy(
        allow(vendor('saltmarsh')),
        deny(EVERYONE, { StringNotEquals: { 'sts:ExternalId': 'hl-salt-5f02bd9e' } }),
      ),
    ),
    // Nobody comes in: a principal that was deleted, and conditions that exclude each other.
    steady(own, 'stale-consultant', policy(allow({ AWS: 'AIDAEXAMPLEGONEXAMPLE1' }))),
    steady(
      own,
      'closed-experiment',
      policy(allow(vendor('wrenfield'), { StringEquals: { 'aws:PrincipalAccount': own } })),
    ),
  ];
}

function changing() {
  const own = ACCOUNTS.production;
  const open = policy(allow(vendor('quillstone')));
  const guarded = policy(allow(vendor('quillstone'), externalId('hl-quill-93d1c07a')));
  return [
    changed(own, 'quillstone-backup', open, guarded, { tags: { vendor: 'quillstone' } }),
    changed(
      own,
      'copperfinch-cost-reader',
      policy(allow(vendor('copperfinch'), externalId('hl-copper-18be40'))),
      policy(allow(vendor('copperfinch'))),
      { tags: { vendor: 'copperfinch' } },
    ),
    changed(own, 'legacy-ftp-bridge', policy(allow(account(STRANGERS[1]))), ABSENT),
    changed(
      own,
      'saltmarsh-posture-scan',
      ABSENT,
      policy(allow({ AWS: [vendor('saltmarsh').AWS, account(own).AWS] })),
    ),
    steady(own, 'customs-filing-partner', policy(allow(account(STRANGERS[0]))), { recreated: true }),
  ];
}

/** Names that IAM allows and spreadsheets take for formulas; paths and tags that browsers take for markup. */
function hostileNames() {
  const own = ACCOUNTS.production;
  const open = policy(allow(vendor('wrenfield'), undefined, { Sid: '<img src=x onerror=alert(1)>' }));
  const guarded = policy(allow(vendor('wrenfield'), externalId('=HYPERLINK+hl-0c41')));
  const script = '<script>alert(document.domain)</script>';
  return [
    steady(own, '=cmd+calc', open, { tags: { note: "=cmd|' /C calc'!A0" } }),
    steady(own, '@SUM.A1,A9', open, { tags: { note: '@SUM(A1:A9)' } }),
    steady(own, '-2+3', open, { tags: { note: script, [script]: 'as a key' } }),
    steady(own, '+evil,role', guarded, { tags: { note: '"; DROP TABLE role; --' } }),
    steady(own, 'markup-path', open, {
      path: '/<script>alert(1)</script>/',
      tags: { note: '\u202Egnp.exe' },
    }),
    // The path names the own account, the principal's account is a stranger's.
    steady(
      own,
      'lookalike-guest',
      policy(allow({ AWS: `arn:aws:iam::${STRANGERS[1]}:role/x:iam::${own}:role/guest` })),
    ),
    steady(
      own,
      'lookalike-fence',
      policy(allow(EVERYONE, { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::*:role/*${own}*` } })),
    ),
  ];
}
