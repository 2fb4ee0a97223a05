import { readFileSync } from 'node:fs';
import { judge } from './gsl-predicate.ts';

interface Row {
  readonly Arn?: string;
  readonly arn?: string;
  readonly AssumeRolePolicyDocument?: Policy | string;
  readonly assume_role_policy_document?: Policy | string;
}

interface Policy {
  readonly Statement?: unknown;
}

/**
 * The way scanners such as CloudSploit take: parse all of it, go over the roles in a loop, keep a result for each. It
 * proves nothing of what it reads, and stores nothing.
 *
 * @returns the number of results
 */
export function perRoleLoop(path: string, lines: boolean): number {
  const text = readFileSync(path, 'utf8');
  const results: { readonly arn: string; readonly outcome: string }[] = [];
  for (const document of documentsOf(text)) {
    const parsed = JSON.parse(document) as Row & { readonly RoleDetailList?: readonly Row[] };
    for (const row of lines ? [parsed] : (parsed.RoleDetailList ?? [])) {
      const arn = row.Arn ?? row.arn ?? '';
      const assumeRolePolicy = policyOf(row.AssumeRolePolicyDocument ?? row.assume_role_policy_document);
      results.push({ arn, outcome: judge({ accountNumber: arn.split(':')[4], assumeRolePolicy }) });
    }
  }
  return results.length;
}

/** Documents of the generator end with a line break before the next one begins. */
function* documentsOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const next = text.indexOf('\n{', from);
    const end = next < 0 ? text.length : next;
    yield text.slice(from, end);
    from = end + 1;
  }
}

function policyOf(policy: Policy | string | undefined): Policy | null {
  if (typeof policy !== 'string') return policy ?? null;
  return JSON.parse(policy.startsWith('%') ? decodeURIComponent(policy) : policy) as Policy;
}
