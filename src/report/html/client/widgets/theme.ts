import { THEME_KEY, type Theme, themeOf } from '../../shared/theme.ts';

/** Brings the switch of colours to life. What is chosen holds for this page even where a browser keeps nothing. */
export function themeSwitch(): void {
  const field = document.getElementById('theme');
  if (!(field instanceof HTMLSelectElement)) return;
  field.value = themeOf(document.documentElement.dataset.theme ?? null);
  field.addEventListener('input', () => choose(themeOf(field.value)));
  const label = field.closest('label');
  if (label !== null) label.hidden = false;
}

function choose(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  try {
    if (theme === 'system') localStorage.removeItem(THEME_KEY);
    else localStorage.setItem(THEME_KEY, theme);
  } catch {
    // Nothing is kept for pages from disk here.
  }
}
