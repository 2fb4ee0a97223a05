import { TrustsieveError } from '../../errors.ts';
import type { ReportSource } from '../../model/report-source.ts';
import { nameOfArn } from '../../model/role-arn.ts';
import type { StoreReader } from '../../store/index.ts';
import { allNearest, farthest } from '../../text/nearest.ts';
import type { CliContext } from '../context.ts';
import { say } from '../output/messages.ts';

/** Roles of one name that are listed. */
const LISTED = 20;
/** Roles and names that are offered for one that is not known. */
const OFFERED = 3;

/**
 * The ARN of a role that is named by its ARN or by its name alone. Reads the ARNs of all roles for a name, and for an ARN that is
 * not known; holds few.
 *
 * @throws TrustsieveError `not-found` for none, and for several of one name, which are listed on stderr before
 */
export function roleArgument(
  word: string,
  reader: Pick<StoreReader, 'roleArns'>,
  source: ReportSource,
  context: CliContext,
): string {
  const stands = (arn: string): boolean => !isEmpty(source.verdicts({ arn }));
  if (word.includes(':')) {
    if (stands(word)) return word;
    throw unknown(`role \`${word}\``, near(word, beside(word, reader.roleArns(null))));
  }
  const found: string[] = [];
  for (const arn of reader.roleArns(word)) {
    if (found.length > LISTED) break;
    if (stands(arn)) found.push(arn);
  }
  const [first] = found;
  if (first === undefined) throw unknown(`role named \`${word}\``, near(word, names(reader.roleArns(null))));
  if (found.length === 1) return first;
  for (const arn of found.slice(0, LISTED)) say('note', `\`${word}\` is the name of ${arn}`, context);
  const many = found.length > LISTED ? `more than ${LISTED}` : String(found.length);
  throw new TrustsieveError('not-found', `${many} roles are named \`${word}\`: give the ARN of one of them`);
}

function isEmpty(all: Iterable<unknown>): boolean {
  for (const _ of all) return false;
  return true;
}

function unknown(what: string, offered: readonly string[]): TrustsieveError {
  const meant =
    offered.length === 0 ? '' : ` (did you mean ${offered.map((one) => `\`${one}\``).join(' or ')}?)`;
  return new TrustsieveError(
    'not-found',
    `the store knows no ${what} at the latest capture of its account${meant}`,
  );
}

function* names(arns: Iterable<string>): Iterable<string> {
  for (const arn of arns) yield nameOfArn(arn);
}

/** Those of the same account and path. */
function* beside(word: string, arns: Iterable<string>): Iterable<string> {
  const path = word.slice(0, word.length - nameOfArn(word).length);
  for (const arn of arns) if (arn.startsWith(path)) yield arn;
}

/** By the name alone, of which an ARN has more than can be mistyped. */
function near(word: string, candidates: Iterable<string>): readonly string[] {
  return allNearest(word, candidates, farthest(nameOfArn(word)), OFFERED);
}
