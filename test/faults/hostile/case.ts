/** How much of it is written: all that the table promises, or what a suite of seconds can afford. */
export type Size = 'full' | 'short';

/** One kind of hostile evidence, what it may cost, and what must come of it. */
export interface HostileCase {
  /** Unique; also the name of what is written. */
  readonly name: string;
  /** What it is, for a reader of the table. */
  readonly what: string;
  /**
   * Writes the evidence, piece by piece, into a folder of its own.
   *
   * @returns a promise where it takes its time
   */
  write(folder: string, size: Size): unknown;
  /** After so many seconds it counts as hanging; a machine of two cores needs a fraction. */
  readonly seconds: number;
  /** Most memory that the process may ever have held, in MB of 10^6 bytes. */
  readonly megabytes: number;
  readonly exit: number;
  /** What must be said of it: by the store's problems, rejects and reasons, or on screen. Null where nothing is wrong. */
  readonly says: RegExp | null;
  /** Roles of HOSTILE that the store must then know, so that none is lost where the evidence counts as whole. */
  readonly roles?: number;
  /** What is another outcome in the short form. */
  readonly short?: Partial<Pick<HostileCase, 'exit' | 'says' | 'roles'>>;
  /** Reports to write of it. */
  readonly reports?: readonly string[];
  /** Written to and scanned into, instead of a new store. */
  readonly store?: true;
}

/** The account of hostile evidence. */
export const HOSTILE = '111122223333';
/** The account of the sound file that lies beside it. */
export const SOUND = '999988887777';

/** For `full` the first, for `short` the second. */
export const bySize = (size: Size, full: number, short: number): number => (size === 'full' ? full : short);

const ALLOW = {
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::444455556666:root' },
  Action: 'sts:AssumeRole',
};
/** A statement that lets account 444455556666 in. */
export const OPEN_STATEMENT = JSON.stringify(ALLOW);
export const OPEN_POLICY = `{"Version":"2012-10-17","Statement":[${OPEN_STATEMENT}]}`;

/** A role of an authorization-details export, up to its trust policy. */
export const roleHead = (name: string, account = HOSTILE): string =>
  `{"Path":"/","RoleName":"${name}","RoleId":"AROA${name.toUpperCase().padEnd(17, '0').slice(0, 17)}",` +
  `"Arn":"arn:aws:iam::${account}:role/${name}","CreateDate":"2024-03-01T10:00:00+00:00","AssumeRolePolicyDocument":`;
export const ROLE_TAIL = ',"InstanceProfileList":[],"RolePolicyList":[],"AttachedManagedPolicies":[]}';
export const GAAD_HEAD = '{"UserDetailList":[],"GroupDetailList":[],"RoleDetailList":[';
export const GAAD_TAIL = '],"Policies":[]}';

export const openRole = (name: string, account = HOSTILE): string =>
  roleHead(name, account) + OPEN_POLICY + ROLE_TAIL;

/** An authorization-details export with one role, which fails. */
export const soundExport = (name = 'Sound', account = SOUND): string =>
  GAAD_HEAD + openRole(name, account) + GAAD_TAIL;
