import { accessSync, constants } from 'node:fs';
import { expect, it } from 'vitest';
import { CHECKOUT, inCheckout } from '../checkout.ts';
import { shell } from '../cli/built.ts';

it('the demo ends with a line that works as it stands', { timeout: 120_000 }, async () => {
  const demo = await shell(`${process.execPath} samples/demo.mjs`, CHECKOUT);
  expect(demo.code, demo.stderr).toBe(0);
  const line = demo.stdout.trimEnd().split('\n').at(-1) ?? '';
  expect(line).toMatch(/^ {2}npx trustsieve explain /);
  const typed = await shell(line, CHECKOUT);
  expect(typed.code, typed.stderr).toBe(0);
  expect(typed.stdout).toContain('PASS with guardrails');
});

it('the program can be run as a command after every build', () => {
  accessSync(inCheckout('dist', 'cli', 'main.js'), constants.X_OK);
});
