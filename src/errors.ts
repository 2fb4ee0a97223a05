/**
 * The registry of error codes. Every code has a section in docs/errors.md; a test holds the two together.
 * Message grammar: one sentence, lower-case start, no final full stop, user input in backticks.
 */
export const ERRORS = {
  /** The command line cannot be understood. */
  usage: { exit: 2 },
  'file-not-found': { exit: 2 },
  'file-unreadable': { exit: 2 },
  'configuration-invalid': { exit: 2 },
  'store-unwritable': { exit: 2 },
  'store-not-found': { exit: 2 },
  'store-version': { exit: 2 },
  'store-damaged': { exit: 2 },
  'output-unwritable': { exit: 2 },
  'not-found': { exit: 2 },
  'platform-unsupported': { exit: 2 },
  internal: { exit: 4 },
} as const satisfies Record<string, { readonly exit: 2 | 4 }>;

export type ErrorCode = keyof typeof ERRORS;

/** A known failure: printed as one line, with the exit code of its entry in the registry. */
export class TrustsieveError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'TrustsieveError';
    this.code = code;
  }
  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}

/**
 * What can be wrong with a record or a file of evidence. These are data, not exceptions: they are counted,
 * stored with file and offset, shown, and make the run incomplete (exit 3).
 */
export const DATA_PROBLEMS = {
  'trust-policy-missing': 'the export shows no trust policy for this role',
  'trust-policy-undecodable': 'the trust policy is not JSON in any encoding the format uses',
  'arn-missing': 'the record names no role ARN, so its account is not known',
  'arn-invalid': 'the ARN of the record is not an IAM ARN with a 12-digit account',
  'not-a-role': 'the record stands where a role is expected, but describes something else',
  'role-within-role': 'the record stands within that of another role, and was not read',
  'resource-type-unknown': 'the record does not say of what type of resource it is, so it may be a role',
  'record-not-object': 'the record is not a JSON object',
  'field-repeated': 'a field that identifies the role occurs more than once in the record',
  'field-too-large': 'a field that identifies the role is larger than any export writes it',
  'line-malformed': 'one line is not JSON; the lines after it were read',
  'status-unknown': 'the configuration item has a status that AWS Config does not define',
  'evidence-empty': 'the file holds nothing',
  'evidence-unreadable': 'the file could not be opened or read',
  'evidence-not-rebuilt': 'the evidence is gone or has changed, and the store was rebuilt without it',
  'evidence-changed':
    'the file was written to while it was read, so what was read may be no state it ever had',
  'reader-died': 'reading the file ended the thread that read it, twice',
  'not-evidence': 'the file is known to carry no evidence and was left aside',
  unrelated: 'the file is in no supported format, shows no trace of roles and was left aside',
  'not-auditable': 'the export names roles, but without their trust policies or the conditions in them',
  'already-listed': 'the folder is reached a second time through a link and was read only once',
  'not-a-file': 'the path is neither a file nor a folder',
  'link-broken': 'the link points to nothing',
  'command-failed': 'the file holds the error message of a failed command instead of its output',
  'format-unknown': 'the content of the file is not in any supported format',
  'format-mismatch': 'the content of the file is not in the format asked for',
  'gzip-truncated': 'the compressed data ends too early',
  'gzip-damaged': 'the compressed data is damaged',
  'gzip-trailing': 'zero bytes follow the data compressed with gzip',
  'zstd-truncated': 'the data compressed with Zstandard ends too early',
  'zstd-damaged': 'the data compressed with Zstandard is damaged',
  'zstd-trailing': 'zero bytes follow the data compressed with Zstandard',
  'bzip2-truncated': 'the data compressed with bzip2 ends too early',
  'bzip2-damaged': 'the data compressed with bzip2 is damaged',
  'bzip2-trailing': 'zero bytes follow the data compressed with bzip2',
  'unpacks-too-far': 'the file unpacks to thousands of times its size; what follows was not read',
  archive: 'the file is an archive; its members are listed as evidence of their own',
  'archive-truncated': 'the archive ends too early',
  'archive-damaged': 'the archive is damaged',
  'archive-trailing': 'more follows the end of the archive',
  'archive-nested': 'the archive lies inside an archive inside an archive',
  'member-encrypted': 'the member of the archive is encrypted',
  'member-unreadable': 'the member of the archive is packed in a way that is not read',
  'table-damaged': 'the Parquet file or database is cut or damaged; what follows was not read',
  'table-too-large':
    'a piece of the Parquet file or a value of the database is too large to be held in bounded memory',
  'random-access-needed': 'the file can be read from a disk only and is too large to be held',
  'package-missing': 'the file can be read only with a package that is not installed',
  'row-malformed':
    'one row of the table cannot be taken apart, or has a cell that ends with a quote and does not begin with one; the rows after it were read',
  'csv-row-too-long': 'one row of the table is longer than any export; what follows was not read',
  'csv-truncated': 'the last row of the table has no line end, so the file may be cut',
  'account-number-changed': 'a spreadsheet changed account numbers; those in the ARNs were used',
  'yaml-malformed': 'the YAML breaks off at an error; what follows was not read',
  'yaml-too-long':
    'one piece of the YAML is longer than can be read in bounded memory; what follows was not read',
  'yaml-alias': 'an alias of the YAML cannot be resolved; the field it stands in was not read',
  'yaml-end-unknown': 'the YAML ends with a list of roles, and nothing shows that the list is whole',
  'windows-1252': 'the text is not UTF-8 and was read as Windows-1252',
  'nul-padding': 'zero bytes follow the text, which is whole to its last bracket',
  'nul-truncated': 'zero bytes follow the text, and nothing shows that it is whole',
  'invalid-utf8': 'the text is not UTF-8 throughout; what could not be decoded reads as U+FFFD',
  'json-malformed': 'the JSON breaks off at a syntax error; what follows was not read',
  'json-truncated': 'the JSON ends too early',
  'json-too-deep': 'the JSON is nested deeper than any export; what follows was not read',
  'json-value-too-long': 'one JSON string or number is longer than any export; what follows was not read',
  truncated: 'the evidence of the account ends too early',
  'next-page-missing': 'the export says that a further page exists, and it is not in the file',
  'no-roles': 'the export shows no role at all, which no real account has',
  'no-iam-recorded': 'the AWS Config snapshot holds no IAM role: IAM was not recorded there',
  'records-rejected': 'records of the account were rejected, so roles may be missing',
  'mixed-formats': 'the file holds evidence in more than one format, and only one of them was read',
  'changes-only': 'the evidence holds changes, not the whole account',
  unstated: 'the file holds records of the account and does not say whether these are all',
  'captures-too-many': 'the file holds more captures than can be followed; none counts as complete',
  'account-mismatch': 'the account in the record contradicts the account in its ARN, which was used',
  'keys-restored': 'condition keys were mangled by the export and restored',
  'partial-inventory':
    'the evidence shows some roles of the account, so a role that is missing in it proves nothing',
  'maybe-filtered':
    'the export shows no service-linked role, so a filter may have cut it and a role that is missing in it proves nothing',
  'sync-time-missing':
    'rows of a CloudQuery table have no usable `_cq_sync_time`, so the syncs of their accounts are not whole',
  'no-trust-policies': 'the evidence is in a format that can show trust policies, but shows none',
  'text-skipped': 'text around the JSON, such as a prompt or colour codes, was skipped',
  'account-number-padded': 'account numbers lost their leading zeros, which were put back',
  'account-unknown': 'the evidence names roles without their account',
  'items-unprocessed': 'AWS Config did not process all resources that it was asked for',
  'configuration-not-selected': 'the query did not select the configuration, which holds the trust policy',
  'export-limit': 'the export has as many rows as the console writes at most, so it may be cut',
  'arn-from-name': 'a deleted item has no ARN; the role was found by its name alone, as one without a path',
  'name-from-path': 'the name of the role was taken from its path, which has small letters only',
  'organization-record-invalid':
    'a record of organisation evidence does not name its organisation, account, unit or policy as AWS does',
  'organization-ambiguous': 'organisation evidence does not say of which organisation, unit or policy it is',
  'organization-policy-damaged':
    'the text of a resource control policy is missing, damaged or no policy, so its guardrail is not known',
  'organization-targets-missing':
    'a resource control policy does not say where it is attached, so nobody knows where it holds',
  'organization-two-parents': 'an account or unit lies in two units of its organisation at once',
  'organization-unit-cycle': 'units of an organisation lie in each other in a circle',
  'organization-target-unknown': 'a policy is attached to an account or unit that does not exist',
  'organization-policy-unattached': 'a policy of an organisation is attached to nothing',
  'organization-policy-unknown': 'a policy is attached of which the evidence holds nothing else',
  'organization-list-unstated':
    'the file lists accounts of an organisation and does not say whether these are all',
  'organization-conflict': 'organisation evidence of one moment says different things of one matter',
  'organization-guardrails-unknown':
    'the evidence does not show all resource control policies that apply to an account',
  'organization-too-large': 'the file holds more of an organisation than any organisation has',
} as const satisfies Record<string, string>;

export type DataProblem = keyof typeof DATA_PROBLEMS;
