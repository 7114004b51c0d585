/** Counts requests by the pattern of their route, never by their path, and measures how long they take. */
import type * as prom from 'prom-client';
import type { RequestRecord } from '#adapters/http/pipeline/request-context.ts';
import type { Durations, Histogram } from './histogram.ts';
import type { Instruments } from './instruments.ts';

type Label = 'route' | 'method';

/** The requests of one route and method. */
type Series = Readonly<{ counts: Map<number, number>; durations: Durations }>;

/** Anybody may send others, as long as a server that counted them would take to fill. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
const OTHER_METHOD = 'other';
const UNREADABLE = '(unreadable)';

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

export class RequestMetrics {
  readonly #routes = new Map<string, Map<string, Series>>();
  readonly #durations: Histogram<Label>;
  readonly #problems: prom.Counter<'code'>;
  readonly #refusedConnections: prom.Counter;

  constructor(instruments: Instruments) {
    instruments.readCounter(
      {
        name: 'tavernkeep_http_requests_total',
        help: 'Requests that were answered, by the pattern of their route; what has no route is (none), a page (page).',
        labels: ['route', 'method', 'status'],
      },
      () => [...this.#samples()],
    );
    this.#durations = instruments.histogram({
      name: 'tavernkeep_http_request_duration_seconds',
      help: 'From the head of a request to the end of its answer, streams included.',
      labels: ['route', 'method'],
      buckets: BUCKETS,
    });
    this.#problems = instruments.counter({
      name: 'tavernkeep_http_problems_total',
      help: 'Refusals and failures by the code of their problem document.',
      labels: ['code'],
    });
    this.#refusedConnections = instruments.counter({
      name: 'tavernkeep_http_connections_refused_total',
      help: 'Connections that were closed at once because there were too many.',
    });
  }

  /** Problems with these codes begin at 0. */
  expect(codes: readonly string[]): void {
    for (const code of codes) this.#problems.inc({ code }, 0);
  }

  /** Told of every request, when it has been answered. */
  readonly record = ({ route, method, status, ms, code }: RequestRecord): void => {
    const { counts, durations } = this.#seriesOf(route, method);
    counts.set(status, (counts.get(status) ?? 0) + 1);
    durations.observe(ms / 1_000);
    if (code !== null) this.#problems.inc({ code });
  };

  /** Something that was no request was refused. */
  recordUnreadable({ status, code }: Readonly<{ status: number; code: string }>): void {
    const { counts } = this.#seriesOf(UNREADABLE, OTHER_METHOD);
    counts.set(status, (counts.get(status) ?? 0) + 1);
    this.#problems.inc({ code });
  }

  recordRefusedConnection(): void {
    this.#refusedConnections.inc();
  }

  /** Looked up by what every request has at hand: nothing is allocated for a route that was called before. */
  #seriesOf(route: string, sent: string): Series {
    const method = METHODS.has(sent) ? sent : OTHER_METHOD;
    let methods = this.#routes.get(route);
    if (methods === undefined) {
      methods = new Map();
      this.#routes.set(route, methods);
    }
    let series = methods.get(method);
    if (series === undefined) {
      series = { counts: new Map(), durations: this.#durations.of({ route, method }) };
      methods.set(method, series);
    }
    return series;
  }

  *#samples() {
    for (const [route, methods] of this.#routes)
      for (const [method, { counts }] of methods)
        for (const [status, count] of counts) yield [{ route, method, status: String(status) }, count] as const;
  }
}
