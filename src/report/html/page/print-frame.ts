import { visible } from '../../../text/hidden-characters.ts';
import type { ReportHeading } from '../../shared/options.ts';

/**
 * The style of what stands around every printed sheet: title and client above, digest of the evidence and number of the
 * page below. Text of others stands in it, so it is an element of its own, and nothing in a text can end the string that
 * it becomes. https://www.w3.org/TR/css-page-3/#margin-boxes
 *
 * @param moment as of when the page speaks; null where its title says so
 * @param digest see `evidenceDigest`
 */
export function printFrameStyle(
  title: string,
  { client, preparedBy }: ReportHeading,
  moment: string | null,
  digest: string,
): string {
  const whose = [
    ...(client === undefined ? [] : [`Prepared for ${client}`]),
    ...(preparedBy === undefined ? [] : [`by ${preparedBy}`]),
    ...(moment === null ? [] : [moment]),
  ];
  return `@page {
  margin: 22mm 12mm 18mm;
  ${box('top-left', cssString(title), 'vertical-align: bottom; padding-bottom: 3mm')}
  ${box('top-right', cssString(whose.join(' · ')), 'text-align: right; vertical-align: bottom; padding-bottom: 3mm')}
  ${box('bottom-left', cssString(`Evidence SHA-256 ${digest}`), 'width: 85%; vertical-align: top; padding-top: 3mm')}
  ${box('bottom-right', '"Page " counter(page) " of " counter(pages)', 'width: 15%; text-align: right; vertical-align: top; padding-top: 3mm')}
}`;
}

function box(name: string, content: string, style: string): string {
  return `@${name} { content: ${content}; font: 7pt/1.3 system-ui, sans-serif; color: #333; overflow-wrap: anywhere; text-align: left; ${style} }`;
}

/**
 * Whatever could mean something to CSS or to HTML goes in by its number.
 * https://www.w3.org/TR/css-syntax-3/#consume-string-token
 */
function cssString(text: string): string {
  const escaped = visible(text).replace(
    /[^A-Za-z0-9 .,:;_()+-]/gu,
    (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `,
  );
  return `"${escaped}"`;
}
