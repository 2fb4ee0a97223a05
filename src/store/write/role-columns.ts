/**
 * Roles in the columns of one capture, ascending by role: each once, unless records of the file disagree on it. Then it
 * stands there with each policy, that which stands first.
 */
export interface RolePage {
  readonly length: number;
  /** Rows that show a role a further time. */
  readonly repeated: number;
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
  private versions: string[] | null = null;
  private settled = true;

  push(capture: number, role: number, policy: number, offset: number, version: string): void {
    const at = this.length;
    if (at === this.roles.length) this.grow();
    const last = at - 1;
    if (at > 0 && !isBefore(this.captures[last], this.roles[last], capture, role)) this.settled = false;
    this.captures[at] = capture;
    this.roles[at] = role;
    this.policies[at] = policy;
    this.offsets[at] = offset;
    if (version !== '' || this.versions !== null) {
      this.versions ??= new Array<string>(at).fill('');
      this.versions.push(version);
    }
    this.length++;
  }

  /**
   * Sorts the rows, and of those for one role in one capture keeps the newest: the first of each policy, because records
   * of the same age that show different policies disagree.
   */
  settle(outranks: Outranks): void {
    if (this.settled) return;
    const order = Uint32Array.from({ length: this.length }, (_, at) => at);
    order.sort(
      (a, b) =>
        (this.captures[a] as number) - (this.captures[b] as number) ||
        (this.roles[a] as number) - (this.roles[b] as number) ||
        a - b,
    );
    const sorted = new RoleColumns();
    let superseded = 0;
    for (let from = 0; from < order.length; ) {
      const first = order[from] as number;
      let end = from + 1;
      while (end < order.length && this.sameRole(first, order[end] as number)) end++;
      if (end === from + 1) sorted.copy(this, first);
      else superseded += this.settleRole(order.subarray(from, end), sorted, outranks);
      from = end;
    }
    this.superseded += superseded;
    const { length, captures, roles, policies, offsets } = sorted;
    Object.assign(this, { length, captures, roles, policies, offsets });
    this.versions = sorted.versions;
    this.settled = true;
  }

  /** Copies of the rows of one role in one capture those that stay; returns how many a newer one set aside. */
  private settleRole(rows: Uint32Array, to: RoleColumns, outranks: Outranks): number {
    let newest = '';
    for (const at of rows) if (this.version(at) > newest) newest = this.version(at);
    const byPolicy = new Map<number, number>();
    let superseded = 0;
    for (const at of rows) {
      if (this.version(at) !== newest) {
        superseded++;
        continue;
      }
      const policy = this.policies[at] as number;
      const other = byPolicy.get(policy);
      if (other === undefined || (this.offsets[at] as number) < (this.offsets[other] as number))
        byPolicy.set(policy, at);
    }
    const ranked = [...byPolicy].sort(([a], [b]) => (outranks(a, b) ? -1 : 1));
    for (const [, at] of ranked) to.copy(this, at);
    return superseded;
  }

  /** Of settled columns, the rows of one capture; `from` is the first of them. */
  page(from: number): RolePage {
    const capture = this.captures[from];
    let end = from;
    let repeated = 0;
    for (; end < this.length && this.captures[end] === capture; end++) {
      if (end > from && this.roles[end] === this.roles[end - 1]) repeated++;
    }
    return {
      length: end - from,
      repeated,
      roles: this.roles.subarray(from, end),
      policies: this.policies.subarray(from, end),
      offsets: this.offsets.subarray(from, end),
      versions: this.versions?.slice(from, end) ?? null,
    };
  }

  version(at: number): string {
    return this.versions?.[at] ?? '';
  }

  /** True when a row has a version. */
  get versioned(): boolean {
    return this.versions !== null;
  }

  /** Forgets the rows; their room stays. */
  clear(): void {
    this.length = 0;
    this.superseded = 0;
    this.versions = null;
    this.settled = true;
  }

  private sameRole(a: number, b: number): boolean {
    return this.captures[a] === this.captures[b] && this.roles[a] === this.roles[b];
  }

  private copy(from: RoleColumns, at: number): void {
    this.push(
      from.captures[at] as number,
      from.roles[at] as number,
      from.policies[at] as number,
      from.offsets[at] as number,
      from.version(at),
    );
  }

  private grow(): void {
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
