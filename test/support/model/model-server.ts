/** A server that speaks OpenAI's protocol as a test tells it to, request by request. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Asked = Readonly<{
  path: string;
  headers: IncomingHttpHeaders;
  body: Readonly<{ model: string; stream: boolean; messages: readonly { role: string; content: string }[] }>;
  /** Resolves once the client has left, or has taken all of it. */
  left: Promise<unknown>;
}>;

/** What is done with a request; it ends the response, or lets it hang. */
export type Behaviour = (response: ServerResponse, asked: Asked) => void | Promise<void>;

export type ModelServer = Readonly<{
  /** What goes into `LLM_BASE_URL`. */
  url: string;
  /** All requests so far. */
  asked: readonly Asked[];
  /** Requests are answered by these, one after the other; those after them by the last. */
  will(...behaviours: readonly Behaviour[]): void;
  close(): Promise<void>;
}>;

export async function startModelServer(...behaviours: readonly Behaviour[]): Promise<ModelServer> {
  const asked: Asked[] = [];
  let script = [...behaviours];
  const server = createServer(async (request, response) => {
    const body = JSON.parse((await request.toArray()).join(''));
    const one = { path: request.url ?? '', headers: request.headers, body, left: once(response, 'close') };
    asked.push(one);
    const behaviour = script.length > 1 ? script.shift() : script[0];
    await behaviour?.(response, one);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    will: (...next) => {
      script = [...next];
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A whole answer in these pieces. */
export function says(...pieces: readonly string[]): Behaviour {
  return (response) => {
    begin(response);
    for (const piece of pieces) write(response, piece);
    end(response);
  };
}

/** An answer in these pieces that ends for this reason. */
export function endsWith(finishReason: string, ...pieces: readonly string[]): Behaviour {
  return (response) => {
    begin(response);
    for (const piece of pieces) write(response, piece);
    end(response, finishReason);
  };
}

/** Pieces, and then nothing for ever. */
export function hangsAfter(...pieces: readonly string[]): Behaviour {
  return (response) => {
    begin(response);
    for (const piece of pieces) write(response, piece);
  };
}

/** Pieces, and then the connection breaks. */
export function breaksAfter(...pieces: readonly string[]): Behaviour {
  return (response) => {
    begin(response);
    for (const piece of pieces) write(response, piece);
    response.write('data: {"choices":[{"delta":{"con', () => response.destroy());
  };
}

/** Pieces, and then something else in the stream. */
export function goesOnWith(text: string, ...pieces: readonly string[]): Behaviour {
  return (response) => {
    begin(response);
    for (const piece of pieces) write(response, piece);
    response.end(text);
  };
}

/** A piece, then a wait until it is told to go on, then the last piece. */
export function pausing(first: string, last: string): Readonly<{ behaviour: Behaviour; goOn: () => void }> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const behaviour: Behaviour = async (response) => {
    begin(response);
    write(response, first);
    await promise;
    write(response, last);
    end(response);
  };
  return { behaviour, goOn: resolve };
}

export function refusesWith(status: number, body: unknown = {}, headers: Record<string, string> = {}): Behaviour {
  return (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
}

/** As OpenAI words it. */
export const contextExceeded: Behaviour = refusesWith(400, {
  error: { message: 'This model has a limit of 8192 tokens.', code: 'context_length_exceeded' },
});

export function begin(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
  event(response, { choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }] });
}

export function write(response: ServerResponse, content: string): void {
  event(response, { choices: [{ index: 0, delta: { content }, finish_reason: null }] });
}

export function end(response: ServerResponse, finishReason = 'stop'): void {
  event(response, { choices: [{ index: 0, delta: {}, finish_reason: finishReason }] });
  event(response, { choices: [], usage: { prompt_tokens: 30, completion_tokens: 4, total_tokens: 34 } });
  response.end('data: [DONE]\n\n');
}

function event(response: ServerResponse, data: unknown): void {
  response.write(`data: ${JSON.stringify(data)}\n\n`);
}
