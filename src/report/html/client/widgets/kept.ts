/** What the browser keeps under a key; null where there is nothing. */
export function kept(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    // Some browsers keep nothing for pages from disk, and throw.
    return null;
  }
}

/** Lets the browser keep a text, or with null nothing any more, where it keeps anything. */
export function keep(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Nothing is kept for pages from disk here.
  }
}
