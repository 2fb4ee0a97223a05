import { splitArn } from '../../model/arn.ts';
import type { VerdictObject } from '../../model/verdict.ts';
import { visible } from '../../text/hidden-characters.ts';
import { yamlText } from '../../text/yaml-text.ts';

/** The part of an exceptions file that accepts one finding; two of its texts are for people to fill in. */
export interface ProposedException {
  readonly id: string;
  readonly rule: string;
  readonly account: string;
  readonly role: string;
  /** Absent where the rule tells of no ways in. */
  readonly principal?: readonly string[];
  /** Absent where the principals say already which accounts they are of. */
  readonly principalAccount?: readonly string[];
  /** Empty, so that the entry accepts nothing by accident: an exceptions file with it is refused. */
  readonly reason: '';
  readonly expires: '';
}

type Accepted = Pick<VerdictObject, 'rule' | 'account' | 'arn' | 'roleName' | 'paths'>;

/** Accepts exactly this finding: this role under this rule, and those who get in unguarded now. */
export function proposedException(finding: Accepted): ProposedException {
  const { rule, account, arn, roleName } = finding;
  const open = openPaths(finding);
  const accounts = [...new Set(open.map((path) => path.account))].sort();
  const isTold = open.every((path) => path.principal.includes(path.account));
  return {
    id: [account, roleName, rule].join('/'),
    rule: exactly(rule),
    account,
    role: exactly(arn),
    ...(open.length > 0 && {
      principal: [...new Set(open.map(({ principal }) => exactly(principal)))].sort(),
    }),
    ...(!isTold && !accounts.includes('*') && { principalAccount: accounts }),
    reason: '',
    expires: '',
  };
}

/** The entry as YAML, to stand in the list `exceptions` of a file, or in a file of its own. */
export function exceptionEntry(finding: Accepted): string {
  const { id, rule, account, role, principal, principalAccount } = proposedException(finding);
  const names = new Map(openPaths(finding).map((path) => [exactly(path.principal), path.accountName]));
  const patterns = [rule, role, ...(principal ?? [])];
  return [
    '  # Refused by `trustsieve exceptions check` until reason and expires are filled in.',
    ...(principal === undefined ? [] : ['  # Whoever is let in later is not accepted with these.']),
    ...(patterns.some((text) => text.includes('?'))
      ? ['  # `?` is any one character: here a wildcard or a blank, which cannot be written otherwise.']
      : []),
    `  - id: ${yamlText(id)}`,
    `    rule: ${yamlText(rule)}`,
    `    account: ${yamlText(account)}`,
    `    role: ${yamlText(role)}`,
    ...list('principal', principal, (text) => names.get(text) ?? null),
    ...list('principalAccount', principalAccount, () => null),
    '    reason: "" # why it is accepted',
    '    expires: "" # the last day it holds: YYYY-MM-DD',
    '    # owner: "" # who answers for it',
    '',
  ].join('\n');
}

function list(
  key: string,
  texts: readonly string[] | undefined,
  nameOf: (text: string) => string | null,
): readonly string[] {
  if (texts === undefined) return [];
  const lines = texts.map((text) => {
    const name = nameOf(text);
    return `      - ${yamlText(text)}${name === null ? '' : ` # ${visible(name)}`}`;
  });
  return [`    ${key}:`, ...lines];
}

function openPaths({ paths }: Accepted): VerdictObject['paths'] {
  return paths.filter(({ guards }) => guards.length === 0);
}

/**
 * A pattern that matches the text and, apart from single characters, nothing else. Exceptions know no way to write a
 * `*` that is no wildcard, nor a blank at either end, nor an ARN that is none.
 */
function exactly(text: string): string {
  const pattern = text.replaceAll('*', '?').replace(/^\s|\s$/g, '?');
  return pattern.startsWith('arn:') && splitArn(pattern) === null ? `?${pattern.slice(1)}` : pattern;
}
