/** Starts the server and stops it on SIGTERM or SIGINT. Importing this module runs it. */
import process from 'node:process';
import { openApplication } from './application.ts';
import { ConfigError } from './config/config.ts';
import { readConfig } from './config/read-config.ts';
import { CUT_OFF_MS, startServer } from './http/server.ts';
import { createLogger } from './observability/logging.ts';

/** A stop that takes longer ends the process with exit code 1. What is under way is cut off a second before. */
const STOP_TIMEOUT_MS = 10_000;

async function main(): Promise<void> {
  // Databases, their logs and locks, and the file of a password are for their owner alone.
  process.umask(0o077);
  const config = readConfig();
  const logger = createLogger(config.LOG_LEVEL);
  // Sequelize tells the console of a commit that failed; whatever is told is a line of the log.
  console.warn = (told: unknown) => logger.warn(String(told));
  const application = await openApplication(config, logger);
  const { HOST, PORT } = config;
  const server = await startServer(application.listener, HOST, PORT, { log: application.serverLog }).catch(
    async (error: unknown) => {
      await application.close();
      throw error;
    },
  );
  logger.info({ url: server.url }, 'Tavernkeep is open');
  let began: number | undefined;
  const cut = new AbortController();
  const stop = async (signal: string) => {
    // A second signal does not stop twice: whoever sends it will not wait for a proxy.
    if (began !== undefined) return cut.abort();
    began = performance.now();
    logger.info({ signal }, 'stopping');
    // Without `unref` the timer itself would keep the process alive.
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
    await application.drain(cut.signal);
    await server.stop(CUT_OFF_MS - (performance.now() - began));
    await application.close();
    logger.info('stopped');
    logger.flush(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: unknown) => {
  // Errors that the operator can correct are plain messages. Anything else is a bug, and its stack helps to find it.
  const expected = error instanceof ConfigError || (error instanceof Error && error.constructor === Error);
  process.stderr.write(`${expected ? (error as Error).message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
});
