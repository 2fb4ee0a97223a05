import { describe, expect, it } from 'vitest';
import { externalIdWeakness, tellsName } from '../../src/iam/external-id-strength.ts';

const OWN = '111122223333';
const OTHER = '444455556666';
const accounts = new Set([OWN, OTHER]);

describe('externalIdWeakness', () => {
  it.each([
    'REPLACE-WITH-THE-EXTERNAL-ID-OF-444455556666',
    'replace-with-the-external-id-of-999988887777',
    'YOUR_EXTERNAL_ID',
    'your-external-id',
    'YourExternalId',
    'yourexternalid',
    'YOUR_VENDOR_PROVIDED_ID',
    'YOUR_ACME_INTEGRATION_ID',
    '<external-id>',
    '<EXTERNAL_ID>',
    '${ExternalId}',
    '{{ external_id }}',
    '[external id]',
    '%EXTERNAL_ID%',
    '__EXTERNAL_ID__',
    'external-id',
    'ExternalId',
    'EXTERNAL_ID',
    'externalid',
    'my-external-id',
    'external-id-123',
    'ext-id',
    'example',
    'EXAMPLE',
    'Example-Corp-Unique-ID',
    'example-external-id',
    'placeholder',
    'INSERT-EXTERNAL-ID-HERE',
    'replace_me',
    'a1b2c3d4-5678-90ab-cdef-EXAMPLE11111',
    '123e4567-e89b-12d3-a456-426614174000',
    '550E8400-E29B-41D4-A716-446655440000',
  ])('%s is a placeholder', (value) => {
    expect(externalIdWeakness(value, accounts)).toBe('placeholder');
  });

  it.each([
    OWN,
    OTHER,
    `acme-${OWN}`,
    `${OTHER}-prod`,
    `customer-${OWN}`,
    `organization-${OWN}`,
    `${OWN}-${OTHER}`,
    `${OWN}${OTHER}`,
    `x7${OWN}q`,
    `acme2024-${OWN}`,
    '1111-2222-3333',
    'acme-1111-2222-3333',
    'short',
    'k7Qz9mP',
    'test',
    'testtest',
    'TestTest123',
    'password',
    'Password123',
    'P@ssw0rd1',
    'changeme',
    'ChangeMe!',
    'change-me-1234',
    'letmein123',
    'my-test-value',
    'qwertyuiop',
    '12345678',
    '123456789012',
    '87654321',
    '1234567890',
    'abcdefgh',
    'abcd1234',
    'ABCD-1234',
    'a1b2c3d4',
    'aaaaaaaa',
    'xxxxxxxx',
    'ababababab',
    '123123123',
    '00000000-0000-0000-0000-000000000000',
    '00000000-0000-0000-0000-000000000001',
    '00000000-0000-4000-8000-000000000001',
    '11111111-1111-1111-1111-111111111111',
    '11111111-1111-4111-8111-111111111111',
    '11111111-2222-3333-4444-555555555555',
    'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '12345678-1234-1234-1234-123456789012',
    '999988887777',
    '01234567-89ab-cdef-0123-456789abcdef',
  ])('%s can be guessed', (value) => {
    expect(externalIdWeakness(value, accounts)).toBe('guessable');
  });

  it.each([
    'k7Qz9mP2vX4r',
    'k7Qz9mP2',
    '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    'b1946ac9-2ec7-4f0e-8d35-7c1a0f6be4d2',
    `${OWN}-x7Kq93Lm`,
    `acme-${OWN}-8f14e45fceea167a`,
    `${OTHER}:Zq82kLm4`,
    'YOUR-8f14e45fceea167a5a36',
    'external-id-8f14e45fceea',
    'prod-8f14e45f',
    'correcthorsebatterystaple',
    'a-secret-value',
    'agreed-value-1',
    'vendor-shared-secret',
    'acmecorporate-external-id',
    'production-role-access',
    'JxvKqzwLmrTb',
    '483920175566',
  ])('%s is fine', (value) => {
    expect(externalIdWeakness(value, accounts)).toBeNull();
  });

  // Going back over each of them would take longer than a test may.
  it('takes no longer for hostile values than they are long', () => {
    for (const value of ['test'.repeat(306), 'a1'.repeat(612), '1'.repeat(1224), 'id'.repeat(100_000)])
      externalIdWeakness(value, accounts);
  });
});

describe('tellsName', () => {
  it.each([
    ['datadog', 'Datadog'],
    ['new-relic', 'New Relic'],
    ['NEWRELIC_2024', 'New Relic'],
    ['acme-payments-external-id', 'Acme Payments'],
    ['prod.acme.payments', 'Acme (Payments)'],
  ])('%s tells %s', (value, name) => {
    expect(tellsName(value, name)).toBe(true);
  });

  it.each([
    ['datadog-8f14e45f', 'Datadog'],
    ['newrelic-k7Qz9mP2vX', 'New Relic'],
    ['relic', 'New Relic'],
    ['ibx-12', 'IB'],
    ['8f14e45fceea167a', 'Acme'],
  ])('%s does not tell %s', (value, name) => {
    expect(tellsName(value, name)).toBe(false);
  });
});
