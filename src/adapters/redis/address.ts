/** Where Redis is: at the address of the URL, or where the sentinels say that the master is at the moment. */
import { createClient } from 'redis';
import { within } from './deadline.ts';

export type RedisAddress = Readonly<{
  /** `redis://`, `rediss://` (TLS) or `unix://`, with user, password and number of the database. */
  url: string;
  /** `host:port` of each sentinel. Where there are any, the host of `url` is the name of the master. */
  sentinels: readonly string[];
}>;

const SENTINEL_PORT = 26_379;

/** The URL to connect to. Throws where no sentinel knows the master. */
export async function currentUrl({ url, sentinels }: RedisAddress, withinMs: number): Promise<string> {
  if (sentinels.length === 0) return url;
  const master = new URL(url);
  for (const sentinel of sentinels) {
    const found = await askSentinel(sentinel, master.hostname, withinMs).catch(() => null);
    if (found === null) continue;
    const [host, port] = found;
    master.host = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return master.href;
  }
  throw new Error('No sentinel knows where the master is.');
}

async function askSentinel(
  sentinel: string,
  master: string,
  withinMs: number,
): Promise<readonly [string, string] | null> {
  const { hostname, port } = new URL(`redis://${sentinel}`);
  const socket = { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port || SENTINEL_PORT) };
  const client = createClient({ socket: { ...socket, connectTimeout: withinMs, reconnectStrategy: false } });
  // Told by what is awaited, too.
  client.on('error', () => {});
  try {
    await within(client.connect(), withinMs);
    return await within(client.sendCommand(['SENTINEL', 'GET-MASTER-ADDR-BY-NAME', master]), withinMs);
  } finally {
    client.destroy();
  }
}
