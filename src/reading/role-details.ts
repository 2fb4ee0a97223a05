import type { PolicyPlace } from '../formats/shared/file-reading.ts';
import type { FormatSession } from '../formats/shared/format.ts';
import type { Sink } from '../formats/shared/sink.ts';
import type { ManagedPolicy } from '../model/record.ts';
import type { RoleDetail } from '../model/role-detail.ts';
import {
  type StoredDetail,
  storedDetail,
  UNKNOWN_DETAIL,
  UNKNOWN_STORED,
} from '../model/role-detail-text.ts';
import { ElementWindow, MAX_ELEMENT } from './element-window.ts';

/** Bytes over which managed policies wait for the end of their listing; a listing of one account is seldom as long. */
const MAX_WAITING = 16 * 1024 * 1024;
/** ARNs. */
const MAX_WANTED = 100_000;

/**
 * What one file shows of its failing roles beside their trust policies, and of those that pass their tags, by which a guardrail
 * may close them. The JSON readers hand out no more than every role needs; here the few elements that matter are read once
 * more, while their text is still there.
 *
 * Of managed policies those are handed on that a failing role of the same listing has, and where the listing is not the
 * whole of its account, all: the role may be in another file. What this comes to depends on the file alone, never on how
 * its bytes were dealt out.
 */
export class RoleDetails {
  private session: FormatSession | null = null;
  private sink: Sink | null = null;
  private window: ElementWindow | null = null;
  private readonly waiting: PolicyPlace[] = [];
  private readonly wanted = new Set<string>();
  private wantsAll = false;

  begin(session: FormatSession, sink: Sink): void {
    this.session = session;
    this.sink = sink;
  }

  /** @param start offset of the first byte pushed into it */
  openWindow(start: number): ElementWindow {
    this.window = new ElementWindow(start);
    return this.window;
  }

  /** The batch was taken up, and its bytes go. */
  release(): void {
    this.sink?.forgetLate();
    this.window?.keepFrom(this.waiting[0]?.offset ?? null);
    this.window?.release();
  }

  /** Of a failing role, by the offset of its element. */
  of(offset: number): StoredDetail {
    const detail = this.shown(offset);
    if (detail === null) return UNKNOWN_STORED;
    const stored = storedDetail(detail);
    if (stored.text.length > MAX_ELEMENT) return UNKNOWN_STORED;
    for (const arn of detail.attached ?? []) this.want(arn);
    if (detail.boundary !== null) this.want(detail.boundary);
    return stored;
  }

  /** Of a role whose ways in are all guarded, by whose tags a guardrail may close these, too; null: not shown. */
  tagsOf(offset: number): StoredDetail | null {
    const tags = this.shown(offset)?.tags ?? null;
    if (tags === null) return null;
    const stored = storedDetail({ ...UNKNOWN_DETAIL, tags });
    return stored.text.length > MAX_ELEMENT ? null : stored;
  }

  private shown(offset: number): RoleDetail | null {
    const { session, window } = this;
    if (window === null || session?.detail === undefined || this.sink?.isLate(offset) === true) return null;
    const value = window.valueAt(offset);
    return value === undefined ? null : session.detail(value);
  }

  private want(arn: string): void {
    if (this.wanted.size < MAX_WANTED) this.wanted.add(arn);
    else this.wantsAll = true;
  }

  /** A role of the listing, failing or not, at an offset; returns the policies that can wait no longer. */
  passed(offset: number): readonly ManagedPolicy[] {
    const [first] = this.waiting;
    if (first === undefined || offset - first.offset <= MAX_WAITING) return [];
    return this.take(() => true);
  }

  policy(place: PolicyPlace): readonly ManagedPolicy[] {
    if (this.window === null || this.session?.policyText === undefined) return [];
    const taken = this.passed(place.offset);
    if (place.settled !== true) this.waiting.push(place);
    else if (this.wantsAll || this.wanted.has(place.arn)) return [...taken, this.read(place)];
    return taken;
  }

  /** @param whole as `Sink.endPolicies` is given it */
  end(whole: boolean): readonly ManagedPolicy[] {
    const { wantsAll } = this;
    const taken = this.take(({ arn }) => !whole || wantsAll || this.wanted.has(arn));
    this.wanted.clear();
    this.wantsAll = false;
    return taken;
  }

  private take(isKept: (place: PolicyPlace) => boolean): readonly ManagedPolicy[] {
    return this.waiting
      .splice(0)
      .filter(isKept)
      .map((place) => this.read(place));
  }

  private read({ arn, capturedAt, version, offset }: PolicyPlace): ManagedPolicy {
    const value = this.window?.valueAt(offset);
    const document = value === undefined ? null : (this.session?.policyText?.(value) ?? null);
    return { arn, capturedAt, version, document };
  }
}
