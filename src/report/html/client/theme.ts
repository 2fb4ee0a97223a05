import { THEME_KEY, type Theme, themeOf } from '../shared/theme.ts';
import { keep, kept } from './widgets/kept.ts';

/** Stands in the head of every page, so that one which was made dark does not first show light. */
function start(): void {
  const { dataset } = document.documentElement;
  const theme = themeOf(kept(THEME_KEY));
  if (theme !== 'system') dataset.theme = theme;
  document.addEventListener('DOMContentLoaded', bringToLife);
}

function bringToLife(): void {
  const field = document.getElementById('theme');
  if (!(field instanceof HTMLSelectElement)) return;
  field.value = themeOf(document.documentElement.dataset.theme ?? null);
  field.addEventListener('input', () => choose(themeOf(field.value)));
  const label = field.closest('label');
  if (label !== null) label.hidden = false;
}

/** What is chosen holds for this page even where a browser keeps nothing. */
function choose(theme: Theme): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  keep(THEME_KEY, theme === 'system' ? null : theme);
}

start();
