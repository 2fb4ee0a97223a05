/** The colours of the page: those of the system, or always light or dark. */
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Under which the browser keeps what a person chose; all reports share it. */
export const THEME_KEY = 'trustsieve-theme';

export function themeOf(text: string | null): Theme {
  return THEMES.find((theme) => theme === text) ?? 'system';
}
