/** Answers what was said last in a conversation from the library. */

import { NOT_IN_YOUR_BOOKS, sourcedMetadata } from '#domain/conversations/citations/sourced-answer.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { lastTurns } from '#domain/conversations/replies/question-prompt.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { LibraryOfThread } from '../citations/library-of-thread.ts';
import type { ThreadWindow } from '../context/window-reader.ts';
import type { Answer, CompletionRequest, FailedCompletion, LanguageModel } from '../language-model.ts';
import { standaloneQuestion } from './standalone-question.ts';

type Deps = Readonly<{
  library: Pick<LibraryOfThread, 'answer'>;
  limits: Readonly<{ messageMaxChars: number }>;
}>;

/** The window is what everybody who reads the thread may be told of it. */
export type AskedInThread = ThreadWindow & Readonly<{ actor: UserActor; model: LanguageModel }>;

/** `metadata`: what the message keeps of its sources. */
export type AnswerFromSources = Answer & Readonly<{ metadata: Readonly<Record<string, unknown>> }>;

export class SourceAnswers {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Always an answer, unless the signal is aborted or no message has room for it. Its text is told as it comes where
   * the model writes it, and at once where nothing was told before. Throws 409 `nothing_to_answer`; 503 as finding
   * does.
   */
  async answer(
    { thread, window, actor, model }: AskedInThread,
    { signal, onText }: Required<Pick<CompletionRequest, 'signal' | 'onText'>>,
  ): Promise<AnswerFromSources | FailedCompletion> {
    const turns = lastTurns(window);
    if (turns === undefined) throw conversationErrors.nothingToAnswer();
    const question = await standaloneQuestion(model, turns, signal);
    let hasTold = false;
    const tell = (piece: string) => {
      hasTold = true;
      onText(piece);
    };
    const answered = await this.#deps.library.answer({ actor, thread }, question, { gone: signal, onText: tell });
    if (signal.aborted) return { kind: 'aborted', retryAfterSeconds: null };
    const text = answered.answer ?? NOT_IN_YOUR_BOOKS;
    if (text.length > this.#deps.limits.messageMaxChars) return { kind: 'too_long', retryAfterSeconds: null };
    if (!hasTold) onText(text);
    return { kind: 'answer', text, finishReason: 'stop', usage: null, metadata: { ...sourcedMetadata(answered) } };
  }
}
