import { collectOldGenerationEarly, stopYoungGenerationGrowing } from '../audit/pool/generations.ts';
import { useCompileCache } from './compile-cache.ts';
import { startThreadFor } from './early-thread.ts';

const args = process.argv.slice(2);
// Before anything is loaded that is worth keeping.
useCompileCache();
collectOldGenerationEarly();
// The threads of a scan come to their size first, see audit/pool/pool.ts.
if (args[0] !== 'scan') stopYoungGenerationGrowing();
startThreadFor(args);
await import('./program.ts');
