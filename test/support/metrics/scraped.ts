/** Reads the text that Prometheus is answered: samples by name and labels. */

/** One line of it. */
export type Line = Readonly<{ name: string; labels: Readonly<Record<string, string>>; value: number }>;

const SAMPLE = /^(?<name>[a-zA-Z_]\w*)(?:\{(?<labels>.*)\})? (?<value>\S+)$/;

export class Scraped {
  readonly lines: readonly Line[];
  /** The metrics that are declared, whether or not they have a series. */
  readonly names: readonly string[];

  constructor(text: string) {
    const all = text.split('\n').filter((line) => line !== '');
    this.names = all.filter((line) => line.startsWith('# TYPE ')).map((line) => line.split(' ')[2] ?? '');
    this.lines = all.filter((line) => !line.startsWith('#')).map(lineOf);
  }

  /** The sum of the series that have these labels, beside others; undefined where there are none. */
  value(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const wanted = Object.entries(labels);
    const found = this.lines.filter(
      (line) => line.name === name && wanted.every(([label, value]) => line.labels[label] === value),
    );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  }
}

function lineOf(text: string): Line {
  const { name, labels = '', value } = SAMPLE.exec(text)?.groups ?? {};
  if (name === undefined || value === undefined) throw new Error(`No sample: ${text}`);
  const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label, text]) => [label, text] as const);
  return { name, labels: Object.fromEntries(pairs), value: Number(value) };
}
