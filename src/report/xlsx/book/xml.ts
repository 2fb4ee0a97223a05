import { escapeUnits } from '../../../text/hidden-characters.ts';

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
};

/**
 * Text as XML holds it, and as a spreadsheet reads it: what looks like one of its own escapes, `_x003D_`, stays what it is.
 * Text comes without hidden characters, line ends apart; the two others that XML forbids stand as `\uXXXX`.
 *
 * https://learn.microsoft.com/openspecs/office_standards/ms-oi29500 (22.9.2.19, ST_Xstring)
 */
export function xmlText(text: string): string {
  if (/^[\w .,:;/*()@-]*$/.test(text) && !text.includes('_x')) return text;
  return text
    .replace(/[\uFFFE\uFFFF]/g, escapeUnits)
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/[&<>"\n]/g, (sign) => MARKUP[sign] ?? sign);
}
