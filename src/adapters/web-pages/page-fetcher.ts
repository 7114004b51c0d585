/** Fetches pages of the public internet for the library, whoever names them. */
import { once } from 'node:events';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { WebPage, WebPages } from '#application/library/documents/web-pages.ts';
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { isPublicAddress } from './public-addresses.ts';
import { checkHost, publicLookup, type Resolve, systemResolve } from './public-lookup.ts';
import { addressRefused, unreachable, unreadable } from './refusals.ts';

const MAX_BYTES = 50_000_000;
const MAX_REDIRECTS = 5;
/** From the first look-up to the last byte, redirects included. */
const TIMEOUT_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What a reader may be there for; its kind is what its bytes say. */
const READABLE =
  /^(?:text\/|application\/(?:pdf|xml|xhtml\+xml|epub\+zip|zip|octet-stream|vnd\.openxmlformats-officedocument\.wordprocessingml\.document)\b)/i;
const HEADERS = {
  accept: 'text/html, text/*, application/pdf, */*;q=0.5',
  'accept-encoding': 'identity',
  'user-agent': 'Tavernkeep',
};

export type PageFetcherOptions = Readonly<{
  resolve?: Resolve;
  isPublic?: (address: string) => boolean;
  maxBytes?: number;
  timeoutMs?: number;
}>;

/** No cookie, credential or proxy is used, and no connection is used twice. */
export class PageFetcher implements WebPages {
  readonly #options: Required<PageFetcherOptions>;

  constructor(options: PageFetcherOptions = {}) {
    const defaults = { resolve: systemResolve, isPublic: isPublicAddress, maxBytes: MAX_BYTES, timeoutMs: TIMEOUT_MS };
    this.#options = { ...defaults, ...options };
  }

  check(url: string): void {
    checkHost(parsed(url).hostname, this.#options.isPublic);
  }

  async fetch(url: string, signal: AbortSignal): Promise<WebPage> {
    const timeout = AbortSignal.timeout(this.#options.timeoutMs);
    try {
      return await this.#follow(url, AbortSignal.any([signal, timeout]));
    } catch (error) {
      signal.throwIfAborted();
      throw timeout.aborted ? unreachable('timeout') : refusalOf(error);
    }
  }

  async #follow(url: string, signal: AbortSignal): Promise<WebPage> {
    let at = parsed(url);
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
      const response = await this.#ask(at, signal);
      const { statusCode = 0, headers } = response;
      if (!REDIRECTS.has(statusCode) || headers.location === undefined) return this.#page(at, response);
      response.destroy();
      at = parsed(headers.location, at);
    }
    throw addressRefused('too_many_redirects');
  }

  async #ask(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const { resolve, isPublic } = this.#options;
    checkHost(url.hostname, isPublic);
    const request = url.protocol === 'https:' ? requestHttps : requestHttp;
    const asked = request(url, { agent: false, headers: HEADERS, lookup: publicLookup(resolve, isPublic), signal });
    asked.end();
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    return response;
  }

  async #page(url: URL, response: IncomingMessage): Promise<WebPage> {
    try {
      checkAnswer(response);
      return { bytes: await this.#bytesOf(response), name: nameIn(url), url };
    } finally {
      response.destroy();
    }
  }

  /** A declared length is not trusted: what comes is counted. */
  async #bytesOf(response: IncomingMessage): Promise<Uint8Array> {
    const { maxBytes } = this.#options;
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw retrievalErrors.documentTooLarge({ reason: 'bytes', limit: maxBytes });
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  }
}

function parsed(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw addressRefused('malformed');
  const url = new URL(text, base);
  if (!/^https?:$/.test(url.protocol)) throw addressRefused('malformed');
  if (url.username !== '' || url.password !== '') throw addressRefused('credentials');
  return url;
}

function checkAnswer({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode === 429 || statusCode >= 500) throw unreachable('busy');
  if (statusCode !== 200) throw unreadable('status');
  if (!READABLE.test(headers['content-type'] ?? 'text/html')) throw unreadable('type');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw unreadable('encoding');
}

function nameIn({ pathname }: URL): string {
  const last = pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

/** What a socket throws is told in our words: its own name addresses and ports. */
function refusalOf(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const { code } = error as NodeJS.ErrnoException;
  return unreachable(code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'not_found' : 'no_answer');
}
