import { visible } from '../../text/hidden-characters.ts';

/**
 * Text for a SARIF message. Braces would be placeholders (SARIF 2.1.0 §3.11.5) and brackets before a
 * parenthesis an embedded link (§3.11.6), so they are escaped as the standard says.
 */
export function sarifText(text: string): string {
  return visible(text)
    .replace(/[{}]/g, '$&$&')
    .replace(/\[([^\]]*)\](?=\()/g, '\\[$1\\]');
}
