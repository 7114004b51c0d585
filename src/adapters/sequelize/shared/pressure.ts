/** How much is waiting for a database at a moment, for the metrics. */
export type Pressure = Readonly<{
  /** How many wait, by what they wait for. */
  queues: Readonly<Record<string, number>>;
  /** How many connections a pool has, by what they do. */
  connections: Readonly<Record<string, number>>;
}>;
