import { SightingEncoder } from '../schema/sighting-codec.ts';
import type { RolePage } from '../write/role-columns.ts';

/** Roles in one packed row at most; bounds the memory of a reader. */
const CHUNK_ROLES = 65_536;

/** Takes the sightings of one file, account and time in order and hands on full chunks. */
export class ChunkBuilder {
  private readonly encoder = new SightingEncoder();
  private readonly emit: (chunk: number, data: Buffer) => void;
  private roles = 0;
  private chunk = 0;

  /** The data handed to `emit` is valid only during the call. */
  constructor(emit: (chunk: number, data: Buffer) => void) {
    this.emit = emit;
  }

  addAll({ length, roles, policies, offsets }: RolePage): void {
    for (let at = 0; at < length; at++) {
      this.encoder.add(roles[at] as number, policies[at] as number, offsets[at] as number);
      if (++this.roles === CHUNK_ROLES) this.flush();
    }
  }

  /** Ends one account and time. Returns how many chunks it took. */
  end(): number {
    if (this.roles > 0) this.flush();
    const chunks = this.chunk;
    this.chunk = 0;
    return chunks;
  }

  private flush(): void {
    this.emit(this.chunk++, this.encoder.take());
    this.roles = 0;
  }
}
