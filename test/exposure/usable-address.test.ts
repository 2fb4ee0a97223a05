import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/exposure/analyse.ts';
import { usableAddress } from '../../src/exposure/search/usable-address.ts';
import { type AddressRange, parseAddressRange } from '../../src/iam/values.ts';
import { allow, deny, EXT, extRoot, OWN, policy } from './cases/index.ts';

function of(text: string, prefer: 'public' | 'private' = 'public'): string {
  return usableAddress(parseAddressRange(text) as AddressRange, prefer).text;
}

describe('usableAddress', () => {
  it.each([
    ['52.94.0.0/16', '52.94.0.1'],
    ['52.94.7.255/32', '52.94.7.255'],
    ['52.94.7.254/31', '52.94.7.254'],
    ['52.94.7.0/31', '52.94.7.1'],
    ['52.94.7.252/30', '52.94.7.253'],
    ['10.0.0.0/8', '10.0.0.1'],
    ['192.168.4.0/24', '192.168.4.1'],
    ['203.0.113.0/24', '203.0.113.1'],
    ['0.0.0.0/0', '1.0.0.1'],
    ['0.0.0.0/1', '1.0.0.1'],
    ['8.0.0.0/5', '8.0.0.1'],
    ['10.0.0.0/7', '11.0.0.1'],
    ['127.0.0.0/8', '127.0.0.0'],
    ['224.0.0.0/4', '224.0.0.0'],
    ['255.255.255.255/32', '255.255.255.255'],
    ['2600:1f00::/24', '2600:1f00:0:0:0:0:0:1'],
    ['fd00::/8', 'fd00:0:0:0:0:0:0:1'],
    ['::/0', '2001:200:0:0:0:0:0:1'],
  ])('of %s is %s', (range, address) => {
    expect(of(range)).toBe(address);
  });

  it('is a private one where those are asked for', () => {
    expect(of('0.0.0.0/0', 'private')).toBe('10.0.0.1');
  });
});

describe('the address of a witness', () => {
  const addressOf = (...statements: readonly unknown[]) =>
    analyseTrustPolicy(JSON.stringify(policy(...statements)), OWN).witness?.context['aws:SourceIp'];

  it.each([
    [{ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, '10.0.0.1'],
    [{ IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '52.94.0.0/16'] } }, '52.94.0.1'],
    [{ IpAddress: { 'aws:SourceIp': '0.0.0.0/0' } }, '1.2.3.4'],
    [{ NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, undefined],
    [
      { NotIpAddress: { 'aws:SourceIp': ['0.0.0.0/1', '1.2.3.4/32'] }, Null: { 'aws:SourceIp': 'false' } },
      '128.0.0.1',
    ],
    [{ IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, '203.0.113.1'],
    [{ IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, '127.0.0.0'],
  ])('meets %j with %s', (condition, address) => {
    expect(addressOf(allow(extRoot, condition))).toBe(address);
  });

  it('stays out of what a Deny takes away', () => {
    const away = deny({ AWS: '*' }, { IpAddress: { 'aws:SourceIp': ['1.0.0.0/8', '52.94.0.0/25'] } });
    const condition = { IpAddress: { 'aws:SourceIp': ['52.94.0.0/24', '1.2.0.0/16'] } };
    expect(addressOf(allow({ AWS: EXT }, condition), away)).toBe('52.94.0.129');
  });
});

describe('the context of a witness', () => {
  const contextOf = (...statements: readonly unknown[]) =>
    analyseTrustPolicy(JSON.stringify(policy(...statements)), OWN).witness?.context;

  it('holds the account and what the policy asks for', () => {
    expect(contextOf(allow(extRoot))).toEqual({ 'aws:PrincipalAccount': EXT });
    expect(contextOf(allow(extRoot, { StringEquals: { 'sts:RoleSessionName': 'ci' } }))).toEqual({
      'aws:PrincipalAccount': EXT,
      'sts:RoleSessionName': 'ci',
    });
    expect(
      contextOf(allow(extRoot, { StringLike: { 'aws:PrincipalArn': `arn:aws:iam::${EXT}:*` } })),
    ).toHaveProperty(['aws:PrincipalArn']);
  });
});

it('is no confinement to a network where all addresses may call', () => {
  for (const ranges of ['0.0.0.0/0', ['0.0.0.0/1', '128.0.0.0/1']]) {
    const open = policy(allow({ AWS: '*' }, { IpAddress: { 'aws:SourceIp': ranges } }));
    expect(analyseTrustPolicy(JSON.stringify(open), OWN).notes).not.toContain('network-confined');
  }
  const named = policy(allow({ AWS: '*' }, { IpAddress: { 'aws:SourceIp': '1.2.0.0/16' } }));
  expect(analyseTrustPolicy(JSON.stringify(named), OWN).notes).toContain('network-confined');
});
