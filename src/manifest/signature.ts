import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { TrustsieveError } from '../errors.ts';
import { STATEMENT_TYPE } from './statement.ts';

/**
 * The signature of a manifest is a DSSE envelope (https://github.com/secure-systems-lab/dsse/blob/master/envelope.md)
 * of its own. What is signed is a small in-toto Statement whose subject is the manifest by its SHA-256, so that a
 * manifest of any length is signed and checked without being held.
 */
const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
const SIGNED_TYPE = 'urn:trustsieve:signed-manifest:v1';

/** Where the signature of a manifest lies. */
export function signaturePath(manifest: string): string {
  return `${manifest}.dsse.json`;
}

/**
 * Reads an Ed25519 key in PEM.
 *
 * @throws TrustsieveError `configuration-invalid`
 */
export function readKey(kind: 'private' | 'public', pem: string, path: string): KeyObject {
  let key: KeyObject | null = null;
  let cause: unknown;
  try {
    key = kind === 'private' ? createPrivateKey(pem) : createPublicKey(pem);
  } catch (error) {
    cause = error;
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  const how = kind === 'private' ? 'openssl genpkey -algorithm ed25519' : 'openssl pkey -pubout';
  const message = `\`${path}\` holds no ${kind} Ed25519 key in PEM without a password: make one with \`${how}\``;
  throw new TrustsieveError('configuration-invalid', message, { cause });
}

/** The envelope, as text. */
export function signManifest(key: KeyObject, name: string, sha256: string): string {
  const subject = [{ name, digest: { sha256 } }];
  const statement = { _type: STATEMENT_TYPE, subject, predicateType: SIGNED_TYPE, predicate: {} };
  const payload = Buffer.from(JSON.stringify(statement));
  const signature = sign(null, authenticated(PAYLOAD_TYPE, payload), key).toString('base64');
  const signatures = [{ keyid: keyId(createPublicKey(key)), sig: signature }];
  const envelope = { payloadType: PAYLOAD_TYPE, payload: payload.toString('base64'), signatures };
  return `${JSON.stringify(envelope)}\n`;
}

/**
 * Checks an envelope.
 *
 * @param sha256 of the manifest
 * @returns null when the key signed this manifest; otherwise a clause that says what is wrong
 */
export function signatureFault(text: string, key: KeyObject, sha256: string): string | null {
  try {
    const { payloadType, payload, signatures } = JSON.parse(text) as Record<string, unknown>;
    if (payloadType !== PAYLOAD_TYPE || typeof payload !== 'string' || !Array.isArray(signatures)) {
      return 'it is no envelope of a signature';
    }
    const bytes = Buffer.from(payload, 'base64');
    const signed = authenticated(PAYLOAD_TYPE, bytes);
    const good = (signatures as readonly unknown[]).some((one) => {
      const sig = typeof one === 'object' && one !== null && 'sig' in one ? one.sig : null;
      return typeof sig === 'string' && verify(null, signed, key, Buffer.from(sig, 'base64'));
    });
    if (!good) return `it was not made with the key ${keyId(key).slice(0, 16)}`;
    const statement = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    if (statement['_type'] !== STATEMENT_TYPE || statement['predicateType'] !== SIGNED_TYPE) {
      return 'it signs something else';
    }
    const [subject] = statement['subject'] as readonly { digest?: { sha256?: unknown } }[];
    return subject?.digest?.sha256 === sha256 ? null : 'it signs another manifest, or this one was changed';
  } catch {
    return 'it is no envelope of a signature';
  }
}

/** SHA-256 of the public key as DER (SubjectPublicKeyInfo). */
function keyId(key: KeyObject): string {
  return createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** https://github.com/secure-systems-lab/dsse/blob/master/protocol.md#signature-definition */
function authenticated(type: string, payload: Buffer): Buffer {
  const head = `DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.length} `;
  return Buffer.concat([Buffer.from(head), payload]);
}
