/** What was thrown, for a sentence: the message of an error, else the thing itself as text. */
export function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The same as briefly as can be: the code that the system gave, such as `ENOENT`, where there is one. */
export function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
}
