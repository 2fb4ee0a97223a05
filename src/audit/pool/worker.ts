import { enableCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { ReadAhead } from '../../evidence/read-ahead.ts';
import type { ThreadData } from './thread.ts';

/** The beginning of a thread: what takes long is begun before the program itself is loaded. */

const { compileCache, readsAhead } = workerData as ThreadData;
const readAhead = readsAhead ? new ReadAhead() : null;
if (compileCache !== null) enableCompileCache(compileCache);
const { work } = await import('./work.ts');
if (parentPort === null) throw new Error('this module runs as a worker');
work(parentPort, readAhead);
