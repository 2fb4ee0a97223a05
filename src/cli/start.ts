import { useCompileCache } from './compile-cache.ts';

// Before anything is loaded that is worth keeping.
useCompileCache();
await import('./program.ts');
