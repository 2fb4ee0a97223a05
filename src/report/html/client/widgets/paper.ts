import { el } from './dom.ts';

/**
 * Lets paper show what a screen opens by a click: lists of what is missing, and the whole of an opened finding. A dialog
 * is laid out as one window is, so that no more of it than that would be printed; a copy of it stands in the page.
 */
export function openOnPaper(dialog: HTMLDialogElement): void {
  let opened: readonly HTMLDetailsElement[] = [];
  let copy: HTMLElement | null = null;
  const putBack = (): void => {
    for (const details of opened) details.open = false;
    opened = [];
    copy?.remove();
    copy = null;
  };
  addEventListener('beforeprint', () => {
    putBack();
    opened = [...document.querySelectorAll<HTMLDetailsElement>('details.on-paper:not([open])')];
    for (const details of opened) details.open = true;
    if (!dialog.open) return;
    copy = el('div', { class: 'printed-finding' });
    copy.append(...[...dialog.childNodes].map((node) => node.cloneNode(true)));
    document.body.append(copy);
  });
  addEventListener('afterprint', putBack);
}
