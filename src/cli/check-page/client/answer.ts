import { readPolicyInput } from '../../../api/input.ts';
import { type Fix, type FixOptions, fix, judge } from '../../../api/policy.ts';
import { ALL_NOTE_SENTENCES } from '../../../rules/index.ts';
import { errorText } from '../../../text/error-text.ts';
import type { Question, Reply } from '../messages.ts';

/** Judges what was pasted. Only options that cannot be used are refused; a policy that cannot is an `error`. */
export function answer({ id, text, options }: Question): Reply {
  try {
    const proposed = fixFor(text, options);
    const verdict = proposed.before;
    const { policy } = readPolicyInput(text);
    return {
      id,
      answer: {
        verdict,
        sentences: Object.fromEntries(verdict.notes.map((code) => [code, ALL_NOTE_SENTENCES[code] ?? ''])),
        policy: policy?.state === 'document' ? policy.text : null,
        fix: proposed,
      },
    };
  } catch (error) {
    return { id, refusal: errorText(error) };
  }
}

/** The verdict comes with it. What the fix is to ask for may be impossible; the verdict stands all the same. */
function fixFor(text: string, options: FixOptions): Fix {
  try {
    return fix(text, options);
  } catch (error) {
    const reason = errorText(error);
    const before = judge(text, options);
    return { status: 'refused', before, reason, advice: 'change what the fix is to ask for' };
  }
}
