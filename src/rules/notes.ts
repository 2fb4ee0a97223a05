import { NOTE_SENTENCES } from '../model/notes.ts';
import { LITERAL_NOTE_SENTENCES } from './d9-aws-iam-99/literal-notes.ts';

/** A sentence for every note code that a verdict can carry. */
export const ALL_NOTE_SENTENCES: Readonly<Record<string, string>> = {
  ...NOTE_SENTENCES,
  ...LITERAL_NOTE_SENTENCES,
};
