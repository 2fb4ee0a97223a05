import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { TrustsieveError } from '../../errors.ts';
import { hashFile } from '../../evidence/hash-file.ts';
import { type ManifestScan, manifestScan, type NamedConfiguration } from '../../manifest/scan.ts';
import { readKey, signatureFault, signaturePath } from '../../manifest/signature.ts';
import { joinRelations } from '../../model/account-lists.ts';
import { STALE_AFTER } from '../../model/completeness.ts';
import type { CliContext } from '../context.ts';
import { readAccountLists } from '../input/account-files.ts';
import { accountArgument, agesArgument, timeArgument } from '../input/arguments.ts';
import { exceptionsArgument } from '../input/exception-files.ts';
import { optionFile } from '../input/option-file.ts';
import { usableRules } from '../input/rule-files.ts';
import { say } from '../output/messages.ts';
import type { Lost, RepairArguments, RepairScan } from './repair-scan.ts';

/** The scans that manifests tell of, in the order given. */
export interface GivenManifests {
  readonly scans: readonly RepairScan[];
  readonly lost: readonly Lost[];
}

/** Errors: `file-not-found`, `file-unreadable`, `configuration-invalid` for what is no manifest or not signed by the key. */
export async function readManifests(
  { manifest: paths = [], key: keyFile }: RepairArguments,
  context: CliContext,
): Promise<GivenManifests> {
  const key = keyFile === undefined ? null : readKey('public', await optionFile('key', keyFile), keyFile);
  const scans: RepairScan[] = [];
  const digests = new Set<string>();
  const previous: Lost[] = [];
  for (const path of paths) {
    const text = await optionFile('manifest', path);
    const sha256 = createHash('sha256').update(text).digest('hex');
    const refuse = (why: string): never => {
      throw new TrustsieveError('configuration-invalid', `cannot use the manifest \`${path}\`: ${why}`);
    };
    const scan = manifestScan(text) ?? refuse('it is no manifest of a scan, or not a whole one');
    const envelope = await readFile(signaturePath(path), 'utf8').catch(() => null);
    if (key !== null) {
      const fault = envelope === null ? 'the manifest is not signed' : signatureFault(envelope, key, sha256);
      if (fault !== null) refuse(fault);
    } else if (envelope !== null) {
      say('note', `the signature of \`${path}\` was not checked: give --key`, context);
    }
    const repeated = await repairScan(scan, scans, context);
    scans.push(repeated);
    digests.add(sha256);
    if (scan.previous !== null && !digests.has(scan.previous.sha256)) {
      const reason = 'it is the manifest of the scan before, and was not given before this one';
      previous.push({ path: scan.previous.name, reason });
    }
  }
  return { scans, lost: previous };
}

async function repairScan(
  scan: ManifestScan,
  before: readonly RepairScan[],
  context: CliContext,
): Promise<RepairScan> {
  const lost: Lost[] = [];
  const named = new Map<string, string[]>();
  for (const file of scan.configuration) {
    const reason = await faultOf(file);
    if (reason !== null) lost.push({ path: file.name, reason });
    else named.set(file.option, [...(named.get(file.option) ?? []), file.name]);
  }
  const first = (option: string): string | undefined => named.get(option)?.[0];
  const lists = await readAccountLists(first('accounts'), first('knownAccounts'));
  const hasLists = lists.organisation !== null || lists.vendors !== null;
  const { asOf } = scan;
  const relations = before.findLast(({ lists: then }) => then !== null)?.lists?.relations;
  const readOptions = {
    ...scan.readOptions,
    account: accountArgument(scan.readOptions.account ?? undefined),
    capturedAt: timeArgument('captured-at', scan.readOptions.capturedAt ?? undefined),
  };
  const { staleAfter = STALE_AFTER, maxAge = null } = {
    ...before.at(-1),
    ...agesArgument({ staleAfter: scan.staleAfter, maxAge: scan.maxAge }),
  };
  return {
    id: before.length + 1,
    startedAt: asOf,
    finishedAt: asOf,
    asOf,
    status: scan.isComplete ? 'complete' : 'incomplete',
    options: { paths: scan.paths, ...readOptions },
    paths: scan.paths,
    readOptions,
    furtherRules: await usableRules(named.get('rules') ?? [], context),
    exceptions: (await exceptionsArgument(first('exceptions'), context)) ?? [],
    staleAfter,
    maxAge,
    lists: hasLists ? { members: lists.organisation, relations: joinRelations(lists, relations) } : null,
    shards: scan.shard === null ? [] : [scan.shard],
    evidence: scan.evidence,
    lost,
  };
}

async function faultOf({ name, sha256, bytes, option }: NamedConfiguration): Promise<string | null> {
  if (option === '') return 'the manifest, of an older version, does not say by which option it was given';
  const found = await hashFile(name, bytes);
  if (found.state === 'missing') return 'it is not there any more';
  if (found.state === 'unreadable') return found.reason;
  return found.sha256 === sha256 ? null : 'it holds something else now';
}
