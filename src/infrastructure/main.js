/**
 * The entry point: keeps compiled code between starts, so that they are quick and small, and starts the server. It is JavaScript because
 * Node takes the types out of TypeScript with a compiler that it loads for the first such file, and keeps: the cache has the rest without.
 */
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// One that cannot be written is no harm.
enableCompileCache(join(import.meta.dirname, '..', '..', 'node_modules', '.cache', 'tavernkeep'));
await import('./start.ts');
