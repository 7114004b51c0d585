/** A language model, as a port: it answers a prompt piece by piece. */
import type { ChatMessage } from '#domain/conversations/replies/chat-message.ts';

/**
 * Why there is no answer. `unreachable`: nobody answers there. `timed_out`: silent for too long, or too slow as a
 * whole. `limited`: too many requests. `rejected`: the request as such, such as its key or model.
 * `context_length_exceeded`: the prompt is too long for the model. `failed`: the server says that it failed.
 * `interrupted`: the stream ended before the answer. `malformed`: what came is not the protocol. `too_long`: more than
 * was asked for. `aborted`: by the signal.
 */
export type ModelFailure =
  | 'unreachable'
  | 'timed_out'
  | 'limited'
  | 'rejected'
  | 'context_length_exceeded'
  | 'failed'
  | 'interrupted'
  | 'malformed'
  | 'too_long'
  | 'aborted';

export type TokenUsage = Readonly<{ promptTokens: number; completionTokens: number }>;

/** An answer, and why it ends: whole, at the model's limit, held back by a filter, or for another reason. */
export type Answer = Readonly<{
  kind: 'answer';
  /** Well-formed, without NUL, and without what the model thought aloud. */
  text: string;
  finishReason: 'stop' | 'length' | 'content_filter' | 'other';
  /** Null where the server does not tell. */
  usage: TokenUsage | null;
}>;

export type FailedCompletion = Readonly<{
  kind: ModelFailure;
  /** When a server that limits its callers wants to be asked again; null where it does not say. */
  retryAfterSeconds: number | null;
}>;

export type Completion = Answer | FailedCompletion;

/** How the model is to answer, such as its temperature: in the words of its protocol, handed on as it is. */
export type ModelParameters = Readonly<Record<string, unknown>>;

export type CompletionRequest = Readonly<{
  messages: readonly ChatMessage[];
  parameters?: ModelParameters;
  /** The longest answer that is taken, in characters. */
  maxChars: number;
  signal: AbortSignal;
  /** Called with the pieces of the answer, in order, as they come. */
  onText?: (piece: string) => void;
}>;

export interface LanguageModel {
  /** Asks once. Never throws, and always ends: a server that hangs or trickles is left after a time. */
  complete(request: CompletionRequest): Promise<Completion>;
}
