/** A client of the HTTP API. */
import type { Data, EventOf, ItemOf, ListOf, Method, OptionsOf, PathOf, Rest, Sent, StreamOf } from './calls.ts';
import { errorOf, fromFetch, TavernkeepError } from './errors.ts';
import { KEYED } from './keyed.ts';
import { followed } from './live.ts';
import { retried } from './retry.ts';
import { eventsOf } from './server-sent-events.ts';
import { type FileOptions, sendFile } from './upload.ts';

const BASE = '/api/v1';
const TIMEOUT_MS = 60_000;
const RETRIES = 4;
const PAGE_ITEMS = 200;

export type ClientOptions = Readonly<{
  /** Address of the server, such as `https://tavern.example`; empty in a page that it serves itself. */
  url?: string;
  /** An API token. Without one, calls are made by the session that `POST /auth/login` begins. */
  token?: string;
  /** Longest wait for an answer, uploads and streams excepted. */
  timeoutMs?: number;
  /** How often a call is sent again that may be. */
  retries?: number;
  /** In place of the global one. */
  fetch?: typeof fetch;
}>;

/** What a call answers. */
export type Answer<T> = Readonly<{
  status: number;
  data: T;
  /** Given back as `ifMatch` by who changes what was read; null of what is not changed so. */
  etag: string | null;
  headers: Headers;
}>;

/** Every method rejects with a `TavernkeepError` where a call is refused or nobody answers. */
export class Tavernkeep {
  readonly #options: ClientOptions;
  /** Outside of browsers nobody else keeps it. */
  #cookie: string | undefined;

  constructor(options: ClientOptions = {}) {
    this.#options = options;
  }

  async get<P extends PathOf<'get'>>(path: P, ...rest: Rest<OptionsOf<'get', P>>): Promise<Data<'get', P>> {
    return (await this.call('get', path, ...rest)).data;
  }

  async post<P extends PathOf<'post'>>(path: P, ...rest: Rest<OptionsOf<'post', P>>): Promise<Data<'post', P>> {
    return (await this.call('post', path, ...rest)).data;
  }

  async put<P extends PathOf<'put'>>(path: P, ...rest: Rest<OptionsOf<'put', P>>): Promise<Data<'put', P>> {
    return (await this.call('put', path, ...rest)).data;
  }

  async patch<P extends PathOf<'patch'>>(path: P, ...rest: Rest<OptionsOf<'patch', P>>): Promise<Data<'patch', P>> {
    return (await this.call('patch', path, ...rest)).data;
  }

  async delete<P extends PathOf<'delete'>>(path: P, ...rest: Rest<OptionsOf<'delete', P>>): Promise<Data<'delete', P>> {
    return (await this.call('delete', path, ...rest)).data;
  }

  /** As the methods above, with status, tag and headers. */
  async call<M extends Method, P extends PathOf<M>>(
    method: M,
    path: P,
    ...[options = {} as OptionsOf<M, P>]: Rest<OptionsOf<M, P>>
  ): Promise<Answer<Data<M, P>>> {
    const sent = withKey(method, path, options as Sent);
    const repeatable = method === 'get' || method === 'delete' || sent.idempotencyKey !== undefined;
    const { retries = RETRIES, timeoutMs = TIMEOUT_MS } = this.#options;
    const once = () => this.#answer<Data<M, P>>(method, path, sent, AbortSignal.timeout(timeoutMs));
    return retried(once, { retries, repeatable, signal: sent.signal });
  }

  /** Everything in a list, page by page as it is asked for. */
  async *items<P extends ListOf>(path: P, ...[options]: Rest<OptionsOf<'get', P>>): AsyncGenerator<ItemOf<P>> {
    const { query, ...sent } = (options ?? {}) as Sent;
    // A cursor stands for where the list began, too.
    const { before: _, after: __, ...onwards } = query ?? {};
    let page: Sent['query'] | null = { limit: PAGE_ITEMS, ...query };
    while (page !== null) {
      const { data } = await this.call<'get', ListOf>('get', path, { ...sent, query: page } as never);
      yield* data.items as ItemOf<P>[];
      const { next_cursor: cursor = null } = data as { next_cursor?: string | null };
      page = cursor === null ? null : { limit: PAGE_ITEMS, ...onwards, cursor };
    }
  }

  /** The events with which a call answers, until it is done. */
  async *stream<P extends StreamOf<'post'>>(
    path: P,
    ...[options]: Rest<OptionsOf<'post', P>>
  ): AsyncGenerator<EventOf<'post', P>> {
    const response = await this.#send('post', path, options as Sent, { Accept: 'text/event-stream' });
    for await (const told of eventsOf(response)) if ('event' in told) yield told as EventOf<'post', P>;
  }

