import { shellWord } from '../text/shell-word.ts';

/** The command that puts a trust policy in place; `document` is JSON or a `file://` reference. */
export function updateCommand(roleName: string, document: string, aws = 'aws'): string {
  // A name may begin with a hyphen, which would be read as an option of its own.
  return `${aws} iam update-assume-role-policy --role-name=${shellWord(roleName)} --policy-document=${shellWord(document)}`;
}

/** The argument `assume_role_policy` of Terraform's `aws_iam_role`, indented by two. */
export function terraformArgument(prettyPolicy: string): string {
  const lines = escapeTemplate(prettyPolicy)
    .split('\n')
    .map((line) => `    ${line}`);
  return ['  assume_role_policy = <<-POLICY', ...lines, '  POLICY'].join('\n');
}

export interface TerraformRole {
  /** Unique in the configuration. */
  readonly label: string;
  readonly roleName: string;
  /** IAM path, `/` for none. */
  readonly path: string;
  readonly prettyPolicy: string;
}

export function terraformResource({ label, roleName, path, prettyPolicy }: TerraformRole): string {
  return [
    `resource "aws_iam_role" "${label}" {`,
    `  name = ${terraformString(roleName)}`,
    ...(path === '/' ? [] : [`  path = ${terraformString(path)}`]),
    '',
    terraformArgument(prettyPolicy),
    '}',
  ].join('\n');
}

/** A quoted string of Terraform's language, which knows fewer escapes than JSON. */
function terraformString(text: string): string {
  const quoted = JSON.stringify(text).replace(/\\./g, (pair) =>
    pair === '\\b' ? '\\u0008' : pair === '\\f' ? '\\u000c' : pair,
  );
  return escapeTemplate(quoted);
}

/** `${` and `%{` open expressions in Terraform's strings and here-documents; doubled they are plain text. */
function escapeTemplate(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}
