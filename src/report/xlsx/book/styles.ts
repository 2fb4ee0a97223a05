import { XML_HEAD } from './xml.ts';

/** How a cell looks. Where a fill says something, the cell says it in words too. */
export const STYLES = [
  'text',
  'number',
  'code',
  'header',
  'title',
  'heading',
  'strong',
  'link',
  'good',
  'warning',
  'critical',
  'high',
  'medium',
  'low',
  'error',
] as const;
export type Style = (typeof STYLES)[number];

interface Look {
  /** RGB, like `fill`. */
  readonly colour?: string;
  readonly fill?: string;
  readonly bold?: true;
  readonly underline?: true;
  /** Points; 10 when absent. */
  readonly size?: number;
  readonly font?: 'Consolas';
  /** `text` when absent, so that nothing that is typed over it becomes a number or a formula. */
  readonly format?: 'text' | 'number' | 'formula';
  readonly unwrapped?: true;
}

/** Dark on light or light on dark, each with a contrast of at least 4.5 to 1. */
const LOOKS: Readonly<Record<Style, Look>> = {
  text: {},
  number: { format: 'number' },
  code: { font: 'Consolas', unwrapped: true },
  header: { bold: true, colour: 'FFFFFF', fill: '1F3A4D' },
  title: { bold: true, size: 16, unwrapped: true },
  heading: { bold: true, size: 12, colour: '1F3A4D', unwrapped: true },
  strong: { bold: true },
  link: { colour: '0B5CAD', underline: true, format: 'formula' },
  good: { bold: true, colour: '0F5323', fill: 'DCF1E1' },
  warning: { bold: true, colour: '5C2B00', fill: 'FFE3B8' },
  critical: { bold: true, colour: 'FFFFFF', fill: '9C1C1C' },
  high: { bold: true, colour: '5A1A00', fill: 'FFC9A8' },
  medium: { colour: '4A3800', fill: 'FFF0B8' },
  low: { colour: '12395C', fill: 'DCEBFA' },
  error: { bold: true, colour: '3D1F5C', fill: 'E8DDF3' },
};

/** `General`, `#,##0` and `@` of the formats that every spreadsheet knows. */
const FORMATS = { formula: 0, number: 3, text: 49 } as const;

/** The index of a style in the cells of sheets. */
export function styleIndex(style: Style): number {
  // Index 0 is what cells without a style have.
  return STYLES.indexOf(style) + 1;
}

/** Whether text goes on in a further line where the cell is too narrow. */
export function isWrapped(style: Style): boolean {
  return LOOKS[style].unwrapped !== true;
}

/** `xl/styles.xml`: a font, a fill and a format for each style. */
export function stylesXml(): string {
  const looks = STYLES.map((style) => LOOKS[style]);
  const fonts = ['<font><sz val="10"/><name val="Calibri"/></font>', ...looks.map(fontXml)];
  // The first two fills are what the format prescribes.
  const fills = [fillXml('none'), fillXml('gray125'), ...looks.map(({ fill }) => fillXml('solid', fill))];
  const formats = looks.map(formatXml);
  return `${XML_HEAD}<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">${[
    list('fonts', fonts),
    list('fills', fills),
    list('borders', ['<border><left/><right/><top/><bottom/><diagonal/></border>']),
    list('cellStyleXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>']),
    list('cellXfs', ['<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>', ...formats]),
    list('cellStyles', ['<cellStyle name="Normal" xfId="0" builtinId="0"/>']),
  ].join('')}</styleSheet>`;
}

function list(name: string, items: readonly string[]): string {
  return `<${name} count="${items.length}">${items.join('')}</${name}>`;
}

function fontXml({ colour, bold, underline, size = 10, font }: Look): string {
  const marks = `${bold === true ? '<b/>' : ''}${underline === true ? '<u/>' : ''}`;
  const paint = colour === undefined ? '' : `<color rgb="FF${colour}"/>`;
  return `<font>${marks}<sz val="${size}"/>${paint}<name val="${font ?? 'Calibri'}"/></font>`;
}

function fillXml(pattern: string, colour?: string): string {
  if (pattern === 'solid' && colour === undefined) return fillXml('none');
  const paint = colour === undefined ? '' : `<fgColor rgb="FF${colour}"/><bgColor indexed="64"/>`;
  return `<fill><patternFill patternType="${pattern}">${paint}</patternFill></fill>`;
}

function formatXml({ format = 'text', fill, unwrapped }: Look, index: number): string {
  const fillId = fill === undefined ? 0 : index + 2;
  const wrap = unwrapped === true ? '' : ' wrapText="1"';
  const side = format === 'number' ? ' horizontal="right" indent="1"' : '';
  return `<xf numFmtId="${FORMATS[format]}" fontId="${index + 1}" fillId="${fillId}" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment${side} vertical="top"${wrap}/></xf>`;
}
