import { isAccountId, splitArn } from '../model/arn.ts';
import { hasWildcard } from './glob.ts';
import { type Json, JsonNumber, JsonObject } from './json.ts';

/**
 * One principal of a trust policy
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html).
 * `text` is the principal as written.
 */
export type Principal =
  /** `*`: any principal of any account; it must still sign its call. */
  | { readonly kind: 'anyone'; readonly text: string }
  /** A bare account id or a `:root` ARN: every user and role of that account. */
  | {
      readonly kind: 'account';
      readonly text: string;
      readonly account: string;
      readonly partition: string | null;
    }
  | {
      readonly kind: 'user' | 'role';
      readonly text: string;
      readonly account: string;
      readonly partition: string;
    }
  /** One session of a role. Session ARNs carry no path, so the role's own ARN is not known from it. */
  | {
      readonly kind: 'session';
      readonly text: string;
      readonly account: string;
      readonly partition: string;
      readonly roleName: string;
      readonly sessionName: string;
    }
  | {
      readonly kind: 'federated-user';
      readonly text: string;
      readonly account: string;
      readonly partition: string;
    }
  /** `AIDA...` or `AROA...`, or a session of one: the user or role behind it was deleted, nobody matches it any more. */
  | { readonly kind: 'stale'; readonly text: string }
  /** Services and identity providers: no account's principals, and no sts:AssumeRole by an account. */
  | { readonly kind: 'service' | 'federated'; readonly text: string }
  /**
   * AWS does not define what this matches. `account` when the text at least names one; `glob` when it is an ARN
   * with wildcards, which are not allowed in a principal.
   */
  | {
      readonly kind: 'undefined';
      readonly text: string;
      readonly account: string | null;
      readonly glob: boolean;
    };

/** Users (AIDA) and roles (AROA) only: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
const UNIQUE_ID = /^A(?:IDA|ROA)[A-Z0-9]+(?::[\w+=,.@-]+)?$/;

/** The unique id of a user or role, with the name of a session or without. */
export function isUniqueId(text: string): boolean {
  return UNIQUE_ID.test(text);
}

/** Parses one value under `Principal.AWS`. */
export function parseAwsPrincipal(text: string): Principal | null {
  if (text === '') return null;
  if (text === '*') return { kind: 'anyone', text };
  if (isAccountId(text)) return { kind: 'account', text, account: text, partition: null };
  if (isUniqueId(text)) return { kind: 'stale', text };
  const arn = splitArn(text);
  if (arn === null) return { kind: 'undefined', text, account: null, glob: false };
  const { partition, service, account, resource } = arn;
  if (hasWildcard(text)) {
    return { kind: 'undefined', text, account: isAccountId(account) ? account : null, glob: true };
  }
  if (isAccountId(account)) {
    if (service === 'iam') {
      if (resource === 'root') return { kind: 'account', text, account, partition };
      if (/^user\/.+/.test(resource)) return { kind: 'user', text, account, partition };
      if (/^role\/.+/.test(resource)) return { kind: 'role', text, account, partition };
    } else if (service === 'sts') {
      const session = /^assumed-role\/([^/]+)\/([^/]+)$/.exec(resource);
      if (session !== null) {
        const [, roleName, sessionName] = session as unknown as [string, string, string];
        return { kind: 'session', text, account, partition, roleName, sessionName };
      }
      if (/^federated-user\/.+/.test(resource)) return { kind: 'federated-user', text, account, partition };
    }
    return { kind: 'undefined', text, account, glob: false };
  }
  return { kind: 'undefined', text, account: null, glob: false };
}

/** A Principal or NotPrincipal element, and what IAM would have said of it. */
export interface ParsedPrincipals {
  readonly principals: readonly Principal[];
  /** IAM refuses to save a trust policy with this element. */
  readonly rejected: boolean;
  /** False when a key is repeated, so that a reader that keeps the last of them hides the others. */
  readonly certain: boolean;
}

/** Lists and several principal keys are alternatives. An empty object or list names nobody. */
export function parsePrincipals(element: Json): ParsedPrincipals {
  const principals: Principal[] = [];
  if (element === '*') {
    // The bare string means the same as {"AWS": "*"}, but a trust policy cannot be saved with it.
    return { principals: [{ kind: 'anyone', text: '*' }], rejected: true, certain: true };
  }
  if (!(element instanceof JsonObject)) {
    const text = printable(element);
    return {
      principals: [{ kind: 'undefined', text, account: null, glob: false }],
      rejected: true,
      certain: true,
    };
  }
  const certain = element.repeated.size === 0;
  let rejected = !certain;
  for (const [type, value] of element.members) {
    const texts = Array.isArray(value) ? (value as readonly Json[]) : [value as Json];
    for (const item of texts) {
      const text = printable(item);
      if (type === 'AWS') {
        const principal =
          typeof item === 'string' || item instanceof JsonNumber
            ? parseAwsPrincipal(text)
            : ({ kind: 'undefined', text, account: null, glob: false } as const);
        if (principal === null) rejected = true;
        else principals.push(principal);
      } else if (type === 'Service') {
        principals.push({ kind: 'service', text });
      } else if (type === 'Federated') {
        principals.push({ kind: 'federated', text });
      } else {
        // CanonicalUser belongs to S3; any other key is unknown. Both could stand for an account.
        principals.push({ kind: 'undefined', text: `${type}:${text}`, account: null, glob: false });
        rejected = true;
      }
    }
  }
  for (const principal of principals) {
    if (principal.kind === 'undefined') rejected = true;
  }
  return { principals, rejected, certain };
}

function printable(value: Json): string {
  if (typeof value === 'string') return value;
  if (value instanceof JsonNumber) return value.text;
  if (value === null || typeof value === 'boolean') return String(value);
  return value instanceof JsonObject ? '{...}' : '[...]';
}
