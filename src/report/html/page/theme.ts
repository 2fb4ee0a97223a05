import { THEME_KEY, THEMES } from '../shared/theme.ts';
import { html, Markup } from './markup.ts';

/**
 * Stands in the head, so that a page which was made dark does not first show light. Some browsers keep nothing for
 * pages from disk, and throw.
 */
export const THEME_SCRIPT = `try{const t=localStorage.getItem('${THEME_KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;

/** The script as an element; the bundler refuses to leave its end within a template. */
export const THEME_START = new Markup(`<script>${THEME_SCRIPT}</script>`);

const LABEL = { system: 'System', light: 'Light', dark: 'Dark' } as const;

/** The switch, which the page's script brings to life; without it the system decides. */
export const THEME_SWITCH: Markup = html`<label class="theme" hidden><span class="visually-hidden">Colours</span><select id="theme">${THEMES.map(
  (theme) => html`<option value="${theme}">${LABEL[theme]}</option>`,
)}</select></label>`;
