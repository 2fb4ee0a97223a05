import { parseText } from '../../api/input.ts';
import type { KnownAccounts, OwnAccount } from '../../api/options.ts';
import { TrustsieveError } from '../../errors.ts';
import { JsonObject, JsonSyntaxError, printJson } from '../../iam/json.ts';
import type { AccountRelations } from '../../model/relations.ts';
import { writeAll, writeReportFile } from '../../report/index.ts';
import type { Checked } from '../checker.ts';
import { checkOutputs } from '../output/output-places.ts';
import { TOOL_VERSION } from '../version.ts';
import type { Given } from './given.ts';
import { checkPage } from './page.ts';

/** What the command line says of the policies that the page is for. */
export interface PageSettings {
  readonly account: string | null;
  readonly relations: AccountRelations;
  /** Null: the page judges against the moment it is used. */
  readonly asOf: string | null;
}

/** What of the command line decides where the page goes. */
interface PageArguments {
  readonly html: string | undefined;
  readonly ndjson: boolean;
  readonly file: string | undefined;
  readonly accounts: string | undefined;
  readonly knownAccounts: string | undefined;
}

/** Finds out early whether `--html` can be written, over nothing that is read. */
export async function checkPagePlace(args: PageArguments): Promise<void> {
  const path = args.html;
  if (path === undefined) return;
  if (args.ndjson)
    throw new TrustsieveError('usage', 'the page of --html opens with one policy; leave --ndjson out');
  const read = [args.file, args.accounts, args.knownAccounts];
  const files = read.flatMap((one) => (typeof one !== 'string' || one === '-' ? [] : [one]));
  await checkOutputs([{ option: '--html', path }], { db: null, files });
}

/** Writes the page, to open with the policy that was checked; null: with none. */
export async function writeCheckPage(
  path: string,
  checked: { readonly text: string; readonly verdict: Checked['verdict'] } | null,
  { account, relations, asOf }: PageSettings,
): Promise<void> {
  const { organisationKnown } = relations;
  const lists = listsOf(relations);
  const given: Given = {
    policy: checked === null ? null : policyIn(checked.text),
    account: checked?.verdict.account ?? account,
    arn: checked?.verdict.arn ?? null,
    partition: checked?.verdict.partition ?? null,
    accounts: organisationKnown ? lists.accounts : null,
    knownAccounts: lists.knownAccounts,
    asOf,
  };
  await writeReportFile(path, (out) => writeAll(out, [checkPage(given, TOOL_VERSION)]));
}

/** A text that holds a policy beside an account gives the policy alone; any other is shown as it came. */
function policyIn(text: string): string {
  try {
    const input = parseText(text);
    if (input instanceof JsonObject && input.all('Statement').length === 0) {
      const [trust] = input.all('trust');
      if (trust !== undefined) return printJson(trust);
    }
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
  }
  return text;
}

/** As the page's judge takes them, each account once. */
function listsOf({ accounts }: AccountRelations): {
  readonly accounts: readonly OwnAccount[];
  readonly knownAccounts: readonly KnownAccounts[];
} {
  const own: OwnAccount[] = [];
  const known: KnownAccounts[] = [];
  for (const [id, { name, relation }] of [...accounts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (relation === 'same-organisation') own.push(name === null ? { Id: id } : { Id: id, Name: name });
    else known.push({ name: name ?? '', accounts: [id], ...(relation === 'unknown' && { type: 'aws' }) });
  }
  return { accounts: own, knownAccounts: known };
}
