import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { put } from '../cli/evidence.ts';
import { consumerFolder, ROOT, runNode } from './consumer.ts';

/** The program of a consumer: what has an error expected is what the types must refuse. */
const CONSUMER = `
import { type EvidenceVerdict, judgeEvidence, TrustsieveError } from 'trustsieve/stream';
import { type Finding, openStore, TrustsieveError as StoreError } from 'trustsieve/store';

export async function failing(paths: readonly string[], stop: AbortSignalLike): Promise<readonly EvidenceVerdict[]> {
  const judging = judgeEvidence(paths, {
    capturedAt: '2026-02-01',
    accounts: [{ Id: '111122223333', Name: 'own' }],
    signal: stop,
    onEvidence: ({ path, sha256, recordsRead }) => void [path.length, sha256.length, recordsRead.toFixed()],
  });
  const found: EvidenceVerdict[] = [];
  for await (const verdict of judging) {
    const severity: 'critical' | 'high' | 'medium' | 'low' | null = verdict.severity;
    if (verdict.verdict === 'fail' && severity !== 'low') found.push(verdict);
    // @ts-expect-error: only a store knows that
    verdict.firstSeen;
    // @ts-expect-error: no such verdict
    if (verdict.verdict === 'failed') found.pop();
  }
  const complete: boolean = judging.summary().complete;
  return complete ? found : [];
}

interface AbortSignalLike {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export function given(bytes: AsyncIterable<Uint8Array>): void {
  judgeEvidence({ name: 'x', bytes });
  // @ts-expect-error: text is no bytes
  judgeEvidence({ name: 'x', bytes: ['text'] });
  // @ts-expect-error: an account is a text
  judgeEvidence('x', { account: 111122223333 });
}

export function states(path: string): readonly (Finding['state'])[] {
  const store = openStore(path, { at: '2026-02-01' });
  try {
    // @ts-expect-error: it is for reading
    store.beginRun;
    const { complete, reasons, gaps } = store.completeness();
    if (!complete) throw new StoreError('not-found', [...reasons, ...gaps.map(({ account }) => account)].join());
    // @ts-expect-error: a sha256 is a text
    for (const { evidence } of store.findings({ status: ['fail'] })) evidence.sha256.toFixed();
    return [...store.findings({ status: 'all', rule: 'D9.AWS.IAM.99' })].map(({ state }) => state);
  } catch (error) {
    if (error instanceof TrustsieveError && error.code === 'store-not-found') return [];
    throw error;
  } finally {
    store.close();
  }
}
`;

/** Streams as Node.js and browsers type them. */
const STREAMS = `
import { createReadStream } from 'node:fs';
import { judgeEvidence } from 'trustsieve/stream';

judgeEvidence({ name: 'x', bytes: createReadStream('x') }, { signal: AbortSignal.timeout(1000) });
judgeEvidence({ name: 'x', bytes: new ReadableStream<Uint8Array>() }, { signal: new AbortController().signal });
export const fetched = async () => {
  const { body } = await fetch('https://example.com/');
  if (body !== null) judgeEvidence({ name: 'x', bytes: body });
};
`;

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'es2023',
  lib: ['es2023'],
  types: [],
};

const NODE_NEXT = { module: 'nodenext', moduleResolution: 'nodenext' };
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler' };

describe('the types of the package', () => {
  it.for([
    ['Node.js', NODE_NEXT],
    ['a bundler', BUNDLER],
  ] as const)(
    'need nothing but the language, with the resolution of %s',
    { timeout: 60_000 },
    async ([, how]) => {
      const folder = consumer({ ...STRICT, ...how });
      put(folder, 'consumer.ts', CONSUMER);
      put(folder, 'all.ts', everyModule());
      expect(await check(folder)).toBe('');
    },
  );

  it.for([
    ['Node.js', { types: ['node'] }],
    ['a browser', { lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'], types: ['node'] }],
  ] as const)('take the streams of %s', { timeout: 60_000 }, async ([, more]) => {
    const folder = consumer({ ...STRICT, ...NODE_NEXT, ...more, skipLibCheck: true });
    put(folder, 'streams.ts', STREAMS);
    expect(await check(folder)).toBe('');
  });

  it('are missing where nothing is exported', { timeout: 60_000 }, async () => {
    const folder = consumer({ ...STRICT, ...NODE_NEXT });
    put(folder, 'inner.ts', `import 'trustsieve/dist/api/stream.js';\nexport * from 'trustsieve';\n`);
    expect(await check(folder)).toMatch(/inner\.ts\(1,8\).*inner\.ts\(2,15\)/s);
  });
});

/** Imports all that the package exports with types. */
function everyModule(): string {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    readonly exports: Readonly<Record<string, { readonly types?: string }>>;
  };
  const modules = Object.entries(exports).filter(
    ([, { types }]) => types !== undefined && existsSync(join(ROOT, types)),
  );
  return modules
    .map(([name]) => `export * as ${name.slice(2)} from 'trustsieve${name.slice(1)}';`)
    .join('\n');
}

function consumer(compilerOptions: object): string {
  const folder = consumerFolder(['@types/node', 'undici-types']);
  put(folder, 'package.json', { type: 'module' });
  put(folder, 'tsconfig.json', { compilerOptions, include: ['*.ts'] });
  return folder;
}

/** What the compiler says; nothing when all is well. */
async function check(folder: string): Promise<string> {
  const { stdout, stderr } = await runNode(folder, [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    '-p',
    folder,
  ]);
  return stdout + stderr;
}
