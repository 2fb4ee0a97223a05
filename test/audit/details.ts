import { auditFile, openJudges } from '../../src/audit/audit-file.ts';
import type { JudgedSink } from '../../src/audit/judged-sink.ts';
import { EvidenceStream } from '../../src/evidence/open.ts';
import type { Source } from '../../src/evidence/source.ts';
import type { ReadOptions } from '../../src/formats/shared/file-reading.ts';
import type { ReaderFactory } from '../../src/json/reader.ts';
import type { ManagedPolicy, RolePolicy } from '../../src/model/record.ts';
import type { RoleDetail } from '../../src/model/role-detail.ts';
import { loadedDetail } from '../../src/model/role-detail-text.ts';
import { OPTIONS } from '../formats/read.ts';

export const OPEN = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::999988887777:root' }, Action: 'sts:AssumeRole' },
  ],
};
export const GUARDED = {
  Version: '2012-10-17',
  Statement: OPEN.Statement.map((one) => ({ ...one, Condition: { Null: { 'sts:ExternalId': 'false' } } })),
};
export const CLOSED = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
};

/** Hands the pieces out in one and the same place, as reading a file does: what was there before is gone. */
function sourceOf(pieces: readonly Uint8Array[]): Source {
  const place = Buffer.alloc(Math.max(0, ...pieces.map(({ length }) => length)));
  let next = 0;
  return {
    modifiedAt: null,
    bytes: 0,
    size: 0,
    file: null,
    next() {
      place.fill('#');
      const piece = pieces[next++];
      place.set(piece ?? []);
      return Promise.resolve(piece === undefined ? null : place.subarray(0, piece.length));
    },
    digest: () => '',
    close: () => Promise.resolve(),
  };
}

export interface Details {
  /** Of failing and passing roles, by name of the role. */
  readonly roles: Readonly<Record<string, RoleDetail>>;
  readonly policies: readonly ManagedPolicy[];
  readonly rolePolicies: readonly RolePolicy[];
}

/** What a scan keeps of failing roles in a file that is read in these pieces. */
export async function detailsIn(
  pieces: readonly (string | Uint8Array)[],
  createReader?: ReaderFactory,
  path = 'evidence.json',
  options: Partial<ReadOptions> = {},
): Promise<Details> {
  const roles: Record<string, RoleDetail> = {};
  const policies: ManagedPolicy[] = [];
  const rolePolicies: RolePolicy[] = [];
  const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
  const sink: JudgedSink = {
    add({ arn }, evaluated, detail = null) {
      const verdict = evaluated?.verdicts[0]?.verdict;
      if (detail === null ? verdict === 'fail' : verdict !== 'fail' && verdict !== 'pass')
        throw new Error('a detail goes with failing roles, and with some that pass');
      if (detail !== null) roles[nameOf(arn)] = loadedDetail(detail);
    },
    addRoles({ texts, lengths, policies: judgedAs, judged, details = [] }) {
      let at = 0;
      let detailed = 0;
      for (const [row, policy] of judgedAs.entries()) {
        const arn = texts.slice(at, at + (lengths[2 * row] as number));
        at += (lengths[2 * row] as number) + (lengths[2 * row + 1] as number);
        const detail = details[detailed]?.row === row ? details[detailed++] : undefined;
        sink.add(
          { arn } as Parameters<JudgedSink['add']>[0],
          judged[policy]?.evaluated ?? null,
          detail ?? null,
        );
      }
    },
    managedPolicy: (policy) => policies.push(policy),
    rolePolicy: (policy) => rolePolicies.push(policy),
    reject: () => {},
    capture: () => {},
    entity: () => {},
    organization: () => undefined,
    entityCapture: () => {},
  };
  const stream = await EvidenceStream.start(path, sourceOf(pieces.map((piece) => Buffer.from(piece))));
  const part = { kind: 'opened', path, file: null, kept: null, stream } as const;
  await auditFile(
    part,
    { ...OPTIONS, ...options },
    openJudges(null),
    sink,
    { records: () => {} },
    createReader,
  );
  return { roles, policies, rolePolicies };
}
