import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { TrustsieveError } from '../../errors.ts';
import type { Outcome } from '../../model/exposure.ts';
import { effectiveVerdict } from '../../model/guardrail.ts';
import type { ReportSource, StoredVerdict } from '../../model/report-source.ts';
import { errorCode } from '../../text/error-text.ts';
import { writeAll } from '../files/stream.ts';
import { isReplaceable, writeHashed, writeReportFile } from '../files/write-file.ts';
import { type HtmlOptions, page, type Survey, survey } from './index.ts';
import type { WrittenPart } from './page/findings-parts.ts';
import { partPage } from './page/part-page.ts';

/**
 * Writes the HTML report to `path`. When there are more findings than one page carries (`PageLimits`), all of them go
 * to `report-parts/part-001.html`, `part-002.html` ... beside it, in order, and `path` becomes the index: the whole
 * report with the worst findings and a list of the parts. The index is written last, so it never names a file that is
 * not whole. Pipes and devices get the index alone.
 *
 * @returns the parts; none when one page holds everything. Errors: `output-unwritable`.
 */
export async function writeHtmlFiles(
  path: string,
  source: ReportSource,
  options: HtmlOptions,
): Promise<readonly WrittenPart[]> {
  const surveyed = survey(source, options);
  const { outcomes } = surveyed.plan;
  const split = surveyed.plan.parts.length > 1 && (await isReplaceable(path));
  const written = split ? await writeParts(path, source, options, surveyed, findings(source, outcomes)) : [];
  await writeReportFile(path, (out) => writeAll(out, page(source, options, surveyed, written)));
  return written;
}

/** Without what guardrails close, which is no finding. */
function* findings(source: ReportSource, outcomes: readonly Outcome[]): Generator<StoredVerdict> {
  for (const verdict of source.verdicts({ outcomes })) {
    if (outcomes.includes(effectiveVerdict(verdict.object))) yield verdict;
  }
}

async function writeParts(
  path: string,
  source: ReportSource,
  options: HtmlOptions,
  { plan: { parts }, digest }: Survey,
  verdicts: Iterable<StoredVerdict>,
): Promise<readonly WrittenPart[]> {
  const folder = `${basename(path, extname(path))}-parts`;
  await makeFolder(join(dirname(path), folder));
  const rows = verdicts[Symbol.iterator]();
  const files: WrittenPart[] = [];
  try {
    for (const [at, part] of parts.entries()) {
      const name = `part-${String(at + 1).padStart(3, '0')}.html`;
      const place = {
        number: at + 1,
        count: parts.length,
        index: `../${encodeURIComponent(basename(path))}#findings`,
        digest,
      };
      const sha256 = await writeHashed(
        join(dirname(path), folder, name),
        partPage(source, options, part, place, taken(rows, part.rows)),
      );
      files.push({ ...part, path: `${folder}/${name}`, sha256 });
    }
  } finally {
    rows.return?.();
  }
  return files;
}

/** The next `count`; unlike a loop over `rows` it leaves the rest for the next part. */
function* taken<T>(rows: Iterator<T>, count: number): Generator<T> {
  for (let left = count; left > 0; left--) {
    const next = rows.next();
    if (next.done === true) return;
    yield next.value;
  }
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
    const code = errorCode(cause);
    throw new TrustsieveError(
      'output-unwritable',
      `cannot make the folder \`${path}\`: ${code}; name a file in a folder that you may write to`,
      { cause },
    );
  });
}
