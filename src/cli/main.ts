#!/usr/bin/env node
// Nothing else may be imported here: an older Node.js would fail in what it cannot read before it could say so.
import { refusalOf } from './node-version.ts';

const refusal = refusalOf(process.versions.node);
if (refusal === null) {
  void import('./start.ts');
} else {
  process.stderr.write(`error: ${refusal}\n`);
  process.exitCode = 2;
}
