import type { FileProblem } from '../../model/file-problem.ts';
import type { Aside } from './aside.ts';

/** A text that is known but not read. */
interface TextShape extends Omit<Aside, 'kind'> {
  readonly pattern: RegExp;
  readonly kind?: string;
}

const TEXTS: readonly TextShape[] = [
  {
    pattern: /^(?:aws: error|An error occurred \(|Unable to locate credentials|usage: aws )/i,
    code: 'command-failed',
    message:
      'holds the error message of a failed `aws` command; repeat the export with credentials that may do it',
  },
  {
    pattern: /^(?:GROUPDETAILLIST|POLICIES|ROLEDETAILLIST|USERDETAILLIST|ROLES?)\t/m,
    code: 'format-unknown',
    message: 'looks like `--output text`, which loses the structure; export with `--output json`',
  },
  {
    pattern: /^(?:-{5,}\r?\n\||[┌╔])/,
    code: 'format-unknown',
    message: 'looks like `--output table`, which cannot be read back; export with `--output json`',
  },
  {
    pattern: /^(?:- )?(?:(?:Role|User|Group)DetailList|Policies|Roles|IsTruncated|GroupDetailList):/m,
    code: 'format-unknown',
    message: 'looks like `--output yaml` without a list of roles; export with `--output json`',
  },
  {
    pattern: /^COPY \S+ \(/m,
    code: 'format-unknown',
    message:
      'looks like a dump of PostgreSQL; copy the table of roles with `\\copy (SELECT ...) TO ... CSV HEADER`',
  },
  {
    pattern: /^resource\s+"[^"\n]+"\s+"[^"\n]+"\s*\{/m,
    code: 'not-auditable',
    message:
      'looks like a Terraform configuration, not a state or plan; give the output of `terraform show -json`',
  },
  {
    pattern: /^\{'/,
    code: 'format-unknown',
    message: 'looks like a Python dictionary, with single quotes; write it with `json.dump`',
  },
  {
    pattern: /^-\[ RECORD \d/,
    code: 'format-unknown',
    message: "looks like Steampipe's `--output line`; export with `--output json`",
  },
  {
    pattern:
      /^"?rule"?[,;\t|]"?account"?[,;\t|]"?partition"?[,;\t|]|^"?kind"?[,;\t|]"?path"?[,;\t|]"?sha256"?[,;\t|]|^"?outside_account"?[,;\t|]"?vendor"?[,;\t|]"?relation"?[,;\t|]|^<!doctype html>[^>]*<html[^>]*>\s*<head>(?:\s*<meta[^>]*>){0,8}\s*<meta name="generator" content="trustsieve /i,
    code: 'not-evidence',
    kind: 'a report of this program',
    tolerates: 'policies',
    message: 'is a report of this program',
  },
  {
    pattern:
      /^# (?:Cross-account trust, \d{4}-|Changes from )|^"?change"?[,;\t|]"?cause"?[,;\t|]"?rule"?[,;\t|]/,
    code: 'not-evidence',
    kind: 'a report of this program',
    tolerates: 'policies',
    message: 'is a report of this program',
  },
  {
    pattern: /^"?:ID\b(?=[^\n]*\bCreateDate\b)[^\n]*\n"?arn:aws[a-z-]*:iam::\d{12}:role\//,
    code: 'format-unknown',
    message:
      'looks like the roles of awspx, but not with the columns of its table, so it is damaged; export it again',
  },
  {
    pattern: /^"?:(?:ID|START_ID)\b[^\n]*,"?:(?:LABEL|TYPE|END_ID)/,
    code: 'not-evidence',
    kind: 'what awspx keeps beside its roles',
    message: 'looks like a table of awspx without roles, which are in `AWS::Iam::Role.csv`',
  },
  {
    pattern:
      /^(?![{[\w$.]*\s*[=:]?\s*[{[])(?:[^\n]*(?:assume_role_policy|role_detail_list)|(?:[^\n]*[,;\t"])?arn:aws[a-z-]*:iam::\d{12}:role\/)/i,
    code: 'format-unknown',
    message:
      'looks like CSV, but not with the columns of a table that is read, or without a header line; export the table with its header (CloudQuery: `skip_header: false`, Steampipe: `--header=true`)',
  },
];

/** Says what text that is no JSON is; null when it is none of these. */
export function knownText(text: string): FileProblem | Aside | null {
  // The patterns see no white space in front: skipping it themselves, they could be made to take very long.
  const trimmed = text.trimStart();
  const found = TEXTS.find(({ pattern }) => pattern.test(trimmed));
  if (found === undefined) return null;
  const { pattern: _, ...diagnosis } = found;
  return diagnosis;
}
