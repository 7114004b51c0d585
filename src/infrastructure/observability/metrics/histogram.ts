/**
 * Durations in buckets, as plain numbers until somebody scrapes: prom-client's own histogram looks its labels up and
 * makes a closure at each call, and cost a hundredth of a request that reads the meter.
 */
import type { MetricValue } from 'prom-client';

type Labels<Label extends string> = Readonly<Record<Label, string>>;

/** Those of one series. */
export class Durations {
  readonly #bounds: readonly number[];
  /** By bucket, each without those before it; the last is of what is over every bound. */
  readonly #counts: number[];
  #sum = 0;

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = Array(bounds.length + 1).fill(0);
  }

  observe(seconds: number): void {
    let bucket = 0;
    while (seconds > (this.#bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sum += seconds;
  }

  /** As Prometheus has them: each bucket with those before it, then their sum and number. */
  *values(name: string, labels: Labels<string>): Iterable<MetricValue<string> & { metricName: string }> {
    let count = 0;
    for (const [bucket, own] of this.#counts.entries()) {
      count += own;
      const le = String(this.#bounds[bucket] ?? '+Inf');
      yield { metricName: `${name}_bucket`, labels: { ...labels, le }, value: count };
    }
    yield { metricName: `${name}_sum`, labels, value: this.#sum };
    yield { metricName: `${name}_count`, labels, value: count };
  }
}

export class Histogram<Label extends string> {
  readonly #bounds: readonly number[];
  readonly #series = new Map<string, Readonly<{ labels: Labels<Label>; durations: Durations }>>();

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  /** The series with these labels, which begins with the first call. Whoever observes often asks for it once. */
  of(labels: Labels<Label>): Durations {
    const key = JSON.stringify(labels);
    let series = this.#series.get(key);
    if (series === undefined) {
      series = { labels, durations: new Durations(this.#bounds) };
      this.#series.set(key, series);
    }
    return series.durations;
  }

  values(name: string): MetricValue<string>[] {
    return [...this.#series.values()].flatMap(({ labels, durations }) => [...durations.values(name, labels)]);
  }
}
