import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** The tool's own version, as package.json has it. */
export const TOOL_VERSION: string = manifest.version;
