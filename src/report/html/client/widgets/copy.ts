import { el } from './dom.ts';

/** A button that puts text on the clipboard and says so; `otherwise` helps where the browser refuses. */
export function onCopy(button: HTMLButtonElement, text: () => string, otherwise: () => void): void {
  const label = button.textContent ?? '';
  button.addEventListener('click', async () => {
    const copied = await writeClipboard(text());
    if (!copied) otherwise();
    button.textContent = copied ? 'Copied' : 'Selected';
    setTimeout(() => {
      button.textContent = label;
    }, 2000);
  });
}

/**
 * A button for a link to what is shown, which need not be where the page is: a section link leaves the rest as it is. Where
 * the clipboard is refused the link is shown, selected.
 *
 * @param address the part of the link behind the file
 */
export function linkButton(address: () => string): readonly [button: HTMLElement, field: HTMLElement] {
  const button = el('button', { type: 'button', class: 'quiet' }, 'Copy link');
  const field = el('input', { type: 'text', class: 'link-field', readonly: true, 'aria-label': 'Link' });
  field.hidden = true;
  const link = (): string => new URL(address(), location.href).href;
  onCopy(button, link, () => {
    field.value = link();
    field.hidden = false;
    field.select();
  });
  return [button, field];
}

async function writeClipboard(text: string): Promise<boolean> {
  try {
    // Pages from disk have no clipboard in some browsers, and others ask the person first.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
