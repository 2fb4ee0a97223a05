/** SQL: the name at the end of an ARN. */
export function nameIn(arn: string): string {
  return `substr(${arn}, length(rtrim(${arn}, replace(${arn}, '/', ''))) + 1)`;
}

/** SQL: the name of the account `a`, which is the member `o` of an organisation or of none. */
export const ACCOUNT_NAME = 'coalesce(o.name, a.name)';
