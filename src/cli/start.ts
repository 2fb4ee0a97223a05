import { useCompileCache } from './compile-cache.ts';
import { startThreadFor } from './early-thread.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

// Before anything is loaded that is worth keeping.
useCompileCache();
keepYoungGenerationSmall();
startThreadFor(process.argv.slice(2));
await import('./program.ts');
