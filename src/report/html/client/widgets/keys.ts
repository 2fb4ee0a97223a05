import { el } from './dom.ts';
import { singleKeysAreOn, singleKeysSwitch } from './single-keys.ts';

const KEYS: readonly (readonly [keys: readonly string[], what: string])[] = [
  [['/'], 'to the filter'],
  [['↑', '↓', 'Page', 'Home', 'End'], 'through the rows of a table'],
  [['Enter'], 'opens a finding, or a group'],
  [['→', '←'], 'open and close a group'],
  [['j', '→'], 'in an opened finding: the next one'],
  [['k', '←'], 'in an opened finding: the one before'],
  [['Esc'], 'closes, and goes back to the row; in the filter: as at first'],
  [['↓'], 'in the filter: to the first row'],
  [['?'], 'this list'],
];

/** A button that shows the keys; `?` does, too, and `/` goes to the filter. */
export function keysButton(): HTMLElement {
  const button = el('button', { type: 'button', class: 'quiet', title: 'Keys of this page' }, 'Keys');
  const dialog = keysDialog();
  document.body.append(dialog);
  const show = (): void => {
    if (!dialog.open) dialog.showModal();
  };
  button.addEventListener('click', show);
  document.addEventListener('keydown', (event) => {
    if (!singleKeysAreOn() || isTyping(event) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === '?') show();
    else if (event.key === '/' && document.querySelector('dialog[open]') === null) toFilter();
    else return;
    event.preventDefault();
  });
  return button;
}

function toFilter(): void {
  const box = document.getElementById('filter-box');
  if (!(box instanceof HTMLInputElement)) return;
  box.focus();
  box.select();
  document.getElementById('findings')?.scrollIntoView();
}

/** Keys that stand for themselves where a person writes or chooses. */
export function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null;
}

function keysDialog(): HTMLDialogElement {
  const close = el('button', { type: 'button', class: 'quiet' }, 'Close');
  const dialog = el(
    'dialog',
    { id: 'keys', 'aria-labelledby': 'keys-title' },
    el('h2', { id: 'keys-title' }, 'Keys'),
    el(
      'dl',
      {},
      ...KEYS.map(([keys, what]) =>
        el('div', {}, el('dt', {}, ...keys.map((key) => el('kbd', {}, key))), el('dd', {}, what)),
      ),
    ),
    singleKeysSwitch(),
    close,
  );
  close.addEventListener('click', () => dialog.close());
  return dialog;
}
