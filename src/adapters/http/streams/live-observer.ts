/** What is told of connections on which events are sent, for the metrics. */

export const LIVE_TRANSPORTS = ['sse', 'websocket'] as const;
export type LiveTransport = (typeof LIVE_TRANSPORTS)[number];

/** Why one was closed: `too_slow` for who left too much unread. */
export const LIVE_CLOSES = ['client_gone', 'access_ended', 'too_slow', 'closing', 'failed'] as const;
export type LiveClose = (typeof LIVE_CLOSES)[number];

export interface LiveObserver {
  opened(transport: LiveTransport): void;
  /** An event of this name was sent. */
  told(event: string): void;
  closed(transport: LiveTransport, why: LiveClose): void;
}
