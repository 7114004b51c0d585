/** Declares metrics, each with its meaning and its labels, and writes all of them down for whoever scrapes. */
import type * as prom from 'prom-client';
import { Histogram } from './histogram.ts';
import { Counter, Gauge, Registry } from './prom-client.ts';

/** A metric as documents show it. */
export type Description = Readonly<{
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  labels: readonly string[];
  help: string;
}>;

type Declared<Label extends string> = Readonly<{
  name: string;
  help: string;
  /** Each has few values that are known beforehand: every combination of them is a series, and is held for good. */
  labels?: readonly Label[];
}>;

/** One value among those of a metric. */
export type Sample<Label extends string> = readonly [labels: Readonly<Record<Label, string>>, value: number];
type Samples<Label extends string> = readonly Sample<Label>[];

/** What a scrape is answered with. */
export type Scraped = Readonly<{ contentType: string; text: string }>;

export class Instruments {
  readonly #registry = new Registry();
  readonly #descriptions: Description[] = [];

  /** All metrics, in the order in which they were declared. */
  get descriptions(): readonly Description[] {
    return this.#descriptions;
  }

  async scrape(): Promise<Scraped> {
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() };
  }

  /** `known` are series that begin at 0, so that their first event is an increase to whoever scrapes. */
  counter<Label extends string = never>(
    declared: Declared<Label> & Readonly<{ known?: readonly Readonly<Record<Label, string>>[] }>,
  ): prom.Counter<Label> {
    const counter = new Counter(this.#declare('counter', declared));
    for (const labels of declared.known ?? []) counter.inc(labels, 0);
    return counter;
  }

  /** Of durations in seconds; `buckets` are the upper bounds. */
  histogram<Label extends string>(
    declared: Declared<Label> & Readonly<{ buckets: readonly number[] }>,
  ): Histogram<Label> {
    const histogram = new Histogram<Label>(declared.buckets);
    const { name, help } = this.#declare('histogram', declared);
    const aggregator = 'sum' as const;
    const get = async () => ({ name, help, type: 'histogram', aggregator, values: histogram.values(name) });
    // What a registry asks of a metric is its name and these values.
    this.#registry.registerMetric({ name, get } as unknown as prom.Metric);
    return histogram;
  }

  /** A counter that is kept elsewhere, and read at a scrape: counting costs no look-up of labels. */
  readCounter<Label extends string = never>(declared: Declared<Label>, read: () => Samples<Label>): void {
    new Counter({
      ...this.#declare('counter', declared),
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
  }

  /** A gauge that is read at a scrape. Where that fails it has no value, and all others are told. */
  readGauge<Label extends string = never>(
    declared: Declared<Label>,
    read: () => Samples<Label> | Promise<Samples<Label>>,
  ): void {
    new Gauge({
      ...this.#declare('gauge', declared),
      async collect() {
        const samples = await settled(read);
        this.reset();
        // Without labels there would be a 0 where nothing is known.
        if (declared.labels === undefined) this.remove({});
        for (const [labels, value] of samples) this.set(labels, value);
      },
    });
  }

  #declare<Label extends string>(type: Description['type'], { name, help, labels = [] }: Declared<Label>) {
    this.#descriptions.push({ name, type, labels, help });
    return { name, help, labelNames: [...labels], registers: [this.#registry] };
  }
}

async function settled<Label extends string>(read: () => Samples<Label> | Promise<Samples<Label>>) {
  try {
    return await read();
  } catch {
    return [];
  }
}
