/** The load generator, in a process of its own: runs the load that it is told, and answers what came back. */
import autocannon from 'autocannon';

export type Asked = Readonly<{ path: string; body?: string }>;

export type Load = Readonly<{
  url: string;
  method: 'GET' | 'POST';
  headers: Readonly<Record<string, string>>;
  /** For each connection what it asks for, in turn. */
  requests: readonly (readonly Asked[])[];
  seconds: number;
}>;

export type LoadResult = Readonly<{ perSecond: number; p99Ms: number; failures: number }>;

async function run({ url, method, headers, requests, seconds }: Load): Promise<LoadResult> {
  let next = 0;
  const started = performance.now();
  const result = await autocannon({
    url,
    method,
    headers,
    connections: requests.length,
    duration: seconds,
    setupClient: (client) => {
      client.setRequests(requests[next++ % requests.length]!.map((asked) => ({ method, headers, ...asked })));
    },
  });
  const elapsed = (performance.now() - started) / 1000;
  return {
    perSecond: result['2xx'] / elapsed,
    p99Ms: result.latency.p99,
    failures: result.non2xx + result.errors + result.timeouts,
  };
}

process.on('message', async (load: Load) => process.send!(await run(load)));
process.send!('ready');
