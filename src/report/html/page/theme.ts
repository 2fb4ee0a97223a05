import { THEMES } from '../shared/theme.ts';
import { html, type Markup } from './markup.ts';

const LABEL = { system: 'System', light: 'Light', dark: 'Dark' } as const;

/** The switch, which the script in the head brings to life; without it the system decides. */
export const THEME_SWITCH: Markup = html`<label class="theme" hidden><span class="visually-hidden">Colours</span><select id="theme">${THEMES.map(
  (theme) => html`<option value="${theme}">${LABEL[theme]}</option>`,
)}</select></label>`;
