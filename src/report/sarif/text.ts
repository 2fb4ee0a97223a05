import { visible, wellFormed } from '../../text/hidden-characters.ts';

/**
 * Text for a SARIF message. Braces would be placeholders (SARIF 2.1.0 §3.11.5) and brackets before a
 * parenthesis an embedded link (§3.11.6), so they are escaped as the standard says.
 */
export function sarifText(text: string): string {
  return visible(text)
    .replace(/[{}]/g, '$&$&')
    .replace(/\[([^\]]*)\](?=\()/g, '\\[$1\\]');
}

/**
 * The path of an evidence file as a URI reference (RFC 3986): relative as long as the path is, with everything
 * but unreserved characters percent-encoded, so that no file name can smuggle in a scheme, query or fragment.
 */
export function evidenceUri(path: string): string {
  const encoded = path.split('/').map(encodeSegment).join('/');
  if (path.startsWith('//')) return `file:///${encoded.replace(/^\/+/, '')}`;
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

/**
 * A physicalLocation: the byte offset of a record in an evidence file. Viewers show nothing without a line; of evidence, which is
 * often one line, it is the first, whatever the offset.
 */
export function placeIn(path: string, offset: number): object {
  return { artifactLocation: { uri: evidenceUri(path) }, region: { startLine: 1, byteOffset: offset } };
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(wellFormed(segment)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
