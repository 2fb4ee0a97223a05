import type { PolicyPlace } from '../formats/shared/file-reading.ts';
import type { FormatSession } from '../formats/shared/format.ts';
import type { Sink } from '../formats/shared/sink.ts';
import type { ManagedPolicy } from '../model/record.ts';
import { type StoredDetail, storedDetail, UNKNOWN_STORED } from '../model/role-detail-text.ts';
import { type ElementTexts, MAX_ELEMENT } from './element-window.ts';

/** Bytes over which managed policies wait for the end of their listing; a listing of one account is seldom as long. */
const MAX_WAITING = 16 * 1024 * 1024;
/** ARNs. */
const MAX_WANTED = 100_000;

/**
 * What one file shows of its failing roles beside their trust policies. The JSON readers hand out no more than every role
 * needs; here the few elements that matter are read once more, while their text is still there.
 *
 * Of managed policies those are handed on that a failing role of the same listing has, and where the listing is not the
 * whole of its account, all: the role may be in another file. What this comes to depends on the file alone, never on how
 * its bytes were dealt out.
 */
export class RoleDetails {
  private session: FormatSession | null = null;
  private sink: Sink | null = null;
  private texts: ElementTexts | null = null;
  private readonly waiting: Waiting[] = [];
  private readonly wanted = new Set<string>();
  private wantsAll = false;

  begin(session: FormatSession, sink: Sink): void {
    this.session = session;
    this.sink = sink;
  }

  /** @param texts what the reader of the file is given */
  lookInto<Texts extends ElementTexts>(texts: Texts): Texts {
    this.texts = texts;
    return texts;
  }

  /** The batch was taken up, and its bytes go. */
  release(): void {
    this.sink?.forgetLate();
    this.texts?.keepFrom(this.waiting[0]?.place.offset ?? null);
    this.texts?.release();
  }

  /** Of a failing role, by the place of its element, or else its offset. */
  of(place: number): StoredDetail {
    const { session, texts } = this;
    if (texts === null || session?.detail === undefined || this.sink?.isLate(place) === true) {
      return UNKNOWN_STORED;
    }
    const value = texts.valueAt(place);
    if (value === undefined) return UNKNOWN_STORED;
    const detail = session.detail(value);
    const stored = storedDetail(detail);
    if (stored.text.length > MAX_ELEMENT) return UNKNOWN_STORED;
    for (const arn of detail.attached ?? []) this.want(arn);
    if (detail.boundary !== null) this.want(detail.boundary);
    return stored;
  }

  private want(arn: string): void {
    if (this.wanted.size < MAX_WANTED) this.wanted.add(arn);
    else this.wantsAll = true;
  }

  /** A role of the listing, failing or not, at an offset; returns the policies that can wait no longer. */
  passed(offset: number): readonly ManagedPolicy[] {
    const [first] = this.waiting;
    if (first === undefined || offset - first.place.offset <= MAX_WAITING) return [];
    return this.take(() => true);
  }

  policy(place: PolicyPlace): readonly ManagedPolicy[] {
    const { arn, capturedAt, version, document, isRecord } = place;
    if (document !== undefined) {
      return [{ arn, capturedAt, version, document, ...(isRecord === true && { isRecord }) }];
    }
    if (this.texts === null || this.session?.policyText === undefined) return [];
    const taken = this.passed(place.offset);
    if (place.settled === true) {
      return this.wantsAll || this.wanted.has(arn) ? [...taken, this.read(place)] : taken;
    }
    const keeps = this.texts.keepFrom(this.waiting[0]?.place.offset ?? place.offset);
    this.waiting.push({ place, policy: keeps ? null : this.read(place) });
    return taken;
  }

  /** @param whole as `Sink.endPolicies` is given it */
  end(whole: boolean): readonly ManagedPolicy[] {
    const { wantsAll } = this;
    const taken = this.take((arn) => !whole || wantsAll || this.wanted.has(arn));
    this.wanted.clear();
    this.wantsAll = false;
    return taken;
  }

  private take(isKept: (arn: string) => boolean): readonly ManagedPolicy[] {
    return this.waiting
      .splice(0)
      .filter(({ place }) => isKept(place.arn))
      .map(({ place, policy }) => policy ?? this.read(place));
  }

  private read({ arn, capturedAt, version, offset, place = offset }: PolicyPlace): ManagedPolicy {
    const value = this.texts?.valueAt(place);
    const document = value === undefined ? null : (this.session?.policyText?.(value) ?? null);
    return { arn, capturedAt, version, document };
  }
}

interface Waiting {
  readonly place: PolicyPlace;
  /** Null while its text can still be asked for. */
  readonly policy: ManagedPolicy | null;
}
