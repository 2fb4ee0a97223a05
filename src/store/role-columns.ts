/** Roles in the columns of one capture: ascending by role, each role once. */
export interface RolePage {
  readonly length: number;
  /** `role.id` */
  readonly roles: Int32Array;
  /** `policy.id`; 0: the file says that the role is gone. */
  readonly policies: Int32Array;
  /** Byte offsets in the evidence. */
  readonly offsets: Float64Array;
  /** As in a RoleRecord; null when all are empty. */
  readonly versions: readonly string[] | null;
}

/** True when policy `a` outranks `b` where one file shows both for one role; 0 (role gone) ranks lowest. */
export type Outranks = (a: number, b: number) => boolean;

const FIRST_ROOM = 64;

/**
 * What a file shows, 20 bytes for each role instead of an object: in which capture (numbered by the caller), which
 * role, with which policy, where. Rows come in any order; after `settle` they lie by capture, then role.
 */
export class RoleColumns {
  length = 0;
  /** Rows that `settle` set aside for a newer version of the same role; the others it set aside say nothing new. */
  superseded = 0;
  captures = new Int32Array(FIRST_ROOM);
  roles = new Int32Array(FIRST_ROOM);
  policies = new Int32Array(FIRST_ROOM);
  offsets = new Float64Array(FIRST_ROOM);
  /** Null as long as no row has one. */
  #versions: string[] | null = null;
  #settled = true;

  push(capture: number, role: number, policy: number, offset: number, version: string): void {
    const at = this.length;
    if (at === this.roles.length) this.#grow();
    const last = at - 1;
    if (at > 0 && !isBefore(this.captures[last], this.roles[last], capture, role)) this.#settled = false;
    this.captures[at] = capture;
    this.roles[at] = role;
    this.policies[at] = policy;
    this.offsets[at] = offset;
    if (version !== '' || this.#versions !== null) {
      this.#versions ??= new Array<string>(at).fill('');
      this.#versions.push(version);
    }
    this.length++;
  }

  /** Sorts the rows, and of those for one role in one capture keeps the one that stands. */
  settle(outranks: Outranks): void {
    if (this.#settled) return;
    const order = Uint32Array.from({ length: this.length }, (_, at) => at);
    order.sort(
      (a, b) =>
        (this.captures[a] as number) - (this.captures[b] as number) ||
        (this.roles[a] as number) - (this.roles[b] as number) ||
        a - b,
    );
    const sorted = new RoleColumns();
    let best: number | null = null;
    /** Rows set aside for the best one that have its version. */
    let equal = 0;
    for (const at of order) {
      if (best === null || !this.#sameRole(best, at)) {
        if (best !== null) sorted.#copy(this, best);
        best = at;
        equal = 0;
        continue;
      }
      const isEqual = this.version(at) === this.version(best);
      const stands = this.#supersedes(at, best, outranks);
      if (isEqual) equal++;
      else this.superseded += stands ? equal + 1 : 1;
      if (!isEqual && stands) equal = 0;
      if (stands) best = at;
    }
    if (best !== null) sorted.#copy(this, best);
    const { length, captures, roles, policies, offsets } = sorted;
    Object.assign(this, { length, captures, roles, policies, offsets });
    this.#versions = sorted.#versions;
    this.#settled = true;
  }

  /** Of settled columns, the rows of one capture; `from` is the first of them. */
  page(from: number): RolePage {
    const capture = this.captures[from];
    let end = from;
    while (end < this.length && this.captures[end] === capture) end++;
    return {
      length: end - from,
      roles: this.roles.subarray(from, end),
      policies: this.policies.subarray(from, end),
      offsets: this.offsets.subarray(from, end),
      versions: this.#versions?.slice(from, end) ?? null,
    };
  }

  version(at: number): string {
    return this.#versions?.[at] ?? '';
  }

  /** True when a row has a version. */
  get versioned(): boolean {
    return this.#versions !== null;
  }

  /** Forgets the rows; their room stays. */
  clear(): void {
    this.length = 0;
    this.superseded = 0;
    this.#versions = null;
    this.#settled = true;
  }

  #sameRole(a: number, b: number): boolean {
    return this.captures[a] === this.captures[b] && this.roles[a] === this.roles[b];
  }

  /**
   * Which of two records of one role in one capture stands: the newer version; then a live one over one that is gone;
   * then the greater policy hash; then the one that comes first in the file.
   */
  #supersedes(a: number, b: number, outranks: Outranks): boolean {
    const versions = [this.version(a), this.version(b)] as const;
    if (versions[0] !== versions[1]) return versions[0] > versions[1];
    const [policyA, policyB] = [this.policies[a] as number, this.policies[b] as number];
    if (policyA !== policyB) return outranks(policyA, policyB);
    return (this.offsets[a] as number) < (this.offsets[b] as number);
  }

  #copy(from: RoleColumns, at: number): void {
    this.push(
      from.captures[at] as number,
      from.roles[at] as number,
      from.policies[at] as number,
      from.offsets[at] as number,
      from.version(at),
    );
  }

  #grow(): void {
    const room = this.roles.length * 2;
    this.captures = larger(this.captures, new Int32Array(room));
    this.roles = larger(this.roles, new Int32Array(room));
    this.policies = larger(this.policies, new Int32Array(room));
    this.offsets = larger(this.offsets, new Float64Array(room));
  }
}

function isBefore(captureA = -1, roleA = -1, captureB: number, roleB: number): boolean {
  return captureA < captureB || (captureA === captureB && roleA < roleB);
}

function larger<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
