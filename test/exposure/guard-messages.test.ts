import { describe, expect, it } from 'vitest';
import { analyseTrustPolicy } from '../../src/exposure/analyse.ts';
import { allow, deny, EXT, extRoot, OTHER, OWN, policy } from './cases/index.ts';

const ID = { StringEquals: { 'sts:ExternalId': '8f14e45fceea167a' } };
const ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' } };
const role = (name: string, account = EXT): string => `arn:aws:iam::${account}:role/${name}`;
const open = 'can assume this role without MFA or an external ID.';
const guarded = 'can assume this role only with an external ID.';

function messageOf(...statements: readonly unknown[]): string {
  return analyseTrustPolicy(JSON.stringify(policy(...statements)), OWN).message;
}

describe('the message of a fail', () => {
  it('names a principal of undefined meaning as it is written, asterisk and all', () => {
    expect(messageOf(allow({ AWS: `arn:aws:iam::${EXT}:role/jenkins-*` }))).toBe(
      `Whoever \`arn:aws:iam::${EXT}:role/jenkins-*\` stands for in account ${EXT} ${open}`,
    );
  });

  it('speaks of the whole account before its users and roles', () => {
    const user = `arn:aws:iam::${EXT}:user/ann`;
    expect(messageOf(allow({ AWS: [user, extRoot.AWS] }))).toBe(`Any principal of account ${EXT} ${open}`);
    expect(messageOf(allow({ AWS: user }), allow(extRoot))).toBe(`Any principal of account ${EXT} ${open}`);
  });

  it('speaks of anyone before everybody else', () => {
    expect(messageOf(allow({ AWS: [role('Ci'), EXT, '*'] }))).toBe(`Anyone, from any account, ${open}`);
    expect(messageOf(allow({ AWS: EXT }), allow({ AWS: '*' }, ORG), allow({ AWS: '*' }))).toBe(
      `Anyone, from any account, ${open}`,
    );
  });

  it('names the organisation that confines', () => {
    const any = 'Any account of organisation `o-abcd123456`';
    expect(messageOf(allow({ AWS: '*' }, ORG))).toBe(`${any} ${open}`);
    const paths = {
      'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-abcd123456/r-ab12/ou-ab12-1/*' },
    };
    expect(messageOf(allow({ AWS: '*' }, paths))).toBe(`${any} ${open}`);
    const outside = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' } };
    expect(messageOf(allow({ AWS: '*' }), deny({ AWS: '*' }, outside))).toBe(`${any} ${open}`);
    expect(messageOf(allow({ AWS: '*' }, ORG), allow({ AWS: [EXT, OTHER] }))).toBe(
      `${any} and principals of 2 more accounts ${open}`,
    );
    const leaking = { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-abcd123456' } };
    expect(messageOf(allow({ AWS: '*' }, leaking))).toBe(`Anyone, from any account, ${open}`);
  });

  it('counts further accounts and principals', () => {
    expect(messageOf(allow({ AWS: [role('Ci'), OTHER] }))).toBe(
      `Any principal of account ${OTHER} and principals of 1 more account ${open}`,
    );
    expect(messageOf(allow({ AWS: [role('Ci'), role('Cd'), role('Ce')] }))).toBe(
      `\`${role('Ci')}\` of account ${EXT} and 2 more principals of it ${open}`,
    );
  });

  it('does not say that all of those get in of whom a condition picks some', () => {
    const only = { ArnLike: { 'aws:PrincipalArn': role('deploy-*', '*') } };
    expect(messageOf(allow({ AWS: '*' }, only))).toMatch(
      /^Principals of any account, such as `arn:aws:iam::\d{12}:role\/deploy-[^`]*`, can assume/,
    );
    const one = { ArnEquals: { 'aws:PrincipalArn': role('deploy') } };
    expect(messageOf(allow(extRoot, one))).toBe(
      `Principals of account ${EXT}, such as \`${role('deploy')}\`, ${open}`,
    );
  });
});

describe('the message of a pass', () => {
  it('speaks of the widest way in and counts the others', () => {
    expect(messageOf(allow(extRoot, ID))).toBe(`Any principal of account ${EXT} ${guarded}`);
    expect(messageOf(allow({ AWS: [role('Ci', OTHER), EXT] }, ID))).toBe(
      `Any principal of account ${EXT} and principals of 1 more account ${guarded}`,
    );
    expect(messageOf(allow({ AWS: [EXT, '*'] }, ID))).toBe(`Anyone, from any account, ${guarded}`);
    expect(
      messageOf(allow({ AWS: '*' }, { StringEquals: { ...ID.StringEquals, ...ORG.StringEquals } })),
    ).toBe(`Any account of organisation \`o-abcd123456\` ${guarded}`);
  });
});

it('a template variable in a principal is never called anyone', () => {
  for (const principal of [
    '${AccountId}',
    'arn:aws:iam::${AccountId}:root',
    'arn:aws:iam::${AccountId}:role/x',
  ]) {
    for (const condition of [undefined, ID]) {
      const { message, notes } = analyseTrustPolicy(
        JSON.stringify(policy(allow({ AWS: principal }, condition))),
        OWN,
      );
      expect(message).not.toMatch(/anyone|any account|any principal/i);
      expect(notes).not.toContain('world-principal');
    }
  }
});
