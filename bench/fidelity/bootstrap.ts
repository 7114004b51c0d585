/** Percentile intervals of means by resampling the transcripts (Efron 1979); the same on every run. */
import { randomOf } from './random.ts';

const RESAMPLES = 1_000;
const SEED = 9;
/** 95 % of the resamples lie within. */
const OUTSIDE = 0.025;

export type Interval = Readonly<{ low: number; high: number }>;

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The interval of the mean. */
export function intervalOf(values: readonly number[]): Interval {
  const random = randomOf(SEED);
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(() => random.pick(values))));
  means.sort((a, b) => a - b);
  const at = (share: number) => means[Math.min(RESAMPLES - 1, Math.floor(share * RESAMPLES))]!;
  return { low: at(OUTSIDE), high: at(1 - OUTSIDE) };
}
