/** Times one kind of call, by however many callers at once. */

export type Times = Readonly<{ median: number; p99: number }>;

/** Microseconds for each call: `calls` of them by each of `callers`, after a tenth as many that are not counted. */
export async function timesOf(call: () => Promise<unknown>, callers: number, calls: number): Promise<Times> {
  const caller = async (count: number, times: number[]) => {
    for (let n = 0; n < count; n += 1) {
      const began = performance.now();
      await call();
      times.push((performance.now() - began) * 1_000);
    }
  };
  const together = async (count: number, times: number[]) => {
    await Promise.all(Array.from({ length: callers }, () => caller(count, times)));
  };
  const times: number[] = [];
  await together(Math.ceil(calls / 10), []);
  await together(calls, times);
  times.sort((a, b) => a - b);
  return { median: times[times.length >> 1]!, p99: times[Math.floor(times.length * 0.99)]! };
}

export function micros(time: number): string {
  return time < 1_000 ? `${time.toFixed(1)} µs` : `${(time / 1_000).toFixed(2)} ms`;
}
