import type { HostileCase } from './case.ts';
import { GUARDRAIL_CASES } from './guardrail-cases.ts';
import { PACKED_CASES } from './packed-cases.ts';
import { PARQUET_CASES } from './parquet-cases.ts';
import { PATH_CASES } from './path-cases.ts';
import { POLICY_CASES } from './policy-cases.ts';
import { STORE_CASES } from './store-cases.ts';
import { TABLE_CASES } from './table-cases.ts';
import { TEXT_CASES } from './text-cases.ts';

/** Every kind of hostile evidence that the suite knows. */
export const CASES: readonly HostileCase[] = [
  ...TEXT_CASES,
  ...POLICY_CASES,
  ...GUARDRAIL_CASES,
  ...PACKED_CASES,
  ...PATH_CASES,
  ...TABLE_CASES,
  ...PARQUET_CASES,
  ...STORE_CASES,
];
