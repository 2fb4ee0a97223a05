import type { Writable } from 'node:stream';
import type { Diff, DiffChange } from '../../history/diff.ts';
import { jsonElements, jsonText } from '../shared/json-text.ts';
import { writeAll } from '../stream.ts';

/** A comparison as one JSON object, one change a line. */
export async function renderDiffJson(diff: Diff, out: Writable): Promise<void> {
  await writeAll(out, diffJson(diff));
}

function* diffJson({ from, to, coverage, summary, changes }: Diff): Generator<string> {
  yield `{"from":${jsonText(from)},"to":${jsonText(to)},"coverage":${jsonText(coverage)},"summary":${jsonText(summary)},"changes":[`;
  yield* jsonElements(ordered(changes));
  yield ']}\n';
}

function* ordered(changes: Iterable<DiffChange>): Generator<DiffChange> {
  for (const { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict } of changes) {
    yield { change, cause, rule, account, arn, roleId, fromVerdict, toVerdict };
  }
}
