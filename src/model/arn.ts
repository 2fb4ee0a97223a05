/** The six parts of an ARN; the resource keeps every further colon. */
export interface Arn {
  readonly partition: string;
  readonly service: string;
  readonly region: string;
  readonly account: string;
  readonly resource: string;
}

/**
 * Splits an ARN at its first five colons only: IAM paths may hold colons and digits, so
 * `arn:aws:iam::222222222222:role/x:111111111111:y/Deploy` belongs to account 222222222222
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html). Null when it is no ARN.
 */
export function splitArn(text: string): Arn | null {
  const parts = splitInSix(text);
  if (parts === null || parts[0] !== 'arn') return null;
  const [, partition, service, region, account, resource] = parts as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { partition, service, region, account, resource };
}

/** The six colon-separated parts, or null when there are fewer. */
export function splitInSix(text: string): readonly string[] | null {
  const parts: string[] = [];
  let from = 0;
  for (let part = 0; part < 5; part++) {
    const colon = text.indexOf(':', from);
    if (colon < 0) return null;
    parts.push(text.slice(from, colon));
    from = colon + 1;
  }
  parts.push(text.slice(from));
  return parts;
}

const ACCOUNT_ID = /^\d{12}$/;

/** Account ids are strings of exactly 12 digits; leading zeros count. */
export function isAccountId(text: string): boolean {
  return ACCOUNT_ID.test(text);
}

/** A partition of AWS, or one that may come: they are all named alike. */
export function isPartition(text: string): boolean {
  return /^aws(?:-[a-z]+)*$/.test(text);
}
