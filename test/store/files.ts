import { createHash } from 'node:crypto';
import type { AccountCapture } from '../../src/model/capture.ts';
import type { EvidenceRow } from '../../src/model/evidence-row.ts';
import type { OrganizationCapture } from '../../src/model/organizations/fact.ts';
import type { RoleRecord } from '../../src/model/record.ts';
import type { Evaluated, PolicyVerdict } from '../../src/model/verdict.ts';
import type { Run, Store } from '../../src/store/index.ts';

export const RULE = 'TEST.RULE';
export const AT = '2030-01-01T00:00:00Z';

/** One evidence file as a test describes it. */
export interface TestFile {
  readonly path: string;
  readonly captures: readonly AccountCapture[];
  readonly records: readonly RoleRecord[];
  /** What the file says of organisations. */
  readonly organization?: OrganizationCapture;
  /** Tells apart two versions of one path; the path itself by default. */
  readonly content?: string;
  /** Id of a format; `test` by default. */
  readonly format?: string;
  /** False: something of the file could not be read; true by default. */
  readonly whole?: boolean;
}

export function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function roleRecord(given: Partial<RoleRecord> & { readonly policy?: string }): RoleRecord {
  const { policy, ...rest } = given;
  const account = rest.account ?? '111122223333';
  const roleName = rest.roleName ?? 'Partner';
  return {
    account,
    partition: 'aws',
    arn: `arn:aws:iam::${account}:role/${roleName}`,
    roleName,
    roleId: '',
    trust: { state: 'document', text: policy ?? '{"pass":1}' },
    status: 'live',
    capturedAt: '2026-01-01T00:00:00Z',
    version: '',
    offset: 0,
    pointer: '',
    ...rest,
  };
}

export function verdictOf(given: Partial<PolicyVerdict>): PolicyVerdict {
  return {
    rule: RULE,
    verdict: 'pass',
    literal: 'pass',
    reason: 'guarded',
    notes: [],
    message: 'Every path is guarded.',
    paths: [],
    witness: null,
    ...given,
  };
}

/** Judges a test policy by the word in it: `fail`, else a pass; no document is an error. */
export function judge(record: RoleRecord): Evaluated | null {
  if (record.status === 'deleted') return null;
  if (record.trust.state !== 'document' || record.status === 'not-recorded') {
    return {
      account: '',
      verdicts: [verdictOf({ verdict: 'error', literal: 'error', reason: 'trust-policy-missing' })],
    };
  }
  const failing = record.trust.text.includes('fail');
  const paths = failing
    ? [{ statement: 0, sid: null, principal: '999988887777', account: '999988887777', guards: [] }]
    : [];
  return { account: '', verdicts: [verdictOf({ verdict: failing ? 'fail' : 'pass', paths })] };
}

export function beginRun(store: Store): Run {
  return store.beginRun({ startedAt: AT, asOf: AT, toolVersion: '1.2.3', rules: [RULE], options: {} });
}

export function writeFile(run: Run, file: TestFile): EvidenceRow {
  const writer = run.evidence();
  for (const record of file.records) writer.add(record, judge(record));
  const { organization } = file;
  if (organization !== undefined) writer.organization(organization);
  const ofOrganization = organization === undefined ? 0 : organization.accepted + organization.duplicate;
  return writer.finish({
    evidence: {
      path: file.path,
      sha256: sha256Of(file.content ?? file.path),
      bytes: file.records.length * 100,
      modifiedAt: null,
    },
    format: file.format ?? 'test',
    capturedFrom: 'evidence',
    captures: file.captures,
    recordsRead: file.records.length + ofOrganization,
    status: file.whole === false ? 'incomplete' : 'complete',
    problems: file.whole === false ? [{ code: 'truncated', message: 'It ends too early.' }] : [],
  });
}

export function scan(store: Store, files: readonly TestFile[]): readonly EvidenceRow[] {
  const run = beginRun(store);
  const rows = files.map((file) => writeFile(run, file));
  run.finish('complete', AT);
  return rows;
}
