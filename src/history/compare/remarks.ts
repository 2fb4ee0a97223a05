import { TrustsieveError } from '../../errors.ts';
import type { EvidencePeriod } from '../../model/report-source.ts';
import type { StoreReader } from '../../store/index.ts';
import type { AccountPair, DiffSide, LooksBefore, SidesCaptures } from './account-pairs.ts';

/**
 * What a reader has to know of the two sides before any number: that one rests on nothing, both on the same captures, or
 * not on as late ones as was asked for. Sentences without their end.
 */
export function remarksOn(
  reader: StoreReader,
  pairs: readonly AccountPair[],
  from: DiffSide | LooksBefore,
  to: DiffSide,
): readonly string[] {
  const evidence = reader.evidencePeriod();
  if (evidence === null) return ['the store holds no capture of an account, so there is nothing to compare'];
  const remarks: string[] = [];
  for (const side of [from, to]) {
    if (!isLaterThan(side, evidence)) continue;
    remarks.push(
      `\`${side.label}\` is later than the newest capture, which is of ${evidence.to}: that side is what was captured by then`,
    );
  }
  for (const [side, covers] of [
    [from, pairs.some((pair) => pair.from !== null)],
    [to, pairs.some((pair) => pair.to !== null)],
  ] as const) {
    // That there is no look before is no fault of who asks.
    if (covers || side.scope.kind === 'previous') continue;
    remarks.push(`${NOTHING[side.scope.kind](side.label)}; ${covered(evidence)}`);
  }
  if (pairs.length > 0 && pairs.every((pair) => pair.from !== null && pair.from.at === pair.to?.at)) {
    remarks.push(
      `both sides rest on the same captures, so nothing can have changed; ${covered(evidence)}${nearest(reader, pairs)}`,
    );
  }
  return remarks;
}

/** Why a side rests on nothing. */
const NOTHING: Readonly<Record<DiffSide['scope']['kind'], (label: string) => string>> = {
  at: (label) => `no account has a capture by \`${label}\``,
  run: (label) => `run ${label} read no capture of an account`,
  all: () => 'no account has a capture',
};

/**
 * Refuses a comparison with a moment before all evidence: everything would be not comparable.
 * Errors: `usage`, with what the store covers.
 */
export function refuseUncovered(
  { captures, evidence }: { readonly captures: SidesCaptures; readonly evidence: EvidencePeriod | null },
  from: DiffSide | LooksBefore,
  to: DiffSide,
): void {
  if (evidence === null) return;
  for (const [side, own] of [
    [from, captures.from],
    [to, captures.to],
  ] as const) {
    if (side.scope.kind !== 'at' || own !== null) continue;
    throw new TrustsieveError(
      'usage',
      `${NOTHING.at(side.label)}: ${covered(evidence)}; the nearest is the first of these`,
    );
  }
}

function covered({ from, to }: EvidencePeriod): string {
  return from === to
    ? `the store has captures of ${from} only`
    : `the store has captures from ${from} to ${to}`;
}

/** A date is later than all captures of its day; labels are written like times. */
function isLaterThan({ label, scope }: DiffSide | LooksBefore, { to }: EvidencePeriod): boolean {
  return scope.kind === 'at' && label > to.slice(0, label.length === DAY ? DAY : to.length);
}

const DAY = '2026-03-31'.length;

/** The captures right before and after those of both sides, where there are any. */
function nearest(reader: StoreReader, pairs: readonly AccountPair[]): string {
  let before = '';
  let after = '';
  for (const { account, to } of pairs) {
    if (to === null) continue;
    for (const { at } of reader.capturesBefore(account, to.at)) {
      if (at > before) before = at;
      break;
    }
    const next = reader.nextCapture(account, to.at);
    if (next !== null && (after === '' || next < after)) after = next;
  }
  const found = [
    ...(before === '' ? [] : [`the next before is of ${before}Z`]),
    ...(after === '' ? [] : [`the next after is of ${after}Z`]),
  ];
  return found.length === 0 ? '' : `; ${found.join(', ')}`;
}
