import type { Shard } from '../model/completeness.ts';
import { PREDICATE_TYPE, STATEMENT_TYPE } from './statement.ts';

/** What a manifest says of its scan, as far as the scan can be repeated by it. */
export interface ManifestScan {
  readonly asOf: string;
  readonly isComplete: boolean;
  /** Of evidence, those of organisations included. */
  readonly paths: readonly string[];
  /** As they were given. */
  readonly readOptions: {
    readonly account: string | null;
    readonly capturedAt: string | null;
    readonly format: string | null;
    readonly receivedAt: string;
    readonly whole: boolean;
  };
  /** As they were given; undefined when they were not. */
  readonly staleAfter: string | undefined;
  readonly maxAge: string | undefined;
  /** The part of a list of inputs that it read. */
  readonly shard: Shard | null;
  readonly configuration: readonly NamedConfiguration[];
  readonly previous: { readonly name: string; readonly sha256: string } | null;
  readonly evidence: readonly ManifestEvidence[];
}

export interface NamedConfiguration {
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** The option that named it; empty in manifests of older versions. */
  readonly option: string;
}

export interface ManifestEvidence {
  readonly path: string;
  /** Empty: it could not be read. */
  readonly sha256: string;
  readonly bytes: number;
  /** Without the closing `Z`. */
  readonly capturedAt: string | null;
}

/** Null for what is no manifest: nothing in the text is believed. */
export function manifestScan(text: string): ManifestScan | null {
  try {
    const { _type, predicateType, predicate } = objectIn(JSON.parse(text));
    if (_type !== STATEMENT_TYPE || predicateType !== PREDICATE_TYPE) return null;
    const { asOf, options, completeness, configuration, previous, evidence } = objectIn(predicate);
    const given = objectIn(options);
    const moment = textIn(asOf);
    return {
      asOf: moment,
      isComplete: objectIn(completeness)['complete'] === true,
      paths: [...listIn(given['paths']), ...listIn(given['organization'] ?? [])].map(textIn),
      readOptions: {
        account: orNull(given['account'], textIn),
        capturedAt: orNull(given['capturedAt'], textIn),
        format: orNull(given['format'], textIn),
        receivedAt: moment,
        whole: given['whole'] === true,
      },
      staleAfter: orNull(given['staleAfter'], textIn) ?? undefined,
      maxAge: orNull(given['maxAge'], textIn) ?? undefined,
      shard: orNull(given['shard'], shardIn),
      configuration: listIn(configuration).map((one) => {
        const { option } = objectIn(one);
        return { ...fileIn(one), option: option === undefined ? '' : textIn(option) };
      }),
      previous: orNull(previous, fileIn),
      evidence: listIn(evidence).map((one) => {
        const { name, ...file } = fileIn(one);
        const capturedAt = orNull(objectIn(one)['capturedAt'], textIn);
        return { path: name, ...file, capturedAt: capturedAt?.replace(/Z$/, '') ?? null };
      }),
    };
  } catch {
    return null;
  }
}

function shardIn(value: unknown): Shard {
  const { list, parts, part } = objectIn(value);
  return { list: textIn(list), parts: Number(parts), part: Number(part) };
}

function fileIn(value: unknown): { readonly name: string; readonly sha256: string; readonly bytes: number } {
  const { name, digest, bytes } = objectIn(value);
  const sha256 = textIn(objectIn(digest)['sha256']);
  if (!/^(?:[0-9a-f]{64})?$/.test(sha256)) throw new TypeError('no SHA-256');
  return { name: textIn(name), sha256, bytes: Number(bytes) };
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new TypeError('no object');
}

function listIn(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('no list');
}

function textIn(value: unknown): string {
  if (typeof value === 'string' && !value.includes('\0')) return value;
  throw new TypeError('no text');
}

function orNull<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value == null ? null : read(value);
}
