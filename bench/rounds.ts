/** Measures several things in turns, so that whatever else the machine does falls on all of them alike. */

/** Measures once; more seconds, steadier figure. */
export type Measurement = (seconds: number) => Promise<number>;
export type Plan = Readonly<{ rounds: number; seconds: number; warmUpSeconds: number }>;

/** The median of each measurement over interleaved rounds, every other round in the opposite order. */
export async function mediansOf<Name extends string>(
  measurements: Readonly<Record<Name, Measurement>>,
  plan: Plan,
): Promise<Record<Name, number>> {
  const order = Object.keys(measurements) as Name[];
  const figures = new Map<Name, number[]>(order.map((name) => [name, []]));
  for (const name of order) await measurements[name](plan.warmUpSeconds);
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const name of round % 2 === 0 ? order : order.toReversed()) {
      figures.get(name)!.push(await measurements[name](plan.seconds));
    }
  }
  return Object.fromEntries(order.map((name) => [name, median(figures.get(name)!)])) as Record<Name, number>;
}

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
