/**
 * What users see of the samples: every report and the screens of the commands. `npm run golden` writes it to
 * test/golden, and a test compares, so that a change of it is a diff in review.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allCommands } from '../src/cli/run.ts';
import { TOOL_VERSION } from '../src/cli/version.ts';
import type { FindingColumns } from '../src/report/html/shared/finding-columns.ts';
import { unpackColumns } from '../src/report/html/shared/packing.ts';
import { REPORT_FORMATS } from '../src/report/index.ts';
import { cli } from './cli/harness.ts';
import { pageData } from './report/page-data.ts';
import { readBook } from './report/xlsx/read-book.ts';

export const GOLDEN = fileURLToPath(new URL('golden', import.meta.url));

/** Texts by path below test/golden. */
export type GoldenFiles = ReadonlyMap<string, string>;

const ROLE = 'arn:aws:iam::444455556666:role/saltmarsh-posture-scan';
const AS_OF = '2026-05-01T00:00:00Z';
const PERIOD = ['2026-01-31', '2026-04-30'];
const HISTORY_FORMATS = ['json', 'csv', 'html'];

/**
 * Runs the commands over the samples; paths are those seen from the root of the project, so it must be run there.
 *
 * @param folder an empty one, for the store and what is written
 */
export function goldenFiles(folder: string): Promise<GoldenFiles> {
  return new GoldenRun(folder).files();
}

class GoldenRun {
  private readonly folder: string;
  private readonly db: readonly string[];
  private readonly texts = new Map<string, string>();

  constructor(folder: string) {
    this.folder = folder;
    this.db = ['--db', join(folder, 'trustsieve.db')];
  }

  async files(): Promise<GoldenFiles> {
    await this.scan();
    await this.reports();
    await this.history();
    await this.screens();
    await this.help();
    return this.texts;
  }

  private async scan(): Promise<void> {
    const options = {
      '--accounts': 'samples/accounts.json',
      '--known-accounts': 'samples/vendors.yaml',
      '--exceptions': 'samples/exceptions.yaml',
      '--as-of': AS_OF,
      '--csv': this.path('findings.csv'),
      // Lines on progress come by the clock, those on files that are not whole as soon as one is read.
      '--progress': 'none',
      '--jobs': '1',
    };
    await this.screen('scan', 'scan', 'samples/evidence', ...Object.entries(options).flat(), ...this.db);
    this.keep('scan', 'findings.csv.manifest.json');
  }

  private async reports(): Promise<void> {
    for (const format of Object.keys(REPORT_FORMATS)) {
      const written = ['--format', format, '--as-of', AS_OF, '-o', this.path(`report.${format}`)];
      await this.screen(`report-${format}`, 'report', ...written, ...this.db);
      if (format === 'xlsx') await this.keepBook('report', 'report.xlsx');
      else this.keep('report', `report.${format}`);
    }
    this.keep('report', 'report.evidence.csv');
  }

  private async history(): Promise<void> {
    await this.screen('diff', 'diff', ...PERIOD, ...this.db);
    await this.screen('trend', 'trend', ...this.db);
    for (const format of HISTORY_FORMATS) {
      const diff = ['--format', format, '-o', this.path(`diff.${format}`)];
      const trend = ['--format', format, '-o', this.path(`trend.${format}`)];
      await this.screen(`diff-${format}`, 'diff', ...PERIOD, ...diff, ...this.db);
      await this.screen(`trend-${format}`, 'trend', ...trend, ...this.db);
      this.keep('history', `diff.${format}`);
      this.keep('history', `trend.${format}`);
    }
  }

  private async screens(): Promise<void> {
    await this.screen('runs', 'runs', ...this.db);
    await this.screen('explain', 'explain', ROLE, ...this.db);
    await this.screen('fix', 'fix', ROLE, ...this.db);
    await this.screen('rules-list', 'rules', 'list');
    await this.screen('rules-show', 'rules', 'show', 'D9.AWS.IAM.99');
    const exceptions = ['samples/exceptions.yaml', '--as-of', AS_OF];
    await this.screen('exceptions', 'exceptions', 'check', ...exceptions, ...this.db);
  }

  private async help(): Promise<void> {
    await this.screen('trustsieve', '--help');
    for (const { name } of await allCommands()) {
      const command = name.split(' ', 1).join();
      await this.screen(command, command, '--help');
    }
  }

