/** Reads the stream of a chat completion: server-sent events, each a piece of the answer. */
import { createParser } from 'eventsource-parser';
import type { Answer, Completion, CompletionRequest, TokenUsage } from '#application/conversations/language-model.ts';
import { type Chunk, parseChunk } from './completion-chunk.ts';
import { failure, failureIn } from './failed-responses.ts';
import { Thoughts } from './thoughts.ts';

/** Of a whole stream, which holds some hundred bytes for each piece of a word; and of one event. */
const MAX_BYTES = 64 * 1024 * 1024;
const MAX_EVENT_CHARS = 4 * 1024 * 1024;

const FINISH_REASONS: readonly string[] = ['stop', 'length', 'content_filter'] satisfies Answer['finishReason'][];

export class AnswerReader {
  readonly #request: Pick<CompletionRequest, 'maxChars' | 'onText'>;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true });
  readonly #thoughts = new Thoughts();
  readonly #parser = createParser({
    maxBufferSize: MAX_EVENT_CHARS,
    onEvent: ({ data }) => this.#take(data),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') this.#end(failure('malformed'));
    },
  });
  #bytes = 0;
  #text = '';
  #finishReason: Answer['finishReason'] | undefined;
  #usage: TokenUsage | null = null;
  #ended: Completion | undefined;

  constructor(request: Pick<CompletionRequest, 'maxChars' | 'onText'>) {
    this.#request = request;
  }

  /** Reads further bytes. Returns how it ended, where it did: the rest of the stream is of no interest then. */
  feed(bytes: Uint8Array): Completion | undefined {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_BYTES) return failure('too_long');
    try {
      this.#parser.feed(this.#decoder.decode(bytes, { stream: true }));
    } catch {
      return failure('malformed');
    }
    return this.#ended;
  }

  /** After the last byte. An answer for whose end there is a reason is whole, whether or not the stream said so. */
  finish(): Completion {
    if (this.#finishReason === undefined) return failure('interrupted');
    this.#add(this.#thoughts.end());
    if (this.#ended !== undefined) return this.#ended;
    const text = this.#text.toWellFormed().replaceAll('\0', '');
    return { kind: 'answer', text, finishReason: this.#finishReason, usage: this.#usage };
  }

  #take(data: string): void {
    if (this.#ended !== undefined) return;
    if (data.trim() === '[DONE]') {
      this.#ended = this.finish();
      return;
    }
    const chunk = parseChunk(data);
    if (chunk === undefined) this.#end(failure('malformed'));
    else if (chunk.error !== undefined && chunk.error !== null) this.#end(failureIn(chunk.error));
    else this.#read(chunk);
  }

  #read({ choices, usage }: Chunk): void {
    // Of several answers, which nobody asks for, the first.
    const { delta, finish_reason: reason } = choices?.[0] ?? {};
    if (delta?.content) this.#add(this.#thoughts.take(delta.content));
    if (reason) this.#finishReason = FINISH_REASONS.includes(reason) ? (reason as Answer['finishReason']) : 'other';
    if (usage) this.#usage = { promptTokens: usage.prompt_tokens, completionTokens: usage.completion_tokens };
  }

  #add(piece: string): void {
    if (piece === '' || this.#ended !== undefined) return;
    this.#text += piece;
    if (this.#text.length > this.#request.maxChars) this.#end(failure('too_long'));
    else this.#request.onText?.(piece);
  }

  #end(completion: Completion): void {
    this.#ended ??= completion;
  }
}
