import { el } from './dom.ts';
import { keep, kept } from './kept.ts';

/** Under which the browser keeps that single keys are off; all reports share it. */
const STORED = 'trustsieve-single-keys';

/**
 * Whether keys that are a single character (`/`, `?`, `j`, `k`) do anything. Who dictates, or hits keys unmeant, can turn
 * them off: https://www.w3.org/TR/WCAG22/#character-key-shortcuts
 */
export function singleKeysAreOn(): boolean {
  const { dataset } = document.documentElement;
  dataset.singleKeys ??= kept(STORED) === 'off' ? 'off' : 'on';
  return dataset.singleKeys === 'on';
}

/** The switch, for where the keys are explained. */
export function singleKeysSwitch(): HTMLElement {
  const field = el('input', { type: 'checkbox', checked: singleKeysAreOn() });
  field.addEventListener('input', () => choose(field.checked));
  return el(
    'label',
    { class: 'single-keys' },
    field,
    el('span', {}, 'Use the single keys /, j, k and ?. Buttons, arrows, Enter and Esc work without them.'),
  );
}

/** What is chosen holds for this page even where a browser keeps nothing. */
function choose(on: boolean): void {
  document.documentElement.dataset.singleKeys = on ? 'on' : 'off';
  keep(STORED, on ? null : 'off');
}
