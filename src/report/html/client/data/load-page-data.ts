import type { EvidenceRow, RejectRow } from '../../../../model/evidence-row.ts';
import type { FindingColumns } from '../../shared/finding-columns.ts';
import type { PackedTime } from '../../shared/packed-time.ts';
import { unpackColumns } from '../../shared/packing.ts';
import type { AccountLine, FindingDetail, PayloadLine, PayloadMeta } from '../../shared/payload.ts';
import type { ThirdPartyLine } from '../../shared/third-party-line.ts';
import { payloadLines } from './inflate.ts';
import type { PageData } from './page-data.ts';

type Columns = { -readonly [K in keyof FindingColumns]: FindingColumns[K][number][] };

/** @throws when the data is damaged or cut short. */
export async function loadPageData(packed: string): Promise<PageData> {
  const loading = new PageDataLoading();
  for await (const line of payloadLines(packed)) loading.take(line);
  return loading.finish();
}

/** Puts the lines of the payload together. */
class PageDataLoading {
  private meta: PayloadMeta = { noteSentences: {}, rules: [] };
  private readonly accounts: AccountLine[] = [];
  private readonly thirdParties: ThirdPartyLine[] = [];
  private readonly evidence: EvidenceRow[] = [];
  private readonly rejects: RejectRow[] = [];
  private readonly strings: string[] = [];
  private readonly columns = emptyColumns();
  /** Findings that the last line counts; -1 until it came. */
  private announced = -1;

  take(line: PayloadLine): void {
    switch (line.kind) {
      case 'meta':
        this.meta = line.meta;
        break;
      case 'strings':
        append(this.strings, line.values);
        break;
      case 'findings':
        appendColumns(this.columns, unpackColumns(line.columns));
        break;
      case 'accounts':
        append(this.accounts, line.rows);
        break;
      case 'third-parties':
        append(this.thirdParties, line.rows);
        break;
      case 'evidence':
        append(this.evidence, line.rows);
        break;
      case 'rejects':
        append(this.rejects, line.rows);
        break;
      case 'end':
        this.announced = line.findings;
        break;
    }
  }

  /** @throws when the last line is missing, or counts other findings than came. */
  finish(): PageData {
    const { meta, accounts, thirdParties, evidence, rejects, strings, columns } = this;
    const count = columns.rule.length;
    if (this.announced !== count) throw new Error('the data of this page is cut short');
    return {
      meta,
      accounts,
      thirdParties,
      evidence,
      rejects,
      strings,
      columns,
      count,
      accountNames: byAccount(accounts, ({ name }) => name),
      carried: byAccount(accounts, ({ carriedForward }) => carriedForward),
      lowerNames: columns.roleName.map((name) => name.toLowerCase()),
      detail: detailsOf(strings),
    };
  }
}

/** What is known of accounts, without those of which it is not. */
function byAccount<T>(
  accounts: readonly AccountLine[],
  value: (account: AccountLine) => T | null,
): ReadonlyMap<string, T> {
  const known = new Map<string, T>();
  for (const row of accounts) {
    const found = value(row);
    if (found !== null) known.set(row.account, found);
  }
  return known;
}

/** Parses a detail when it is first asked for, and remembers it. */
function detailsOf(strings: readonly string[]): (id: number) => FindingDetail {
  const details = new Map<number, FindingDetail>();
  return (id) => {
    let detail = details.get(id);
    if (detail === undefined) {
      detail = JSON.parse(strings[id] ?? '') as FindingDetail;
      details.set(id, detail);
    }
    return detail;
  };
}

function append<T>(to: T[], values: readonly T[]): void {
  for (const value of values) to.push(value);
}

function appendColumns(to: Columns, from: FindingColumns): void {
  for (const name of Object.keys(to) as (keyof Columns)[]) {
    append<PackedTime>(to[name] as PackedTime[], from[name]);
  }
}

function emptyColumns(): Columns {
  return {
    rule: [],
    account: [],
    partition: [],
    detail: [],
    policy: [],
    source: [],
    sha256: [],
    capturedAt: [],
    firstSeen: [],
    lastSeen: [],
    suppressedBy: [],
    verdict: [],
    literal: [],
    severity: [],
    state: [],
    effective: [],
    impact: [],
    tags: [],
    created: [],
    lastUsed: [],
    offset: [],
    roleName: [],
    roleId: [],
    arnStart: [],
    oddArn: [],
  };
}
