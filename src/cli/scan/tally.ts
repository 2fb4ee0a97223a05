import type { EvidenceRow } from '../../model/evidence-row.ts';
import { counted } from '../../text/counted.ts';

/** What the files of a scan come to, apart from their roles. */
export class ScanTally {
  files = 0;
  records = 0;
  private unrelated = 0;
  /** What was named by `--organization` and leads to something of an organisation. */
  private readonly fruitful = new Set<string>();
  private timedByModification = 0;
  private leastOfThese: string | null = null;

  /** @param leads what `--organization` named that leads to the file, where it says something of an organisation */
  add({ path, recordsRead, problems, capturedFrom }: EvidenceRow, leads: readonly string[] = []): void {
    this.files++;
    for (const lead of leads) this.fruitful.add(lead);
    this.records += recordsRead;
    if (problems.some(({ code }) => code === 'unrelated')) this.unrelated++;
    if (capturedFrom !== 'modified') return;
    this.timedByModification++;
    // The least path, because files end in any order.
    if (this.leastOfThese === null || path < this.leastOfThese) this.leastOfThese = path;
  }

  /**
   * Why the scan is incomplete, as parts of a sentence; what its store lacks comes on top (see `Completeness`).
   *
   * @param strict counts files that no format recognised, even without a trace of roles
   * @param named by `--organization`
   * @param records that were found where roles were looked for; null: that is not known yet
   */
  gaps(
    strict: boolean,
    named: readonly string[] = [],
    records: number | null = this.records,
  ): readonly string[] {
    const fruitless = [...new Set(named)].filter((path) => !this.fruitful.has(path)).sort();
    return [
      ...(records === 0 ? ['no role was found in the evidence'] : []),
      ...(fruitless.length > 0
        ? [
            `nothing of an organisation was found where --organization says (${fruitless.join(', ')}: docs/collect.md says what to give)`,
          ]
        : []),
      ...(strict && this.unrelated > 0
        ? [`${counted(this.unrelated, 'file is', 'files are')} in no supported format (--strict)`]
        : []),
    ];
  }

  /** One sentence on files whose capture time is the time they were last changed; null when there is none. */
  timeWarning(): string | null {
    if (this.leastOfThese === null) return null;
    const files = counted(this.timedByModification, 'file tells', 'files tell');
    return `${files} no capture time, so the time of last change was taken (such as ${this.leastOfThese}); a copy or download may have changed it: say \`--captured-at\`, or put the date into the name of file or folder`;
  }
}
