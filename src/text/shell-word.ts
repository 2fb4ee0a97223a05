/** Within single quotes a POSIX shell gives no character a meaning, except the closing quote. */
export function shellWord(text: string): string {
  return /^[\w.,/:@+][\w.,/:@+=-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
