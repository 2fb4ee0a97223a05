import type { Truth } from '../../iam/conditions/truth.ts';
import { globMatches, hasWildcard, parseGlob } from '../../iam/glob.ts';
import { partitionOf } from '../../iam/partitions.ts';
import type { Principal } from '../../iam/principals.ts';
import { splitArn } from '../../model/arn.ts';

/** Somebody of another account who calls sts:AssumeRole. */
export interface Caller {
  readonly kind: 'user' | 'role' | 'federated-user';
  readonly account: string;
  readonly partition: string;
  /** The value of aws:PrincipalArn: the user's ARN, or the ARN of the role behind a session. */
  readonly arn: string;
  /** Last part of the ARN: user name or role name. */
  readonly name: string;
  /** The session's name; null for users. */
  readonly sessionName: string | null;
}

/** Does a principal stand for this caller? Never decided by a part of an account id or of another field. */
export function principalCovers(principal: Principal, caller: Caller): Truth {
  switch (principal.kind) {
    case 'anyone':
      return 'yes';
    case 'account':
      return yes(principal.account === caller.account && isOfPartition(principal, caller));
    case 'user':
    case 'role':
    case 'federated-user':
      return yes(principal.kind === caller.kind && principal.text === caller.arn);
    case 'session':
      return yes(
        caller.kind === 'role' &&
          principal.account === caller.account &&
          principal.partition === caller.partition &&
          principal.roleName === caller.name &&
          principal.sessionName === caller.sessionName,
      );
    case 'stale':
    case 'service':
    case 'federated':
      return 'no';
    case 'undefined':
      return mayMean(principal, caller.account) && isOfPartition(principal, caller) ? 'unknown' : 'no';
  }
}

/** Trust never crosses partitions; a bare id takes the role's, which is the caller's too. */
function isOfPartition(principal: Principal, caller: Caller): boolean {
  const partition = partitionOf(principal.text);
  return partition === null || partition === caller.partition;
}

type UndefinedPrincipal = Extract<Principal, { kind: 'undefined' }>;

/**
 * AWS allows no wildcards in a principal ARN and says nothing of what they would match, so anybody of an account
 * that the account field can stand for may be meant.
 */
export function mayMean({ account, glob, text }: UndefinedPrincipal, of: string): boolean {
  if (account !== null) return account === of;
  const field = glob ? splitArn(text)?.account : undefined;
  return field === undefined || !hasWildcard(field) || globMatches(parseGlob(field), of);
}

/** The obvious reading of a principal ARN with wildcards. */
export function looksLike({ text }: UndefinedPrincipal, caller: Caller): boolean {
  return globMatches(parseGlob(text), caller.arn) || globMatches(parseGlob(text), callerArn(caller));
}

/** The ARN that a caller signs with: a user's own, or that of the role session. */
export function callerArn({ kind, account, partition, arn, name, sessionName }: Caller): string {
  if (kind !== 'role') return arn;
  return `arn:${partition}:sts::${account}:assumed-role/${name}/${sessionName}`;
}

function yes(holds: boolean): Truth {
  return holds ? 'yes' : 'no';
}

/** `arn`: the value of aws:PrincipalArn. */
export function callerFromArn(arn: string, kind: Caller['kind'], sessionName: string | null): Caller {
  const parts = splitArn(arn);
  const resource = parts?.resource ?? '';
  return {
    kind,
    account: parts?.account ?? '',
    partition: parts?.partition ?? '',
    arn,
    name: resource.slice(resource.lastIndexOf('/') + 1),
    sessionName: kind === 'role' ? sessionName : null,
  };
}

/** Each caller once, in the order given. */
export function distinctCallers(callers: readonly Caller[]): readonly Caller[] {
  const seen = new Map(callers.map((caller) => [`${caller.arn} ${caller.sessionName ?? ''}`, caller]));
  return [...seen.values()];
}
