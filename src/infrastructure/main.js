/** The entry point: enables Node's compile cache, then starts the server. */

// This file is JavaScript, because for a TypeScript entry point Node would load its type-stripping compiler before the
// cache is enabled, and retain it. The cache contains all other files with their types stripped.
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// A cache that cannot be written is ignored.
enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'tavernkeep'));
await import('./start.ts');
