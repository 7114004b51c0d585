/** Where the project and its entry points are, for tests that start processes or read files. */
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..', '..');
/** The server as `npm start` runs it. */
export const MAIN = join(ROOT, 'src/infrastructure/main.js');
/** The operator's commands as `npm run migrate` and the others run them. */
export const CLI = join(ROOT, 'src/infrastructure/commands/cli.ts');
/** The replay client. */
export const REPLAY = join(ROOT, 'clients/replay/replay.ts');
