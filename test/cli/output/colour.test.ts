import { expect, it } from 'vitest';
import { paintFor } from '../../../src/cli/output/colour.ts';

const TERMINAL = { isTTY: true };
const PIPE = {};

it.each([
  ['a terminal', TERMINAL, undefined, {}, true],
  ['a pipe', PIPE, undefined, {}, false],
  ['NO_COLOR', TERMINAL, undefined, { NO_COLOR: '1' }, false],
  ['an empty NO_COLOR', TERMINAL, undefined, { NO_COLOR: '' }, true],
  ['a dumb terminal', TERMINAL, undefined, { TERM: 'dumb' }, false],
  ['FORCE_COLOR in a pipe', PIPE, undefined, { FORCE_COLOR: '1' }, true],
  ['FORCE_COLOR 0', TERMINAL, undefined, { FORCE_COLOR: '0' }, false],
  ['both', TERMINAL, undefined, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ['--no-color', TERMINAL, false, { FORCE_COLOR: '1' }, false],
  ['--color', PIPE, true, { NO_COLOR: '1' }, true],
])('%s', (_, stream, colour, environment, isColoured) => {
  const paint = paintFor(stream, { colour }, environment);
  expect(paint('bad', 'x') !== 'x').toBe(isColoured);
});
