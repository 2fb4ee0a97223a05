import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { expandEvidence } from '../../src/evidence/archive/index.ts';
import type { FormatEvent } from '../../src/formats/shared/file-reading.ts';
import { readEvidence } from '../../src/reading/read-evidence.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { ACCOUNT, arnOf, asText, GUARDED, json, OPEN, type SampleRole } from './five-roles.ts';
import { OPTIONS, ROLE_PATH, readWhole } from './read.ts';

describe('iam-collect', () => {
  it('takes the ARN from the file beside it', async () => {
    const folder = temporaryFolder();
    const below = join(folder, 'aws/aws/accounts', ACCOUNT, 'iam/role/open');
    mkdirSync(below, { recursive: true });
    const file = join(below, 'trust-policy.json');
    writeFileSync(file, json(OPEN.trust));
    writeFileSync(join(below, 'metadata.json'), json({ arn: arnOf(OPEN), name: 'Open', id: OPEN.id }));
    const batches = readEvidence({ kind: 'file', path: file, file }, OPTIONS);
    const events: unknown[] = [];
    let step = await batches.next();
    for (; step.done !== true; step = await batches.next()) events.push(...step.value);
    expect(step.value).toMatchObject({ format: 'iam-collect', status: 'complete', problems: [] });
    expect(events).toMatchObject([
      { kind: 'role', record: { arn: arnOf(OPEN), roleId: OPEN.id, trust: { text: asText(OPEN) } } },
      { kind: 'capture', capture: { account: ACCOUNT, reasons: ['partial-inventory'] } },
    ]);
  });

  it('finds that file in an archive, where it comes first', async () => {
    const folder = temporaryFolder();
    const below = (name: string) => `iam-data/aws/aws/accounts/${ACCOUNT}/iam/role/${name}/`;
    const metadata = (role: SampleRole) => strToU8(json({ arn: arnOf(role), id: role.id }));
    const policy = (role: SampleRole) => strToU8(json(role.trust));
    const file = join(folder, 'x.zip');
    const members = {
      [`${below('open')}metadata.json`]: metadata(OPEN),
      [`${below('open')}trust-policy.json`]: policy(OPEN),
      // Of another folder.
      [`${below('guarded')}trust-policy.json`]: policy(GUARDED),
      [`${below('guarded')}metadata.json`]: metadata(GUARDED),
    };
    writeFileSync(file, zipSync(members));
    const found: unknown[] = [];
    for await (const part of expandEvidence({ kind: 'file', path: 'x.zip', file })) {
      for await (const batch of readEvidence(part, OPTIONS)) found.push(...batch);
    }
    const arns = (found as FormatEvent[]).flatMap((event) =>
      event.kind === 'role' ? [event.record.arn] : [],
    );
    expect(arns).toEqual([arnOf(OPEN), `arn:aws:iam::${ACCOUNT}:role/guarded`]);
  });

  it('takes the name of the folder where that file is missing', async () => {
    const path = `x/aws/aws-cn/accounts/${ACCOUNT}/iam/role/service-role%2fopen/trust-policy.json`;
    const { roles, codes } = await readWhole(json(OPEN.trust), {}, path);
    expect(roles).toMatchObject([
      { arn: `arn:aws-cn:iam::${ACCOUNT}:role/service-role/open`, partition: 'aws-cn' },
    ]);
    expect(codes).toEqual(['name-from-path']);
  });

  it('leaves what stands beside it', async () => {
    const path = ROLE_PATH.replace('trust-policy', 'metadata');
    const { reading } = await readWhole(json({ arn: arnOf(OPEN), name: 'Open' }), {}, path);
    expect(reading).toMatchObject({ status: 'complete', problems: [{ code: 'not-evidence' }] });
  });
});
