import { describe, expect, it } from 'vitest';
import { asIam, json, OPEN } from './five-roles.ts';
import { readWhole } from './read.ts';

describe('cloud-control', () => {
  const listing = (more: object) =>
    json({
      TypeName: 'AWS::IAM::Role',
      ResourceDescriptions: [{ Identifier: 'Open', Properties: json(asIam(OPEN)) }],
      ...more,
    });

  it.each([
    [{}, [null]],
    [{ NextToken: 't' }, ['next-page-missing']],
    [{ ResourceDescriptions: [{ Identifier: 'Open', Properties: '{"RoleName":"Open"}' }] }, []],
    [{ TypeName: 'AWS::S3::Bucket' }, []],
  ])('knows what %j proves', async (more, reasons) => {
    const { captures, reading } = await readWhole(listing(more));
    expect(captures.map(({ reasons }) => reasons[0] ?? null)).toEqual(reasons);
    expect(reading.status).toBe(reasons[0] === null ? 'complete' : 'incomplete');
  });
});
