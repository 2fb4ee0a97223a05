import type { ReadOptions } from '../../formats/shared/file-reading.ts';
import type { MemberList } from '../../model/account-lists.ts';
import type { Shard } from '../../model/completeness.ts';
import type { AccountRelations } from '../../model/relations.ts';
import { compileFurther, type FurtherRule } from '../../rules/custom/further-rule.ts';
import { RULES } from '../../rules/index.ts';
import type { SavedScans, StoredEvidence, StoredScan } from '../../store/index.ts';

/** What `runs --repair` is asked for. */
export interface RepairArguments {
  readonly db: string;
  readonly manifest: readonly string[] | undefined;
  readonly key: string | undefined;
}

/** A scan that is to be repeated. */
export interface RepairScan {
  readonly id: number;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly asOf: string;
  readonly status: 'complete' | 'incomplete' | 'interrupted';
  /** As a scan keeps them. */
  readonly options: unknown;
  /** The paths that led to the evidence. */
  readonly paths: readonly string[];
  readonly readOptions: ReadOptions;
  readonly furtherRules: readonly FurtherRule[];
  readonly exceptions: readonly unknown[];
  readonly staleAfter: number;
  readonly maxAge: number | null;
  /** Null: as they are. */
  readonly lists: { readonly members: MemberList | null; readonly relations: AccountRelations } | null;
  readonly shards: readonly Shard[];
  readonly evidence: readonly StoredEvidence[];
  /** What else cannot be had again. */
  readonly lost: readonly Lost[];
}

/** Something that the store knew and the new one does not. */
export interface Lost {
  readonly path: string;
  /** A clause. */
  readonly reason: string;
}

/** The scans that a damaged store tells of. */
export function scansToRepeat({ scans, rules }: SavedScans): readonly RepairScan[] {
  const builtIn = new Set(RULES.map(({ id }) => id));
  return scans.map((scan): RepairScan => {
    const lost: Lost[] = [];
    const furtherRules = scan.rules
      .filter((id) => !builtIn.has(id))
      .flatMap((id): readonly FurtherRule[] => {
        const metadata = rules.find((rule) => rule.metadata.id === id)?.metadata;
        const parts = metadata === undefined ? null : compileFurther(metadata.logic).parts;
        if (metadata !== undefined && parts !== null) return [{ metadata, ...parts }];
        lost.push({ path: `rule ${id}`, reason: 'its text cannot be read any more' });
        return [];
      });
    const { status, options } = scan;
    const isEnded = status === 'complete' || status === 'incomplete';
    return {
      ...scan,
      finishedAt: scan.finishedAt ?? scan.startedAt,
      status: isEnded ? status : 'interrupted',
      paths: pathsIn(options),
      readOptions: readOptionsOf(scan),
      furtherRules,
      lost,
    };
  });
}

function readOptionsOf({ options, startedAt }: StoredScan): ReadOptions {
  const given = (isObject(options) ? options : {}) as Partial<ReadOptions>;
  return {
    account: given.account ?? null,
    capturedAt: given.capturedAt ?? null,
    format: given.format ?? null,
    receivedAt: given.receivedAt ?? startedAt,
    whole: given.whole === true,
  };
}

function pathsIn(options: unknown): readonly string[] {
  const paths = isObject(options) ? options['paths'] : undefined;
  return Array.isArray(paths) ? paths.map(String) : [];
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
