import { wellFormed } from '../../text/hidden-characters.ts';

/**
 * The path of an evidence file as a URI reference (RFC 3986): relative as long as the path is, with everything
 * but unreserved characters percent-encoded, so that no file name can smuggle in a scheme, query or fragment.
 */
export function evidenceUri(path: string): string {
  const encoded = path.split('/').map(encodeSegment).join('/');
  if (path.startsWith('//')) return `file:///${encoded.replace(/^\/+/, '')}`;
  return path.startsWith('/') ? `file://${encoded}` : encoded;
}

function encodeSegment(segment: string): string {
  return encodeURIComponent(wellFormed(segment)).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
