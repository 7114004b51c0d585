/** How much a connection may leave unread, and when it takes more. */
import type { Writable } from 'node:stream';

/** What waits in this process for a client; beyond it the next event is not sent any more. */
export const MAX_UNREAD_BYTES = 1024 * 1024;

/** Resolves when what was written is taken, as far as a connection cares, or when it is closed. */
export async function drained(connection: Writable): Promise<void> {
  if (!connection.writableNeedDrain || connection.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      connection.off('drain', done).off('close', done);
      resolve();
    };
    connection.on('drain', done).on('close', done);
  });
}

/** How long a client waits before it connects again, in milliseconds: not all of them at once. */
export function reconnectMs(): number {
  return 1_000 + Math.floor(Math.random() * 2_000);
}
