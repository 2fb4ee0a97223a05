/**
 * D9.AWS.IAM.99's literal text as one would write it by hand in TypeScript: what the compiled rule is measured
 * against. Same answers, no generality.
 */
export type Outcome = 'not-relevant' | 'compliant' | 'non-compliant';

interface RoleLike {
  readonly accountNumber?: unknown;
  readonly assumeRolePolicy?: { readonly Statement?: unknown } | null;
}

interface StatementLike {
  readonly Effect?: unknown;
  readonly Action?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: { readonly Bool?: Values; readonly StringEquals?: Values };
}

type Values = Readonly<Record<string, unknown>> | undefined;

export function judge(role: RoleLike): Outcome {
  const raw = role.assumeRolePolicy?.Statement;
  const statements = (Array.isArray(raw) ? raw : [raw]) as readonly (StatementLike | null | undefined)[];
  const { accountNumber } = role;
  if (!statements.some((s) => isAssume(s) && trustsForeignArn(s.Principal, accountNumber)))
    return 'not-relevant';
  return statements.some((s) => isAssume(s) && isGuarded(s)) ? 'compliant' : 'non-compliant';
}

function isAssume(statement: StatementLike | null | undefined): statement is StatementLike {
  return statement?.Effect === 'Allow' && statement.Action === 'sts:AssumeRole';
}

function trustsForeignArn(principal: unknown, account: unknown): boolean {
  if (principal === undefined || !JSON.stringify(principal).includes('arn:aws:iam')) return false;
  const aws = (principal as { readonly AWS?: unknown }).AWS;
  if (typeof aws === 'string') return !aws.split(':').includes(String(account));
  if (!Array.isArray(aws)) return true;
  return !aws.some((arn) => typeof arn === 'string' && arn.split(':').includes(String(account)));
}

function isGuarded({ Condition }: StatementLike): boolean {
  const mfa = Condition?.Bool?.['aws:MultiFactorAuthPresent'];
  if (mfa === true || (typeof mfa === 'string' && mfa.toLowerCase() === 'true')) return true;
  const externalId = Condition?.StringEquals?.['sts:ExternalId'];
  return Array.isArray(externalId) ? externalId.length > 0 : Boolean(externalId);
}

/** The same, tuned: nothing is allocated, and texts are searched in place. */
export function judgeTuned(role: RoleLike): Outcome {
  const raw = role.assumeRolePolicy?.Statement;
  const statements = (Array.isArray(raw) ? raw : [raw]) as readonly (StatementLike | null | undefined)[];
  const { accountNumber } = role;
  const account = typeof accountNumber === 'string' ? accountNumber : '';
  let relevant = false;
  for (let i = 0; i < statements.length && !relevant; i++) {
    const s = statements[i];
    relevant = isAssume(s) && holdsArn(s.Principal) && !namesAccount(s.Principal, account);
  }
  if (!relevant) return 'not-relevant';
  for (let i = 0; i < statements.length; i++) {
    const s = statements[i];
    if (isAssume(s) && isGuarded(s)) return 'compliant';
  }
  return 'non-compliant';
}

function holdsArn(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('arn:aws:iam');
  if (typeof value !== 'object' || value === null) return false;
  for (const key in value) {
    if (key.includes('arn:aws:iam') || holdsArn((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}

function namesAccount(principal: unknown, account: string): boolean {
  const aws = (principal as { readonly AWS?: unknown }).AWS;
  if (typeof aws === 'string') return hasPart(aws, account);
  return Array.isArray(aws) && aws.some((arn) => typeof arn === 'string' && hasPart(arn, account));
}

function hasPart(arn: string, account: string): boolean {
  const at = arn.indexOf(account);
  if (at < 0) return false;
  const end = at + account.length;
  if ((at === 0 || arn[at - 1] === ':') && (end === arn.length || arn[end] === ':')) return true;
  return arn.split(':').includes(account);
}
