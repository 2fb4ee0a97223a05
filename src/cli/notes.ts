import { NOTE_SENTENCES } from '../audit/notes.ts';
import { LITERAL_NOTE_SENTENCES } from '../rules/literal-notes.ts';

/** A sentence for every note code that a verdict can carry. */
export const ALL_NOTE_SENTENCES: Readonly<Record<string, string>> = {
  ...NOTE_SENTENCES,
  ...LITERAL_NOTE_SENTENCES,
};
