/** Connections on which events are sent: how many are open, what they were told, and why they were closed. */
import type * as prom from 'prom-client';
import {
  LIVE_CLOSES,
  LIVE_TRANSPORTS,
  type LiveClose,
  type LiveObserver,
  type LiveTransport,
} from '#adapters/http/streams/live-observer.ts';
import type { Instruments } from './metrics/instruments.ts';

export class LiveMetrics implements LiveObserver {
  readonly #open = new Map<LiveTransport, number>(LIVE_TRANSPORTS.map((transport) => [transport, 0]));
  readonly #events = new Map<string, number>();
  readonly #closed: prom.Counter<'transport' | 'why'>;

  constructor(instruments: Instruments) {
    instruments.readGauge(
      {
        name: 'tavernkeep_live_streams',
        help: 'Connections on which a conversation is followed: server-sent events (sse) or a WebSocket (websocket).',
        labels: ['transport'],
      },
      () => [...this.#open].map(([transport, count]) => [{ transport }, count]),
    );
    instruments.readCounter(
      {
        name: 'tavernkeep_live_events_total',
        help: 'Events that were sent to followers, each of them counted, by name.',
        labels: ['event'],
      },
      () => [...this.#events].map(([event, count]) => [{ event }, count]),
    );
    this.#closed = instruments.counter({
      name: 'tavernkeep_live_streams_closed_total',
      help: 'Such connections that were closed: the client left (client_gone), may not read any more (access_ended), left too much unread (too_slow), the server stopped (closing), or an event could not be made (failed).',
      labels: ['transport', 'why'],
      known: LIVE_TRANSPORTS.flatMap((transport) => LIVE_CLOSES.map((why) => ({ transport, why }))),
    });
  }

  opened(transport: LiveTransport): void {
    this.#open.set(transport, (this.#open.get(transport) ?? 0) + 1);
  }

  told(event: string): void {
    this.#events.set(event, (this.#events.get(event) ?? 0) + 1);
  }

  closed(transport: LiveTransport, why: LiveClose): void {
    this.#open.set(transport, (this.#open.get(transport) ?? 0) - 1);
    this.#closed.inc({ transport, why });
  }
}