  /**
   * What happens, live: connects again when the connection is lost, and goes on after the last event. Ends when the
   * signal is aborted; throws the server's refusal when access has ended.
   */
  async *events<P extends StreamOf<'get'>>(
    path: P,
    ...[options]: Rest<OptionsOf<'get', P>>
  ): AsyncGenerator<EventOf<'get', P>> {
    const sent = (options ?? {}) as Sent;
    const open = (lastId: string | undefined) =>
      this.#send('get', path, sent, lastId === undefined ? {} : { 'Last-Event-ID': lastId });
    for await (const event of followed(open, sent.signal)) yield event as EventOf<'get', P>;
  }

  /** Adds a file to a source, or a transcript to the conversations. */
  async upload<P extends PathOf<'post'>>(
    path: P,
    options: Omit<OptionsOf<'post', P>, 'body'> & FileOptions,
  ): Promise<Data<'post', P>> {
    const sent = withKey('post', path, options as Sent);
    const request = { url: this.#address(path, sent), headers: this.#headers(sent), signal: sent.signal };
    const once = async () => {
      const response = await sendFile(this.#fetch, request, options);
      if (!response.ok) throw await errorOf(response);
      return (await response.json()) as Data<'post', P>;
    };
    const asOurs = () =>
      once().catch((error: unknown) => {
        throw fromFetch(error, this.#origin, sent.signal);
      });
    const { retries = RETRIES } = this.#options;
    return retried(asOurs, { retries, repeatable: sent.idempotencyKey !== undefined, signal: sent.signal });
  }

  /** The response itself, of calls that answer a file or an export. */
  download<P extends PathOf<'get'>>(path: P, ...[options]: Rest<OptionsOf<'get', P>>): Promise<Response> {
    return this.#send('get', path, (options ?? {}) as Sent);
  }

  async #answer<T>(method: Method, path: string, sent: Sent, timeout: AbortSignal): Promise<Answer<T>> {
    const signal = sent.signal === undefined ? timeout : AbortSignal.any([sent.signal, timeout]);
    const response = await this.#send(method, path, { ...sent, signal });
    const { status, headers } = response;
    const text = await response.text().catch((error: unknown) => {
      throw fromFetch(error, this.#origin, sent.signal);
    });
    try {
      const data = (text === '' ? undefined : JSON.parse(text)) as T;
      return { status, data, etag: headers.get('etag'), headers };
    } catch (cause) {
      const message = `${this.#origin} is no Tavernkeep: it answered ${status}, and not in JSON.`;
      throw new TavernkeepError('unreadable_answer', message, { status, cause });
    }
  }

  async #send(method: Method, path: string, sent: Sent, more: Record<string, string> = {}): Promise<Response> {
    const { body, signal } = sent;
    const content = body === undefined ? {} : { 'Content-Type': 'application/json' };
    const response = await this.#fetch(this.#address(path, sent), {
      method: method.toUpperCase(),
      headers: { ...this.#headers(sent), ...content, ...more },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((error: unknown) => {
      throw fromFetch(error, this.#origin, signal?.reason?.name === 'TimeoutError' ? undefined : signal);
    });
    this.#cookie = response.headers.getSetCookie?.()[0]?.split(';', 1)[0] ?? this.#cookie;
    if (!response.ok) throw await errorOf(response);
    return response;
  }

  get #fetch(): typeof fetch {
    // A global one that is called by another `this` refuses.
    return this.#options.fetch ?? ((...given) => fetch(...given));
  }

  get #origin(): string {
    return this.#options.url ?? '';
  }

  #headers({ ifMatch, idempotencyKey }: Sent): Record<string, string> {
    const { token } = this.#options;
    return {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(this.#cookie !== undefined && token === undefined && { Cookie: this.#cookie }),
      ...(ifMatch !== undefined && { 'If-Match': ifMatch }),
      ...(idempotencyKey !== undefined && { 'Idempotency-Key': idempotencyKey }),
    };
  }

  #address(path: string, { path: named = {}, query = {} }: Sent): string {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(named[name])));
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(query)) if (value !== undefined) search.append(name, `${value}`);
    return `${this.#origin}${BASE}${filled}${search.size === 0 ? '' : `?${search}`}`;
  }
}

/** With a key of its own, where the call takes one: a repetition is known by it. */
function withKey(method: Method, path: string, sent: Sent): Sent {
  if (sent.idempotencyKey !== undefined || !KEYED.includes(`${method} ${path}`)) return sent;
  return { ...sent, idempotencyKey: newKey() };
}

/** `crypto.randomUUID` is for secure contexts alone, and a table's server may be none. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (word) => word.toString(36)).join('-');
}
