import { describe, expect, it } from 'vitest';
import { readContent } from './read.ts';

const HEADER = ':ID,Path:string,Id:string,Name:string,Trusts:string,Arn:string,:LABEL';
const row = (name: string, trust: string) =>
  `arn:aws:iam::111122223333:role/${name},/,AROA1,${name},"${trust.replaceAll('"', '""')}",arn:aws:iam::111122223333:role/${name},AWS::Iam::Role`;

describe('awspx CSV', () => {
  it('reads roles, and does not take them for all of an account', async () => {
    const policy = '{"Statement":[{"Effect":"Allow"}]}';
    const { roles, captures, reading } = await readContent(
      `${HEADER}\n${row('a', policy)}\n${row('b', '')}\n`,
    );
    expect(roles).toMatchObject([
      { roleName: 'a', roleId: 'AROA1', trust: { state: 'document', text: policy }, pointer: '#2' },
      { roleName: 'b', trust: { state: 'missing' } },
    ]);
    expect(captures).toMatchObject([
      { account: '111122223333', complete: false, reasons: ['maybe-filtered'] },
    ]);
    expect(reading.format).toBe('awspx-csv');
  });

  it('takes them for all where a service-linked role is among them', async () => {
    const { captures } = await readContent(
      `${HEADER}\n${row('a', '')}\n${row('aws-service-role/x/b', '')}\n`,
    );
    expect(captures).toMatchObject([{ complete: true, reasons: [] }]);
  });
});
