import type { Database } from 'better-sqlite3';
import { BoundedMap } from '../../text/bounded-map.ts';

/**
 * What a policy says, whatever the order of its keys: two policies of one form are the same policy, as exports by different
 * programs write it. The empty text, which is no form, for what is no JSON object or names a key twice.
 */
export type FormOf = (policy: number) => string;

const REMEMBERED = 4096;

export function openForms(db: Database): FormOf {
  const documentOf = db
    .prepare<[number], string | null>("SELECT document FROM policy WHERE id = ? AND state = 'document'")
    .pluck();
  const forms = new BoundedMap<number, string>(REMEMBERED);
  return (policy) => {
    let form = forms.get(policy);
    if (form === undefined) {
      form = formOf(documentOf.get(policy) ?? '');
      forms.set(policy, form);
    }
    return form;
  };
}

/** `document`: compact JSON text. */
export function formOf(document: string): string {
  let value: unknown;
  try {
    value = JSON.parse(document);
  } catch {
    return '';
  }
  let keys = 0;
  const sorted = (part: unknown, key: string): unknown => {
    if (Array.isArray(part)) {
      const items = part.map((item) => sorted(item, ''));
      // One element may stand by itself, and IAM does not tell the two apart.
      return items.length === 1 && key !== '' ? items[0] : items;
    }
    if (typeof part !== 'object' || part === null) return part;
    const entries = Object.entries(part);
    keys += entries.length;
    return Object.fromEntries(
      entries.map(([name, one]) => [name, sorted(one, name)] as const).sort(([a], [b]) => (a < b ? -1 : 1)),
    );
  };
  const form = JSON.stringify(sorted(value, ''));
  return keys > 0 && keys === keysIn(document) ? form : '';
}

/** Also those that a parser drops for a later one of the same name. */
function keysIn(document: string): number {
  return document.match(/"(?:[^"\\]|\\.)*"\s*:/g)?.length ?? 0;
}
