/** A client of a WebSocket of frames in JSON, which keeps all that came. */
import { once } from 'node:events';
import type { WebSocket } from 'ws';
import { until } from '../until.ts';
import type { Json } from './server.ts';

export class FrameSocket {
  readonly webSocket: WebSocket;
  readonly frames: Json[] = [];
  readonly closed: Promise<Readonly<{ code: number; reason: string }>>;

  constructor(webSocket: WebSocket) {
    this.webSocket = webSocket;
    webSocket.on('message', (data) => this.frames.push(JSON.parse(String(data))));
    this.closed = once(webSocket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  }

  send(frame: unknown): void {
    this.webSocket.send(typeof frame === 'string' || frame instanceof Uint8Array ? frame : JSON.stringify(frame));
  }

  /** The answers so far, once there are so many. */
  async answers(count: number): Promise<readonly Json[]> {
    const all = () => this.frames.filter(({ type }) => type !== undefined);
    await until(() => all().length >= count, `${count} answers`);
    return all();
  }

  async events(count: number, name: string): Promise<readonly Json[]> {
    const all = () => this.frames.filter(({ event }) => event === name);
    await until(() => all().length >= count, `${count} events "${name}"`);
    return all();
  }
}
