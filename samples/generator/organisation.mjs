/** The invented organisation: one account per way of exporting evidence. */
export const ACCOUNTS = {
  management: '111122223333',
  tooling: '222233334444',
  security: '333344445555',
  production: '444455556666',
  sandbox: '555566667777',
  data: '666677778888',
  network: '777788889999',
  staging: '888899990000',
  archive: '012345678901',
  legacy: '000011112222',
};

export const ORGANISATION_ID = 'o-exampleorg1';

/** Invented vendors, by a short name for use in policies. */
export const VENDORS = {
  lanternwatch: { name: 'Lanternwatch Monitoring', accounts: ['210987654321'] },
  quillstone: { name: 'Quillstone Backup', accounts: ['321098765432'] },
  copperfinch: { name: 'Copperfinch Cost Analytics', accounts: ['432109876543', '432109876550'] },
  saltmarsh: { name: 'Saltmarsh Security Posture', accounts: ['543210987654'] },
  wrenfield: { name: 'Wrenfield Logs', accounts: ['654321098765'] },
  thornbury: { name: 'Thornbury Assurance', accounts: ['765432109876'] },
};

/** On no list: neither of the organisation nor of a vendor. */
export const STRANGERS = ['109876543210', '999988887777'];

export function vendorAccount(vendor) {
  return VENDORS[vendor].accounts[0];
}

/** As `aws organizations list-accounts` prints it. */
export function accountList() {
  return `${JSON.stringify({ Accounts: memberAccounts() }, null, 2)}\n`;
}

export function memberAccounts() {
  return Object.entries(ACCOUNTS).map(([name, id], index) => ({
    Id: id,
    Arn: `arn:aws:organizations::${ACCOUNTS.management}:account/${ORGANISATION_ID}/${id}`,
    Email: `aws+${name}@harbourlight.example`,
    Name: `harbourlight-${name}`,
    Status: name === 'legacy' ? 'SUSPENDED' : 'ACTIVE',
    JoinedMethod: name === 'legacy' ? 'INVITED' : 'CREATED',
    JoinedTimestamp: `2019-0${(index % 9) + 1}-14T09:30:00+00:00`,
  }));
}

/** As a list for `--known-accounts`. */
export function vendorList() {
  const entries = Object.entries(VENDORS).map(([id, { name, accounts }]) =>
    [
      `- name: ${name}`,
      `  source: ["https://${id}.example/docs/aws-integration"]`,
      `  accounts: [${accounts.map((account) => `"${account}"`).join(', ')}]`,
    ].join('\n'),
  );
  return `# Invented vendors: none of them exists, and none of the accounts is theirs.\n${entries.join('\n')}\n`;
}
