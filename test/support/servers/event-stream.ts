/** A client of server-sent events, which reads them as the standard says. */
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { until } from '../until.ts';
import { noteSecrets } from './secret-scan.ts';
import type { Client, Json } from './server.ts';

export type Received = Readonly<{ event: string; id: string; data: Json }>;

export class EventStream {
  readonly response: IncomingMessage;
  readonly events: Received[] = [];
  /** What it was told to wait before it connects again, in milliseconds. */
  readonly retries: number[] = [];
  comments = 0;
  /** What a client sends as `Last-Event-ID`. */
  lastEventId = '';
  /** `ended` where the server has ended it, `broken` where the connection has. */
  readonly over: Promise<'ended' | 'broken'>;
  #unread = '';

  private constructor(response: IncomingMessage) {
    this.response = response;
    response.setEncoding('utf8').on('data', (text: string) => this.#take(text));
    response.on('error', () => undefined);
    this.over = new Promise((resolve) => {
      response.once('close', () => resolve(response.complete ? 'ended' : 'broken'));
    });
  }

  /** The head of the answer has come. */
  static open(url: string, client: Client, thread: string, headers: Record<string, string> = {}, query = '') {
    return EventStream.at(url, client, `/chat/${thread}/live${query}`, headers);
  }

  /** The same at a path under the base path. */
  static async at(url: string, client: Client, path: string, headers: Record<string, string> = {}) {
    const credentials = {
      ...(client.bearer === null ? {} : { Authorization: `Bearer ${client.bearer}` }),
      ...(client.bearer !== null || client.cookie === null ? {} : { Cookie: client.cookie }),
    };
    noteSecrets(url, undefined, new Headers(credentials));
    const asked = request(`${url}/api/v1${path}`, { headers: { ...credentials, ...headers }, agent: false }).end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    asked.on('error', () => undefined);
    return new EventStream(response);
  }

  /** Events of this name. */
  of(event: string): readonly Received[] {
    return this.events.filter((one) => one.event === event);
  }

  get seqs(): readonly number[] {
    return this.of('message').map(({ data }) => data.seq);
  }

  /** Resolves once so many events of a name have come. */
  async has(count: number, event: string): Promise<readonly Received[]> {
    await until(() => this.of(event).length >= count, `${count} events "${event}"`);
    return this.of(event);
  }

  leave(): void {
    this.response.destroy();
  }

  #take(text: string): void {
    const blocks = (this.#unread + text).split('\n\n');
    this.#unread = blocks.pop() ?? '';
    for (const block of blocks) this.#dispatch(block.split('\n'));
  }

  #dispatch(lines: readonly string[]): void {
    let [event, data] = ['message', ''];
    for (const line of lines) {
      const [, name, value = ''] = /^([^:]*): ?(.*)$/.exec(line) ?? [];
      if (name === '') this.comments += 1;
      if (name === 'retry') this.retries.push(Number(value));
      if (name === 'id') this.lastEventId = value;
      if (name === 'event') event = value;
      if (name === 'data') data += value;
    }
    if (data !== '') this.events.push({ event, id: this.lastEventId, data: JSON.parse(data) });
  }
}
