/** Preloaded into the replay's own server: ends it when the replay ends, even if that is killed. */
import process from 'node:process';

process.on('disconnect', () => process.exit());
