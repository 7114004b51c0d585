/** The entry point: keeps compiled code between starts, so that they are quick and small, and starts the server. */
import { enableCompileCache } from 'node:module';
import { paths } from './paths.ts';

// Modules that are imported after this line come out of the cache, without their types; one that cannot be written is no harm.
enableCompileCache(paths.compileCache);
await import('./start.ts');
