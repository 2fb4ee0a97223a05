import type { RoleColumns, RowGroup, RowRun } from '../reader.ts';
import type { Scanner, ScannerExports, ScanPlan } from './scanner.ts';
import type { FieldTexts } from './texts.ts';

/** What the scanner has gathered of one source. */
interface TakenRows {
  readonly source: number;
  readonly count: number;
  /** Offset of the last element. */
  readonly last: number;
  readonly columns: { readonly runs: readonly RowRun[]; readonly roles: RoleColumns | null };
}

/** Rows as the scanner writes them, see simd/assembly/rows.ts. */
export class Rows {
  private readonly plan: ScanPlan;
  private readonly shared: WebAssembly.Memory;
  private readonly wasm: ScannerExports;
  private readonly texts: FieldTexts;
  /** False where no source has rows. */
  private readonly any: boolean;
  /** Reading a number of the scanner's takes longer than keeping it. */
  private readonly newsStart: number;
  private memory: Buffer;
  private words: Uint32Array;
  private policyTexts: string[] = [];
  private source = -1;
  private group: RowGroup | null = null;
  private runs: RowRun[] = [];
  /** Elements in the runs before the one that goes on. */
  private counted = 0;

  constructor(plan: ScanPlan, { memory, exports }: Scanner, texts: FieldTexts) {
    this.plan = plan;
    this.shared = memory;
    this.wasm = exports;
    this.texts = texts;
    this.any = plan.index.sources.some(({ row }) => row !== null);
    this.newsStart = exports.NEWS_AT.value >> 2;
    this.memory = Buffer.from(memory.buffer);
    this.words = new Uint32Array(memory.buffer);
  }

  /** The memory has grown. */
  renew(): void {
    this.memory = Buffer.from(this.shared.buffer);
    this.words = new Uint32Array(this.shared.buffer);
  }

  /** Another group begins. False when its elements are to be handed out one by one. */
  openGroup(root: number): boolean {
    this.endRun();
    this.source = this.plan.roots.indexOf(root);
    const row = this.plan.index.sources[this.source]?.row;
    if (row === undefined || row === null) throw new Error('the scanner makes rows where there are none');
    const values = row.group.map((_, index) => this.groupText(index + 1));
    this.group = row.open(this.groupText(0), values);
    return this.group !== null;
  }

  /** Makes the texts of new policies, before their bytes move. */
  takePolicies(): void {
    if (!this.any) return;
    const end = this.wasm.newsAt.value >> 2;
    if (end === this.newsStart) return;
    for (let at = this.newsStart; at < end; at += 4) {
      const text = this.texts.value(this.words[at] as number, this.words[at + 1] as number);
      this.policyTexts[this.words[at + 2] as number] = text;
    }
    this.wasm.clearNews();
  }

  /** The rows since the last call; null when there are none. */
  take(): TakenRows | null {
    const count = this.any ? this.wasm.count.value : 0;
    if (count === 0) return null;
    this.endRun();
    const columns = { runs: this.runs, roles: this.roleColumns() };
    const taken = { source: this.source, count, last: this.wasm.last.value, columns };
    this.runs = [];
    this.counted = 0;
    this.wasm.clearRows();
    if (this.wasm.arePoliciesForgotten() !== 0) this.policyTexts = [];
    return taken;
  }

  private endRun(): void {
    const count = this.wasm.count.value - this.counted;
    if (count > 0 && this.group !== null) this.runs.push({ group: this.group, count });
    this.counted += count;
  }

  private groupText(index: number): string {
    const at = this.wasm.GROUP_AT.value + index * this.wasm.GROUP_BYTES.value;
    const length = this.words[at >> 2] as number;
    return this.memory.toString('utf8', at + 4, at + 4 + length);
  }

  private roleColumns(): RoleColumns | null {
    const { ROWS_AT, rowsAt, TEXTS_AT, textsAt, ROW_BYTES } = this.wasm;
    const size = ROW_BYTES.value;
    const count = (rowsAt.value - ROWS_AT.value) / size;
    if (count === 0) return null;
    const lengths = new Uint32Array(2 * count);
    const policies = new Uint32Array(count);
    const offsets = new Float64Array(count);
    const doubles = new Float64Array(this.memory.buffer, ROWS_AT.value, count * (size >> 3));
    for (
      let row = 0, at = ROWS_AT.value >> 2, double = 2;
      row < count;
      row++, at += size >> 2, double += size >> 3
    ) {
      lengths[2 * row] = this.words[at] as number;
      lengths[2 * row + 1] = this.words[at + 1] as number;
      policies[row] = this.words[at + 2] as number;
      offsets[row] = doubles[double] as number;
    }
    const texts = this.memory.toString('latin1', TEXTS_AT.value, textsAt.value);
    return { texts, lengths, policies, offsets, policyTexts: this.policyTexts };
  }
}
