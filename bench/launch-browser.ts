import { existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { type Browser, chromium as driver } from 'playwright-core';
import project from '../package.json' with { type: 'json' };

/** Switches of the packaged browser that would weaken what is tested or end it with the first page. */
const UNWANTED = new Set([
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--allow-running-insecure-content',
]);

/** The packaged chromium, with the web's own rules in force. */
export async function launchChromium(): Promise<Browser> {
  return driver.launch({
    executablePath: await unpackedChromium(),
    args: chromium.args.filter((arg) => !UNWANTED.has(arg)),
    headless: true,
  });
}

/**
 * The path of the unpacked browser. The package would unpack it to the temporary folder itself and take whatever
 * browser lies there: an older one, or one that another process has not finished writing.
 */
async function unpackedChromium(): Promise<string> {
  const folder = join(tmpdir(), `trustsieve-chromium-${project.devDependencies['@sparticuz/chromium']}`);
  if (!existsSync(folder)) {
    const scratch = mkdtempSync(`${folder}-`);
    await inTemporaryFolder(scratch, () => chromium.executablePath());
    try {
      renameSync(scratch, folder);
    } catch (error) {
      rmSync(scratch, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return join(folder, 'chromium');
}

async function inTemporaryFolder(folder: string, work: () => Promise<unknown>): Promise<void> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  try {
    await work();
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
}
