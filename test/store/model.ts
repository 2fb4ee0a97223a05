import type { RoleRecord } from '../../src/model/record.ts';
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
  readonly sources: Map<TestFile, Source>;
  readonly disagreements: (readonly string[])[];
}

/** What one file claims of a capture, and which roles it shows with which policies ('': gone). */
interface Source {
  complete: boolean;
  readonly reasons: Set<string>;
  readonly roles: Map<string, Set<string>>;
  covered: boolean;
}

const HARMLESS = ['changes-only', 'maybe-filtered', 'no-iam-recorded', 'partial-inventory'];
const SELECTIONS = HARMLESS.filter((one) => one !== 'maybe-filtered');

const columnTime = (iso: string): string => iso.slice(0, -1);
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function policyHash(record: RoleRecord): string {
  if (record.status === 'deleted') return '';
  if (record.status === 'not-recorded') return sha256Of('missing\nnot recorded');
  if (record.trust.state === 'document') return sha256Of(record.trust.text);
  if (record.trust.state === 'missing') return sha256Of('missing\nnot in the export');
  return sha256Of(`undecodable\n${record.trust.reason}`);
}

const MISSING = ['missing\nnot recorded', 'missing\nnot in the export'].map(sha256Of);
/** A policy ranks above none in the export. */
const rank = (policy: string): string => (policy === '' || MISSING.includes(policy) ? policy : `~${policy}`);

/** The newest records of a role in a file and capture, one of each policy; the one that stands first. */
function standing(records: readonly RoleRecord[]): readonly RoleRecord[] {
  const sorted = [...records].sort(
    (a, b) =>
      compare(b.version, a.version) ||
      compare(rank(policyHash(b)), rank(policyHash(a))) ||
      Math.sign(a.offset - b.offset),
  );
  const newest = sorted.filter(({ version }) => version === sorted[0]?.version);
  return newest.filter((one, at) => at === 0 || policyHash(one) !== policyHash(newest[at - 1] as RoleRecord));
}

const arnOf = (role: string): string => String((JSON.parse(role) as string[])[1]);
const idOf = (role: string): string => String((JSON.parse(role) as string[])[2]);
const isLive = (policies: Iterable<string>): boolean => [...policies].some((policy) => policy !== '');

/** What sources that show all roles say of the others, and what all of them disagree on. */
function holdTogether(capture: Capture): void {
  const sources = [...capture.sources];
  const wholes = sources.filter(([file, { complete }]) => complete && file.whole !== false);
  const shown = new Map<string, Set<string>>();
  for (const [file, source] of sources) {
    for (const [role, policies] of source.roles) {
      const all = shown.get(role) ?? new Set();
      shown.set(role, all);
      for (const policy of policies) all.add(policy);
      const arns = (whole: Source) => [...whole.roles].filter(([other]) => arnOf(other) === arnOf(role));
      const lacks = ([, whole]: (typeof wholes)[number]) =>
        whole !== source && !arns(whole).some(([, others]) => isLive(others));
      // The last page of an export does not show what stands on the pages before.
      const uncut = source.complete || [...source.reasons].every((one) => HARMLESS.includes(one));
      if (uncut && isLive(policies) && wholes.some(lacks)) all.add('');
    }
    const covers = ([, whole]: (typeof wholes)[number]) =>
      [...source.roles.keys()].every(
        (role) =>
          whole.roles.has(role) ||
          (idOf(role) === '' && [...whole.roles.keys()].some((other) => arnOf(other) === arnOf(role))),
      );
    source.covered = !(source.complete && file.whole !== false) && wholes.some(covers);
  }
  for (const [role, policies] of shown) {
    const missing = [...policies].filter((policy) => MISSING.includes(policy)).sort();
    const isTold = [...policies].some((policy) => policy !== '' && !MISSING.includes(policy));
    for (const policy of isTold ? missing : missing.slice(0, -1)) policies.delete(policy);
    if (policies.size < 2) continue;
    const [, arn, id] = JSON.parse(role) as [string, string, string];
    for (const policy of policies) capture.disagreements.push([capture.account, capture.at, arn, id, policy]);
  }
  capture.conflict = capture.disagreements.length > 0;
  capture.complete =
    sources.some(([, { complete }]) => complete) &&
    sources.every(
      ([, { complete, covered, reasons }]) =>
        complete || covered || [...reasons].every((one) => HARMLESS.includes(one)),
    );
  if (!capture.complete)
    for (const [, { reasons }] of sources) for (const reason of reasons) capture.reasons.add(reason);
}

/** What the tables must hold for these files, worked out the slow and obvious way from all of them at once. */
export function modelOf(
  files: readonly TestFile[],
): Pick<Dump, 'captures' | 'roles' | 'observations' | 'disagreements' | 'covered'> {
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
        disagreements: [],
      };
      captures.set(key, capture);
    }
    return capture;
  };
  const roles = new Map<string, readonly [account: string, arn: string, id: string]>();

  const sourceOf = ({ sources }: Capture, file: TestFile): Source => {
    const source = sources.get(file) ?? {
      complete: true,
      reasons: new Set(),
      roles: new Map<string, Set<string>>(),
      covered: false,
    };
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
      for (const reason of claim.reasons) source.reasons.add(reason);
    }
    const groups = new Map<string, RoleRecord[]>();
    for (const record of file.records) {
      const key = JSON.stringify([record.account, record.capturedAt, record.arn, record.roleId]);
      groups.set(key, [...(groups.get(key) ?? []), record]);
    }
    for (const group of groups.values()) {
      for (const record of standing(group)) {
        const capture = captureAt(record.account, columnTime(record.capturedAt));
        const source = sourceOf(capture, file);
        if (!claimed.has(`${capture.account} ${capture.at}`)) {
          source.complete = false;
          source.reasons.add('unstated');
        }
        const key = JSON.stringify([record.account, record.arn, record.roleId]);
        roles.set(key, [record.account, record.arn, record.roleId]);
        const policy = policyHash(record);
        source.roles.set(key, (source.roles.get(key) ?? new Set()).add(policy));
        const fact: Fact = { policy, path: file.path, sha256, offset: record.offset };
        const other = capture.facts.get(key);
        const wins =
          other === undefined ||
          (compare(rank(fact.policy), rank(other.policy)) ||
            compare(other.path, fact.path) ||
            compare(other.sha256, sha256)) > 0;
        if (wins) capture.facts.set(key, fact);
      }
    }
  }

  for (const capture of captures.values()) holdTogether(capture);

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
      [...capture.reasons].some((one) => !SELECTIONS.includes(one)) ? 1 : 0,
      capture.conflict ? 'conflicting-records' : null,
    ]),
    roles: [...roles.values()].sort(
      (a, b) => compare(a[0], b[0]) || compare(a[1], b[1]) || compare(a[2], b[2]),
    ),
    observations,
    disagreements: inTime
      .flatMap(({ disagreements }) => disagreements)
      .sort((a, b) => a.map((one, at) => compare(one, b[at] ?? '')).find((order) => order !== 0) ?? 0),
    covered: inTime.flatMap(({ account, at, sources }) =>
      [...sources]
        .map(
          ([file, { covered }]) => [file.path, sha256Of(file.content ?? file.path), covered ? 1 : 0] as const,
        )
        .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
        .map((row) => [account, at, ...row]),
    ),
  };
}
