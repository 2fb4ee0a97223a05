import { expect, it } from 'vitest';
import { Unpacking } from '../../src/evidence/unpacking.ts';

const MIB = 1024 * 1024;

it('lets any input unpack to a gibibyte, and a larger one to thousands of times its size', () => {
  const small = new Unpacking(() => 1_000);
  for (let mebibytes = 0; mebibytes < 1024; mebibytes += 64) small.add(64 * MIB);
  expect(() => small.add(1)).toThrow(/1024 MiB and 2000 times its size/);
  const large = new Unpacking(() => 100 * MIB);
  for (let gibibytes = 0; gibibytes < 195; gibibytes++) large.add(1024 * MIB);
  expect(() => large.add(1024 * MIB)).toThrow(/times its size/);
});

it('counts what was read so far of an input whose size is not known', () => {
  let read = 1;
  const stream = new Unpacking(() => read);
  expect(() => stream.add(1025 * MIB)).toThrow(/times its size/);
  read = 64 * MIB;
  expect(() => stream.add(MIB)).not.toThrow();
});
