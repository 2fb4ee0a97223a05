import { TrustsieveError } from '../../errors.ts';
import type { FileReading } from '../../formats/shared/file-reading.ts';
import { evidenceReasons, undecidedReasons } from '../../history/completeness/completeness.ts';
import { NAMED } from '../../history/completeness/reason.ts';
import type { MemberList } from '../../model/account-lists.ts';
import type { AccountGap, RejectGroup } from '../../model/completeness.ts';
import type { Outcome } from '../../model/exposure.ts';
import type { RejectedRecord } from '../../model/record.ts';
import { standingOf } from '../../report/shared/missing.ts';
import { MemberCaptures } from './member-captures.ts';
import type { EvidenceReading, JudgingSummary, LeftAside } from './types.ts';

/** Without a store nothing puts it together: the accounts of the organisation are given otherwise. */
const ORGANIZATION = 'evidence of an organisation';

/** The records of one file as they were handed out. */
export interface JudgedCounts {
  judged: number;
  deleted: number;
  rejected: number;
  ofOrganizations: number;
}

/** Adds up what was read, for the summary. */
export class Tally {
  readonly captures: MemberCaptures;
  private readonly members: MemberList | null;
  private readonly verdicts: Record<Outcome, number> = { fail: 0, error: 0, pass: 0, 'not-applicable': 0 };
  private readonly sums = {
    files: 0,
    bytes: 0,
    recordsRead: 0,
    recordsJudged: 0,
    recordsDeleted: 0,
    recordsRejected: 0,
    recordsOfOrganizations: 0,
  };
  private readonly rejects = new Map<string, RejectGroup>();
  private readonly asides = new Map<string, LeftAside>();
  private readonly firstUnread: string[] = [];
  private unread = 0;
  private timedByModification = 0;
  private ended = false;

  constructor(members: MemberList | null) {
    this.members = members;
    this.captures = new MemberCaptures(members);
  }

  /** True when a file that was read to its end shows roles, or an account. */
  showsRoles(): boolean {
    return this.captures.showsRoles || this.sums.recordsJudged + this.sums.recordsDeleted > 0;
  }

  /** Counts the verdicts of one role. */
  judged(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) this.verdicts[outcome]++;
  }

  rejected(path: string, reject: RejectedRecord): void {
    const known = this.rejects.get(reject.code);
    this.rejects.set(reject.code, {
      code: reject.code,
      count: (known?.count ?? 0) + 1,
      example: known?.example ?? { path, ...reject },
    });
  }

  /** Takes a file that was read to its end. */
  file(reading: FileReading, counts: JudgedCounts): EvidenceReading {
    const row = rowOf(reading, counts);
    const { sums } = this;
    sums.files++;
    sums.bytes += row.bytes;
    sums.recordsRead += row.recordsRead;
    sums.recordsJudged += row.recordsJudged;
    sums.recordsDeleted += row.recordsDeleted;
    sums.recordsRejected += row.recordsRejected;
    sums.recordsOfOrganizations += row.recordsOfOrganizations;
    if (row.recordsOfOrganizations > 0) this.leaveAside(ORGANIZATION, row.path);
    if (row.capturedFrom === 'modified') this.timedByModification++;
    this.noteProblems(reading);
    return row;
  }

  /** All that there was came out. */
  end(): void {
    this.ended = true;
  }

  summary(): JudgingSummary {
    const gaps = this.captures.gaps();
    const reasons = this.reasonsFor(gaps);
    const standing = standingOf({ membersKnown: this.members !== null, reasons });
    return {
      complete: standing === 'complete',
      standing,
      reasons,
      ended: this.ended,
      ...this.sums,
      verdicts: { ...this.verdicts },
      unread: this.unread,
      rejects: this.rejectGroups(),
      gaps: this.ended ? gaps : [],
      leftAside: [...this.asides.values()].sort((a, b) => (a.what < b.what ? -1 : 1)),
      timedByModification: this.timedByModification,
    };
  }

  private noteProblems({ evidence, problems, status }: FileReading): void {
    if (status !== 'complete') {
      this.unread++;
      if (this.firstUnread.length < NAMED) this.firstUnread.push(evidence.path);
    }
    for (const { code, kind } of problems) {
      if (code !== 'not-evidence' && code !== 'unrelated') continue;
      const what = kind ?? code;
      this.leaveAside(what, evidence.path);
    }
  }

  private leaveAside(what: string, path: string): void {
    const { files = 0, example = path } = this.asides.get(what) ?? {};
    this.asides.set(what, { what, files: files + 1, example });
  }

  private reasonsFor(gaps: readonly AccountGap[]): readonly string[] {
    const { members, ended, unread, firstUnread } = this;
    const missing = { unread, firstUnread, rejects: this.rejectGroups() };
    return [
      ...(ended ? [] : ['the evidence was not read to its end']),
      // Before the end it may still come.
      ...evidenceReasons(this.showsRoles() || !ended, members, ended ? gaps : [], null, missing).map(
        ({ text }) => text,
      ),
      ...(this.captures.overflowed ? ['there are more captures than can be followed'] : []),
      ...undecidedReasons(this.verdicts.error, 'verdict'),
    ];
  }

  private rejectGroups(): readonly RejectGroup[] {
    return [...this.rejects.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  }
}

/** Throws when the counts do not add up: a record would be lost. */
function rowOf(reading: FileReading, counts: JudgedCounts): EvidenceReading {
  const { evidence, recordsRead } = reading;
  if (recordsRead !== counts.judged + counts.deleted + counts.rejected + counts.ofOrganizations) {
    throw new TrustsieveError(
      'internal',
      `the counts of \`${evidence.path}\` do not add up: ${recordsRead} records read, ${counts.judged} judged, ` +
        `${counts.deleted} deleted, ${counts.rejected} rejected, ${counts.ofOrganizations} of organisations`,
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
    recordsOfOrganizations: counts.ofOrganizations,
    status: reading.status,
    problems: reading.problems,
  };
}
