import type { RoleRecord } from '../../src/formats/record.ts';
import type { Dump } from './dump.ts';
import { sha256Of, type TestFile } from './files.ts';

/** One role in one capture, all files taken together. */
interface Fact {
  readonly policy: string;
  readonly path: string;
  readonly sha256: string;
  readonly offset: number;
}

interface Capture {
  readonly account: string;
  readonly at: string;
  complete: boolean;
  readonly reasons: Set<string>;
  conflict: boolean;
  readonly facts: Map<string, Fact>;
  /** What each file claims, and which roles it shows. */
  readonly sources: Map<TestFile, { complete: boolean; readonly roles: Set<string> }>;
}

const columnTime = (iso: string): string => iso.slice(0, -1);
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function policyHash(record: RoleRecord): string {
  if (record.status === 'deleted') return '';
  if (record.status === 'not-recorded') return sha256Of('missing\nnot recorded');
  if (record.trust.state === 'document') return sha256Of(record.trust.text);
  if (record.trust.state === 'missing') return sha256Of('missing\nnot in the export');
  return sha256Of(`undecodable\n${record.trust.reason}`);
}

/** The one record of a role in a file and capture that stands. */
function standing(records: readonly RoleRecord[]): RoleRecord {
  const sorted = [...records].sort(
    (a, b) =>
      compare(b.version, a.version) ||
      compare(policyHash(b), policyHash(a)) ||
      Math.sign(a.offset - b.offset),
  );
  return sorted[0] as RoleRecord;
}

/** What the tables must hold for these files, worked out the slow and obvious way from all of them at once. */
export function modelOf(files: readonly TestFile[]): Pick<Dump, 'captures' | 'roles' | 'observations'> {
  const captures = new Map<string, Capture>();
  const captureAt = (account: string, at: string): Capture => {
    const key = `${account} ${at}`;
    let capture = captures.get(key);
    if (capture === undefined) {
      capture = {
        account,
        at,
        complete: true,
        reasons: new Set(),
        conflict: false,
        facts: new Map(),
        sources: new Map(),
      };
      captures.set(key, capture);
    }
    return capture;
  };
  const roles = new Map<string, readonly [account: string, arn: string, id: string]>();

  const sourceOf = (
    { sources }: Capture,
    file: TestFile,
  ): { complete: boolean; readonly roles: Set<string> } => {
    const source = sources.get(file) ?? { complete: true, roles: new Set<string>() };
    sources.set(file, source);
    return source;
  };

  const distinct = new Map(files.map((file) => [`${file.path}\n${file.content ?? file.path}`, file]));
  for (const file of distinct.values()) {
    const sha256 = sha256Of(file.content ?? file.path);
    const claimed = new Set<string>();
    for (const claim of file.captures) {
      const capture = captureAt(claim.account, columnTime(claim.capturedAt));
      claimed.add(`${capture.account} ${capture.at}`);
      const source = sourceOf(capture, file);
      if (claim.complete) continue;
      source.complete = false;
      for (const reason of claim.reasons) capture.reasons.add(reason);
    }
    const groups = new Map<string, RoleRecord[]>();
    for (const record of file.records) {
      const key = JSON.stringify([record.account, record.capturedAt, record.arn, record.roleId]);
      groups.set(key, [...(groups.get(key) ?? []), record]);
    }
    for (const group of groups.values()) {
      const record = standing(group);
      const capture = captureAt(record.account, columnTime(record.capturedAt));
      if (!claimed.has(`${capture.account} ${capture.at}`)) {
        sourceOf(capture, file).complete = false;
        capture.reasons.add('unstated');
      }
      const key = JSON.stringify([record.account, record.arn, record.roleId]);
      roles.set(key, [record.account, record.arn, record.roleId]);
      sourceOf(capture, file).roles.add(key);
      const fact: Fact = { policy: policyHash(record), path: file.path, sha256, offset: record.offset };
      const other = capture.facts.get(key);
      if (other !== undefined && other.policy !== fact.policy) capture.conflict = true;
      const wins =
        other === undefined ||
        (compare(fact.policy, other.policy) ||
          compare(other.path, fact.path) ||
          compare(other.sha256, sha256)) > 0;
      if (wins) capture.facts.set(key, fact);
    }
  }

  for (const capture of captures.values()) {
    const sources = [...capture.sources.values()];
    const whole = sources.filter(({ complete }) => complete);
    capture.complete = sources.every(
      (source) =>
        source.complete || whole.some((other) => [...source.roles].every((role) => other.roles.has(role))),
    );
    if (capture.complete) capture.reasons.clear();
  }

  const inTime = [...captures.values()].sort((a, b) => compare(a.account, b.account) || compare(a.at, b.at));
  const observations: (readonly (string | number)[])[] = [];
  for (const [key, [account, arn, id]] of roles) {
    const own = inTime.filter((capture) => capture.account === account);
    const row = (first: string, last: Capture, complete: number): void => {
      const fact = last.facts.get(key) as Fact;
      observations.push([
        account,
        arn,
        id,
        fact.policy,
        first,
        last.at,
        complete,
        fact.path,
        fact.sha256,
        fact.offset,
      ]);
    };
    let start: string | undefined;
    let end: Capture | undefined;
    for (const capture of own) {
      const fact = capture.facts.get(key);
      if (!capture.complete) {
        if (fact !== undefined) row(capture.at, capture, 0);
        continue;
      }
      if (start !== undefined && end !== undefined && end.facts.get(key)?.policy !== fact?.policy) {
        row(start, end, 1);
        start = undefined;
        end = undefined;
      }
      if (fact !== undefined) {
        start ??= capture.at;
        end = capture;
      }
    }
    if (start !== undefined && end !== undefined) row(start, end, 1);
  }
  observations.sort(
    (a, b) =>
      compare(String(a[0]), String(b[0])) ||
      compare(String(a[1]), String(b[1])) ||
      compare(String(a[2]), String(b[2])) ||
      compare(String(a[5]), String(b[5])),
  );
  return {
    captures: inTime.map((capture) => [
      capture.account,
      capture.at,
      capture.complete ? 1 : 0,
      capture.complete ? null : [...capture.reasons].sort().join(','),
      [...capture.reasons].some((one) => one !== 'changes-only' && one !== 'partial-inventory') ? 1 : 0,
      capture.conflict ? 'conflicting-records' : null,
    ]),
    roles: [...roles.values()].sort(
      (a, b) => compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]),
    ),
    observations,
  };
}
