import { useCompileCache } from './compile-cache.ts';
import { keepYoungGenerationSmall } from './young-generation.ts';

// Before anything is loaded that is worth keeping.
useCompileCache();
keepYoungGenerationSmall();
await import('./program.ts');
