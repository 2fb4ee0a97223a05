import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VerdictObject } from '../../model/verdict.ts';
import { CLASSES, classOf } from '../../model/verdict-class.ts';
import { inOrder } from './ordered.ts';

/**
 * Hands `use` verdict objects in the order of `CLASSES`, those of one class in the order in which they came, to go through
 * once. They wait beside `target`, and in the system's folder for temporary files where that is null.
 */
export async function worstFirst<R>(
  objects: Iterable<VerdictObject>,
  target: string | null,
  use: (ordered: Iterable<VerdictObject>) => Promise<R>,
): Promise<R> {
  return inOrder(
    objects,
    { target: target ?? join(tmpdir(), 'findings'), ranks: CLASSES.length, rankOf },
    use,
  );
}

function rankOf(object: VerdictObject): number {
  return CLASSES.indexOf(classOf(object));
}
