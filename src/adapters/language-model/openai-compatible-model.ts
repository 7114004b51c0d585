/** Asks any server that speaks OpenAI's protocol for a chat completion, streamed. */
import type { Completion, CompletionRequest, LanguageModel } from '#application/conversations/language-model.ts';
import { AnswerReader } from './answer-reader.ts';
import { Deadline } from './deadline.ts';
import { failure, failureOf } from './failed-responses.ts';

export type ModelSettings = Readonly<{
  /** Such as `https://api.openai.com/v1`. */
  baseUrl: string;
  model: string;
  /** Null where the server wants none. */
  apiKey: string | null;
  /** The longest silence, before the first byte and between two. The whole may take ten times as long. */
  timeoutMs: number;
}>;

export class OpenAiCompatibleModel implements LanguageModel {
  readonly #settings: ModelSettings;

  constructor(settings: ModelSettings) {
    this.#settings = settings;
  }

  async complete(request: CompletionRequest): Promise<Completion> {
    const leaving = new AbortController();
    const waiting = AbortSignal.any([request.signal, leaving.signal]);
    const deadline = new Deadline(waiting, this.#settings.timeoutMs);
    try {
      return await this.#ask(request, deadline);
    } catch (error) {
      if (request.signal.aborted) return failure('aborted');
      return failure(deadline.passed || isTimeout(error) ? 'timed_out' : unexpected(error));
    } finally {
      deadline.end();
      // Nobody reads on: the connection is closed, and the server need not go on.
      leaving.abort();
    }
  }

  async #ask(request: CompletionRequest, deadline: Deadline): Promise<Completion> {
    const response = await this.#send(request, deadline.signal);
    deadline.heard();
    if (!response.ok) return failureOf(response);
    if (!/^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')) return failure('malformed');
    const reader = new AnswerReader(request);
    try {
      for await (const bytes of response.body ?? []) {
        deadline.heard();
        const ended = reader.feed(bytes);
        if (ended !== undefined) return ended;
      }
    } catch (error) {
      if (deadline.signal.aborted || isTimeout(error)) throw error;
      return failure('interrupted');
    }
    return reader.finish();
  }

  #send({ messages, parameters }: CompletionRequest, signal: AbortSignal): Promise<Response> {
    const { baseUrl, model, apiKey } = this.#settings;
    return fetch(`${baseUrl.replace(/\/+$/, '')}/chat/completions`, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'text/event-stream',
        ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }),
      },
      body: JSON.stringify({
        ...parameters,
        model,
        messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
      // Whoever answers elsewhere would be sent the conversation, and the key: it counts as a rejection.
      redirect: 'manual',
      signal,
    });
  }
}

/** `fetch` has limits of its own, of five minutes. */
function isTimeout(error: unknown): boolean {
  const { code } = ((error as Error | undefined)?.cause ?? {}) as { code?: unknown };
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}

/** `fetch` rejects with a `TypeError` where it cannot connect; a reset after that is one too. */
function unexpected(error: unknown): 'unreachable' | 'failed' {
  return error instanceof TypeError ? 'unreachable' : 'failed';
}
