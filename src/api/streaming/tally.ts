import type { MemberList } from '../../audit/account-lists.ts';
import { TrustsieveError } from '../../errors.ts';
import type { FileReading } from '../../formats/reading.ts';
import type { RejectedRecord } from '../../formats/record.ts';
import { evidenceReasons, undecidedReasons } from '../../history/completeness.ts';
import { NAMED } from '../../history/naming.ts';
import { standingOf } from '../../report/shared/missing.ts';
import type { Outcome } from '../../rules/judgement.ts';
import type { AccountGap, RejectGroup } from '../../store/types.ts';
import { type Coverage, openCoverage } from './coverage.ts';
import type { EvidenceReading, JudgingSummary, LeftAside } from './types.ts';

/** Adds up what was read, for the summary. */
export interface Tally {
  readonly coverage: Coverage;
  /** True when a file that was read to its end shows roles, or an account. */
  showsRoles(): boolean;
  /** Counts the verdicts of one role. */
  judged(outcomes: readonly Outcome[]): void;
  rejected(path: string, reject: RejectedRecord): void;
  /** Takes a file that was read to its end. */
  file(reading: FileReading, counts: RecordCounts): EvidenceReading;
  /** All that there was came out. */
  end(): void;
  summary(): JudgingSummary;
}

/** The records of one file as they were handed out. */
export interface RecordCounts {
  judged: number;
  deleted: number;
  rejected: number;
}

export function openTally(members: MemberList | null): Tally {
  const coverage = openCoverage(members);
  const verdicts: Record<Outcome, number> = { fail: 0, error: 0, pass: 0, 'not-applicable': 0 };
  const sums = {
    files: 0,
    bytes: 0,
    recordsRead: 0,
    recordsJudged: 0,
    recordsDeleted: 0,
    recordsRejected: 0,
  };
  const rejects = new Map<string, RejectGroup>();
  const asides = new Map<string, LeftAside>();
  const firstUnread: string[] = [];
  let unread = 0;
  let timedByModification = 0;
  let ended = false;

  function noteProblems({ evidence, problems, status }: FileReading): void {
    if (status !== 'complete') {
      unread++;
      if (firstUnread.length < NAMED) firstUnread.push(evidence.path);
    }
    for (const { code, kind } of problems) {
      if (code !== 'not-evidence' && code !== 'unrelated') continue;
      const what = kind ?? code;
      const known = asides.get(what);
      asides.set(what, { what, files: (known?.files ?? 0) + 1, example: known?.example ?? evidence.path });
    }
  }

  function reasonsFor(gaps: readonly AccountGap[]): readonly string[] {
    const groups = [...rejects.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
    const missing = { unread, firstUnread, rejects: groups };
    return [
      ...(ended ? [] : ['the evidence was not read to its end']),
      // Before the end it may still come.
      ...evidenceReasons(showsRoles() || !ended, members, ended ? gaps : [], null, missing),
      ...(coverage.overflowed ? ['there are more captures than can be followed'] : []),
      ...undecidedReasons(verdicts.error, 'verdicts'),
    ];
  }

  function showsRoles(): boolean {
    return coverage.showsRoles || sums.recordsJudged + sums.recordsDeleted > 0;
  }

  return {
    coverage,
    showsRoles,
    judged(outcomes) {
      for (const outcome of outcomes) verdicts[outcome]++;
    },
    rejected(path, reject) {
      const known = rejects.get(reject.code);
      rejects.set(reject.code, {
        code: reject.code,
        count: (known?.count ?? 0) + 1,
        example: known?.example ?? { path, ...reject },
      });
    },
    file(reading, counts) {
      const row = rowOf(reading, counts);
      sums.files++;
      sums.bytes += row.bytes;
      sums.recordsRead += row.recordsRead;
      sums.recordsJudged += row.recordsJudged;
      sums.recordsDeleted += row.recordsDeleted;
      sums.recordsRejected += row.recordsRejected;
      if (row.capturedFrom === 'modified') timedByModification++;
      noteProblems(reading);
      return row;
    },
    end() {
      ended = true;
    },
    summary() {
      const gaps = coverage.gaps();
      const reasons = reasonsFor(gaps);
      const standing = standingOf({ membersKnown: members !== null, reasons });
      return {
        complete: standing === 'complete',
        standing,
        reasons,
        ended,
        ...sums,
        verdicts: { ...verdicts },
        unread,
        rejects: [...rejects.values()].sort((a, b) => (a.code < b.code ? -1 : 1)),
        gaps: ended ? gaps : [],
        leftAside: [...asides.values()].sort((a, b) => (a.what < b.what ? -1 : 1)),
        timedByModification,
      };
    },
  };
}

/** Throws when the counts do not add up: a record would be lost. */
function rowOf(reading: FileReading, counts: RecordCounts): EvidenceReading {
  const { evidence, recordsRead } = reading;
  if (recordsRead !== counts.judged + counts.deleted + counts.rejected) {
    throw new TrustsieveError(
      'internal',
      `the counts of \`${evidence.path}\` do not add up: ${recordsRead} records read, ${counts.judged} judged, ` +
        `${counts.deleted} deleted, ${counts.rejected} rejected`,
    );
  }
  return {
    path: evidence.path,
    sha256: evidence.sha256,
    bytes: evidence.bytes,
    format: reading.format,
    account: reading.account,
    capturedAt: reading.capturedAt,
    capturedFrom: reading.capturedFrom,
    recordsRead,
    recordsJudged: counts.judged,
    recordsDeleted: counts.deleted,
    recordsRejected: counts.rejected,
    status: reading.status,
    problems: reading.problems,
  };
}