  /** The command line, both streams and the exit code, as on a screen. */
  private async screen(name: string, ...args: readonly string[]): Promise<void> {
    const { exit, stdout, stderr } = await cli(args);
    const text = `$ trustsieve ${args.join(' ')}\n${stdout}--- standard error\n${stderr}--- exit code ${exit}\n`;
    const group = args.includes('--help') ? 'help' : 'screen';
    this.texts.set(
      `${group}/${name}.txt`,
      this.masked(text).replace(/^( +\d+ +)\S+Z(?= {2})/gm, '$1STARTED'),
    );
  }

  /** A file that a command wrote; of a page its data as well. */
  private keep(group: string, name: string): void {
    const text = readFileSync(this.path(name), 'utf8');
    if (!name.endsWith('.html')) {
      this.texts.set(`${group}/${name}`, this.masked(text));
      return;
    }
    this.texts.set(`${group}/${name}`, withoutCode(this.masked(text)));
    if (text.includes('id="report-data"')) {
      this.texts.set(`${group}/${name}.data.jsonl`, this.masked(payloadText(text)));
    }
  }

  /** A workbook that a command wrote: a line for each row of each sheet. */
  private async keepBook(group: string, name: string): Promise<void> {
    const { sheets } = await readBook(readFileSync(this.path(name)));
    const lines = sheets.flatMap((sheet) => sheet.rows.map((row) => JSON.stringify([sheet.name, ...row])));
    this.texts.set(`${group}/${name}.jsonl`, this.masked(`${lines.join('\n')}\n`));
  }

  private path(name: string): string {
    return join(this.folder, name);
  }

  /** Without what differs from version to version and from folder to folder, and digests of what is not kept whole. */
  private masked(text: string): string {
    const version = new RegExp(`(?<![\\d.])${TOOL_VERSION.replaceAll('.', '\\.')}(?![\\d.])`, 'g');
    return text
      .replaceAll(this.folder, 'FOLDER')
      .replace(version, 'VERSION')
      .replace(
        /("name":"findings[^"]*","digest":\{"sha256":")[0-9a-f]{64}(?="\},"annotations")/g,
        '$1MASKED',
      );
  }
}

/** The page without its script and style: what they do is seen in the browser only. */
function withoutCode(page: string): string {
  return page
    .replace(/(<(script|style)\b[^>]*>)[\s\S]*?(<\/\2>)/g, '$1LEFT OUT$3')
    .replace(/'sha256-[A-Za-z0-9+/=]+'/g, "'sha256-MASKED'");
}

/** The data of the page, one JSON line for each row, with the texts that the page has by number. */
function payloadText(page: string): string {
  const strings: string[] = [];
  return pageData(page)
    .flatMap((line): readonly unknown[] => {
      if (line.kind === 'strings') strings.push(...line.values);
      if (line.kind === 'strings') return [];
      if (line.kind === 'findings') return findingRows(unpackColumns(line.columns), strings);
      return 'rows' in line ? line.rows.map((row: unknown) => ({ kind: line.kind, row })) : [line];
    })
    .map((row) => `${JSON.stringify(row)}\n`)
    .join('');
}

const BY_NUMBER: ReadonlySet<string> = new Set<keyof FindingColumns>([
  ...(['rule', 'account', 'partition', 'detail', 'policy', 'source'] as const),
  ...(['sha256', 'capturedAt', 'firstSeen', 'lastSeen', 'suppressedBy', 'arnStart'] as const),
]);

function findingRows(columns: FindingColumns, strings: readonly string[]): readonly unknown[] {
  const entries = Object.entries(columns) as [string, readonly (string | number)[]][];
  return columns.rule.map((_, at) => ({
    kind: 'finding',
    ...Object.fromEntries(
      entries.map(([name, values]) => {
        const value = values[at];
        const text = BY_NUMBER.has(name) && typeof value === 'number' ? (strings[value] ?? null) : value;
        return [name, name === 'detail' && typeof text === 'string' ? JSON.parse(text) : text];
      }),
    ),
  }));
}

/** What test/golden holds, without the files that no run wrote. */
export function storedGoldenFiles(): GoldenFiles {
  const names = readdirSync(GOLDEN, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(GOLDEN.length + 1)
        .replaceAll('\\', '/'),
    );
  return new Map(names.sort().map((name) => [name, readFileSync(join(GOLDEN, name), 'utf8')]));
}

/** Replaces all that test/golden holds. */
export function storeGoldenFiles(files: GoldenFiles): void {
  rmSync(GOLDEN, { recursive: true, force: true });
  for (const [name, text] of files) {
    const path = join(GOLDEN, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
