import type { Pull } from '../pull.ts';
import { SourceDamage } from '../source.ts';

/** Names of small members of archives that formats ask for when they read what lies beside them. */
const KEPT: ReadonlySet<string> = new Set(['metadata.json']);
/** Longest member that is kept. */
const MAX_KEPT = 64 * 1024;

/**
 * Remembers the last such member of one archive while it is read: an archive is gone through once, and packers put the
 * files of a folder one behind the other, ordered by name.
 */
export class KeptMember {
  private path = '';
  private parts: Uint8Array[] = [];
  private length = 0;
  private ended = false;

  /** The member's bytes as they are, copied on the way when it is one to be kept. */
  watch(path: string, read: Pull): Pull {
    if (!KEPT.has(path.slice(path.lastIndexOf('/') + 1))) return read;
    this.path = path;
    this.parts = [];
    this.length = 0;
    this.ended = false;
    return async () => {
      const bytes = await read();
      if (this.path !== path) return bytes;
      this.length += bytes?.length ?? 0;
      if (bytes === null) this.ended = true;
      else if (this.length <= MAX_KEPT) this.parts.push(new Uint8Array(bytes));
      else this.path = '';
      return bytes;
    };
  }

  /** Reads a member that nobody else reads, if it is one to be kept. A damaged one is not kept. */
  async keep(path: string, read: Pull): Promise<void> {
    const watched = this.watch(path, read);
    if (watched === read) return;
    try {
      while (this.path === path && (await watched()) !== null);
    } catch (error) {
      if (!(error instanceof SourceDamage)) throw error;
    }
  }

  /** The text of the kept member if it has this name and lies in the same folder as `path`; otherwise null. */
  beside(path: string, name: string): string | null {
    if (!this.ended || this.path !== path.slice(0, path.lastIndexOf('/') + 1) + name) return null;
    return Buffer.concat(this.parts).toString('utf8');
  }
}
