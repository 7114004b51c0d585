/** Loaded into the replay's own server: it ends with the replay, even where that is killed. */
import process from 'node:process';

process.on('disconnect', () => process.exit());
