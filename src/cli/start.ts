import { useCompileCache } from './compile-cache.ts';
import { startThreadFor } from './early-thread.ts';

// Before anything is loaded that is worth keeping.
useCompileCache();
startThreadFor(process.argv.slice(2));
await import('./program.ts');
