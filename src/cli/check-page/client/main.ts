import { byId } from '../../../report/html/client/dom.ts';
import type { Given } from '../given.ts';
import type { Question, Reply } from '../messages.ts';
import { answer } from './answer.ts';
import { openForm } from './form.ts';
import { openJudge } from './judge.ts';
import { answerView, spokenVerdict } from './view.ts';

/** Milliseconds without a key stroke before the text is judged. */
const PAUSE = 150;

/** In the page's own thread there is a document, in the one that judges there is none. */
if (typeof document === 'undefined') {
  self.onmessage = ({ data }: MessageEvent<Question>) => self.postMessage(answer(data));
} else {
  start(document.currentScript?.textContent ?? '');
}

function start(script: string): void {
  const data = byId('given', HTMLScriptElement);
  const given = readGiven(data.textContent ?? '');
  const status = byId('status', HTMLElement);
  const result = byId('result', HTMLElement);
  let asked = 0;
  let asOf = '';
  let timer: number | undefined;

  /** `spoken`: what it says shows elsewhere. */
  function say(text: string, tone: 'plain' | 'bad' | 'spoken' = 'plain'): void {
    status.textContent = text;
    status.classList.toggle('bad', tone === 'bad');
    status.classList.toggle('visually-hidden', tone === 'spoken');
  }

  /** Whatever stands there is of another text. */
  function empty(): void {
    result.replaceChildren();
    result.hidden = true;
  }

  function wait(): void {
    result.setAttribute('aria-busy', 'true');
    say('Judging …');
  }

  function onReply(reply: Reply): void {
    if (reply.id !== asked) return;
    result.removeAttribute('aria-busy');
    if ('refusal' in reply) {
      empty();
      say(reply.refusal, 'bad');
      return;
    }
    result.replaceChildren(...answerView(reply.answer, asOf));
    result.hidden = false;
    say(spokenVerdict(reply.answer), 'spoken');
  }

  const judge = openJudge(script, onReply);
  const form = openForm(given, () => {
    // From here on the verdict shown is of what stood there before.
    asked++;
    wait();
    clearTimeout(timer);
    timer = setTimeout(consider, PAUSE);
  });

  function consider(): void {
    const entry = form.read();
    asked++;
    if (entry.kind === 'waiting') {
      result.removeAttribute('aria-busy');
      empty();
      say(entry.hint, entry.wrong ? 'bad' : 'plain');
      return;
    }
    wait();
    asOf = entry.options.asOf;
    judge.ask({ id: asked, text: entry.text, options: entry.options });
  }

  byId('form', HTMLElement).hidden = false;
  consider();
  document.documentElement.dataset.ready = 'true';
}

/** JSON in UTF-8 in base64, so that no text can end its element. */
function readGiven(base64: string): Given {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Given;
}
