import { byId } from '../../../report/html/client/widgets/dom.ts';
import type { Given } from '../given.ts';
import type { Answer, Question, Reply } from '../messages.ts';
import { answer } from './answer.ts';
import { type Form, openForm } from './form.ts';
import { type Judge, openJudge } from './judge.ts';
import { answerView, spokenVerdict } from './view.ts';

/** Milliseconds without a key stroke before the text is judged. */
const PAUSE = 150;

function start(script: string): void {
  const data = byId('given', HTMLScriptElement);
  const page = new CheckPage(script, readGiven(data.textContent ?? ''));
  byId('form', HTMLElement).hidden = false;
  page.consider();
  document.documentElement.dataset.ready = 'true';
}

/** Asks the judge about what the form holds, and shows what it answers. */
class CheckPage {
  private readonly output = new Output();
  private readonly form: Form;
  private readonly judge: Judge;
  /** Number of the latest question: an answer to any other is of text that stood there before. */
  private asked = 0;
  private asOf = '';
  private timer: number | undefined;

  constructor(script: string, given: Given) {
    this.judge = openJudge(script, (reply) => this.take(reply));
    this.form = openForm(given, () => this.changed());
  }

  /** Judges what the form holds. */
  consider(): void {
    const entry = this.form.read();
    this.asked++;
    if (entry.kind === 'waiting') {
      this.output.say(entry.hint, entry.wrong ? 'bad' : 'plain');
      return;
    }
    this.output.wait();
    this.asOf = entry.options.asOf;
    this.judge.ask({ id: this.asked, text: entry.text, options: entry.options });
  }

  private changed(): void {
    // From here on the verdict shown is of what stood there before.
    this.asked++;
    this.output.wait();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.consider(), PAUSE);
  }

  private take(reply: Reply): void {
    if (reply.id !== this.asked) return;
    if ('refusal' in reply) this.output.say(reply.refusal, 'bad');
    else this.output.show(reply.answer, this.asOf);
  }
}

/** The verdict, and the line above it that is also spoken. */
class Output {
  private readonly status = byId('status', HTMLElement);
  private readonly result = byId('result', HTMLElement);

  /** What stands there stays until the answer comes. */
  wait(): void {
    this.result.setAttribute('aria-busy', 'true');
    this.setStatus('Judging …', 'plain');
  }

  /** In place of a verdict: whatever stands there is of another text. */
  say(text: string, tone: 'plain' | 'bad'): void {
    this.result.removeAttribute('aria-busy');
    this.result.replaceChildren();
    this.result.hidden = true;
    this.setStatus(text, tone);
  }

  show(answer: Answer, asOf: string): void {
    this.result.removeAttribute('aria-busy');
    this.result.replaceChildren(...answerView(answer, asOf));
    this.result.hidden = false;
    this.setStatus(spokenVerdict(answer), 'spoken');
  }

  /** `spoken`: what it says shows elsewhere. */
  private setStatus(text: string, tone: 'plain' | 'bad' | 'spoken'): void {
    this.status.textContent = text;
    this.status.classList.toggle('bad', tone === 'bad');
    this.status.classList.toggle('visually-hidden', tone === 'spoken');
  }
}

/** JSON in UTF-8 in base64, so that no text can end its element. */
function readGiven(base64: string): Given {
  const bytes = Uint8Array.from(atob(base64.trim()), (character) => character.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes)) as Given;
}

/** In the page's own thread there is a document, in the one that judges there is none. */
if (typeof document === 'undefined') {
  self.onmessage = ({ data }: MessageEvent<Question>) => self.postMessage(answer(data));
} else {
  start(document.currentScript?.textContent ?? '');
}
