import { describe, expect, it } from 'vitest';
import { viewEntity } from '../../src/audit/entity-view.ts';
import type { EntityRecord } from '../../src/model/record.ts';

function policy(attachmentCount: unknown): EntityRecord {
  return {
    type: 'IamPolicy',
    account: '111122223333',
    name: 'p',
    unreadable: [],
    detail: { Arn: 'arn:aws:iam::111122223333:policy/p', AttachmentCount: attachmentCount },
  } as unknown as EntityRecord;
}

describe('viewEntity', () => {
  it('knows who a policy is attached to when it is nobody', () => {
    const { entity, absent } = viewEntity(policy(0));
    expect(entity).toMatchObject({ users: [], roles: [], groups: [] });
    expect([...absent]).not.toContain('users');
  });

  it.each([1, null, '0'])('does not know it otherwise (%s)', (count) => {
    const { entity, absent } = viewEntity(policy(count));
    expect(entity).toMatchObject({ users: null, roles: null, groups: null });
    expect([...absent]).toEqual(expect.arrayContaining(['users', 'roles', 'groups']));
  });
});
