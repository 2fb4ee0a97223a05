/** A POSIX shell command that replaces the trust policy of a role. */
export function cliCommand(roleName: string, policy: string): string {
  // A name may start with a hyphen and would then be read as an option of its own.
  const separator = roleName.startsWith('-') ? '=' : ' ';
  return [
    'aws iam update-assume-role-policy \\',
    `  --role-name${separator}${shellQuote(roleName)} \\`,
    `  --policy-document ${shellQuote(policy)}`,
  ].join('\n');
}

/** Within single quotes a POSIX shell gives no character a meaning, except the closing quote. */
export function shellQuote(text: string): string {
  return /^[\w.,@+-]+$/.test(text) && !text.startsWith('-') ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The same change as a Terraform resource; `prettyPolicy` is laid-out JSON. */
export function terraformResource(roleName: string, prettyPolicy: string): string {
  const policy = escapeTemplate(prettyPolicy)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
  return [
    `resource "aws_iam_role" "${terraformLabel(roleName)}" {`,
    `  name = ${escapeTemplate(JSON.stringify(roleName))}`,
    '',
    '  assume_role_policy = <<-POLICY',
    policy,
    '  POLICY',
    '}',
  ].join('\n');
}

/** `${` and `%{` open expressions in Terraform strings; doubled they are plain text. */
function escapeTemplate(text: string): string {
  return text.replace(/([$%])\{/g, '$1$1{');
}

function terraformLabel(roleName: string): string {
  const label = roleName.replace(/[^A-Za-z0-9_-]/g, '_');
  return /^[A-Za-z_]/.test(label) ? label : `role_${label}`;
}
