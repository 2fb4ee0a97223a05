import type { Question, Reply } from '../messages.ts';
import { answer } from './answer.ts';

/** Text that takes no time to speak of, should the browser have no threads for pages from disk. */
const SHORT = 16_384;
/** Milliseconds after which a policy is given up: no policy that IAM stores takes a tenth of it. */
const PATIENCE = 20_000;

export interface Judge {
  /** Judges in the background; of questions asked while it does, only the last one is answered. */
  ask(question: Question): void;
}

/**
 * Judges in a thread of its own, made from the page's own script, so that hostile text cannot stop the page. One that
 * takes too long is ended, and `onReply` gets a refusal in place of an answer.
 */
export function openJudge(script: string, onReply: (reply: Reply) => void): Judge {
  let worker = openWorker(script);
  let busy: { readonly id: number; readonly timer: number } | null = null;
  let waiting: Question | null = null;

  function done(reply: Reply): void {
    if (busy !== null) clearTimeout(busy.timer);
    busy = null;
    onReply(reply);
    const next = waiting;
    waiting = null;
    if (next !== null) ask(next);
  }

  function giveUp(id: number, refusal: string): void {
    worker?.terminate();
    worker = openWorker(script);
    done({ id, refusal });
  }

  function ask(question: Question): void {
    if (busy !== null) {
      waiting = question;
      return;
    }
    const { id } = question;
    if (worker === null) {
      const tooLong = 'This browser gives the page no thread of its own, so long text is not judged here';
      done(
        question.text.length > SHORT
          ? { id, refusal: `${tooLong}; use \`trustsieve check\`.` }
          : answer(question),
      );
      return;
    }
    const timer = setTimeout(
      () => giveUp(id, `Given up after ${PATIENCE / 1000} seconds, not judged; use \`trustsieve check\`.`),
      PATIENCE,
    );
    busy = { id, timer };
    worker.onmessage = ({ data }: MessageEvent<Reply>) => done(data);
    worker.onerror = () =>
      giveUp(id, 'The text brought the judge down, so it is not judged; use `trustsieve check`.');
    worker.postMessage(question);
  }

  return { ask };
}

function openWorker(script: string): Worker | null {
  try {
    return new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
  } catch {
    return null;
  }
}
