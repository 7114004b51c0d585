/** Makes a reply: asks the language model, tells its answer piece by piece, and appends it when it is whole. */
import type { Clock } from '#application/shared/clock.ts';
import type { EventBus } from '#application/shared/event-bus.ts';
import type { Lease } from '#application/shared/leases.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { promptOf } from '#domain/conversations/replies/prompt.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import type { ReplyId, ThreadId } from '#domain/shared/ids.ts';
import type { CompactForModel } from '../context/compact-for-model.ts';
import type { ReaderWindows } from '../context/reader-windows.ts';
import type { ContextSettings } from '../context-settings.ts';
import type {
  Answer,
  CompletionRequest,
  FailedCompletion,
  LanguageModel,
  ModelParameters,
  TokenUsage,
} from '../language-model.ts';
import type { AppendMessage } from '../messages/append-message.ts';
import type { Conversations } from '../ports.ts';
import type { ThreadEvent } from '../thread-events.ts';
import { DeltaPublisher } from './delta-publisher.ts';
import type { EndedReply, ReplyLog } from './reply-log.ts';
import { failedReply, failureFor, failureOf, faultOf, type ReplyOutcome } from './reply-outcome.ts';
import type { AnswerFromSources, SourceAnswers } from './source-answers.ts';

/** An answer is worth more than one round of an append: other processes may append at the same time. */
const MAX_APPENDS = 3;

type Deps = Readonly<{
  windows: ReaderWindows;
  sourceAnswers: SourceAnswers;
  compactForModel: CompactForModel;
  appendMessage: AppendMessage;
  conversations: Pick<Conversations, 'endReply'>;
  events: EventBus<ThreadEvent>;
  log: ReplyLog;
  clock: Clock;
  settings: ContextSettings;
  limits: Readonly<{ messageMaxChars: number }>;
}>;

export type BegunReply = Readonly<{
  actor: UserActor;
  threadId: ThreadId;
  replyId: ReplyId;
  lease: Lease;
  model: LanguageModel;
  wishes: ReplyWishes;
}>;

/** What whoever asked wants of a reply. */
export type ReplyWishes = Readonly<{
  parameters: ModelParameters;
  /** Whether an answer that the model's limit cut off is appended as it is, and no failure. */
  takesCutOff: boolean;
  /** Whether it is made of the library, and of nothing else. */
  fromSources: boolean;
  /** Called with the pieces of the answer, in order, as they come. */
  onText?: (piece: string) => void;
}>;

/** How a reply ended, and how large the window was that the model was sent; null where it was not asked. */
export type MadeReply = ReplyOutcome & Readonly<{ promptTokens: number | null }>;

/** What can end a reply before its time. A refusal as the reason of `cancelled` says why nobody can want it. */
type Stops = Readonly<{ closing: AbortSignal; cancelled: AbortSignal }>;

type Listening = Required<Pick<CompletionRequest, 'signal' | 'onText'>>;

type MadeAnswer = Answer & Partial<Pick<AnswerFromSources, 'metadata'>>;
type Completed = MadeAnswer | FailedCompletion;

/** What is known of a reply while it is made. */
type Progress = { beforeTokens: number | null; usage: TokenUsage | null };

export class AnswerThread {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Never throws: whatever happens, the thread is free for another reply, and the end of this one is told. */
  async execute(reply: BegunReply, stops: Stops): Promise<MadeReply> {
    const { events, clock, log } = this.#deps;
    const { actor, threadId, replyId, lease } = reply;
    const startedMs = clock.now().getTime();
    const progress: Progress = { beforeTokens: null, usage: null };
    const outcome = await this.#make(reply, stops, progress).catch(failureFor);
    await lease.end();
    await events.publish(threadId, endOf(replyId, outcome));
    const ms = clock.now().getTime() - startedMs;
    log.ended({ threadId, replyId, askedBy: actor.userId, ...progress, ms, ...recordOf(outcome) });
    return { ...outcome, promptTokens: progress.beforeTokens };
  }

  async #make(reply: BegunReply, stops: Stops, progress: Progress): Promise<ReplyOutcome> {
    const { events, compactForModel } = this.#deps;
    const { threadId, replyId, lease } = reply;
    const deltas = new DeltaPublisher({ events, threadId, replyId });
    const signal = AbortSignal.any([stops.cancelled, stops.closing, lease.lost]);
    const onText = (piece: string) => {
      reply.wishes.onText?.(piece);
      deltas.add(piece);
    };
    const ask = () => this.#ask(reply, progress, { signal, onText });
    let completion = await ask();
    const isTooLong = completion.kind === 'context_length_exceeded' && !deltas.begun;
    if (isTooLong && (await compactForModel.execute(threadId))) completion = await ask();
    await deltas.flush();
    if (completion.kind !== 'answer') return failureOf(completion, stoppedBy(stops));
    progress.usage = completion.usage;
    return faultOf(completion, reply.wishes) ?? this.#append(reply, completion, stops);
  }

  /** What it is made of may be read by everybody who reads the thread. */
  async #ask(reply: BegunReply, progress: Progress, { signal, onText }: Listening): Promise<Completed> {
    const { windows, sourceAnswers, settings, limits } = this.#deps;
    const { actor, model, wishes } = reply;
    const { thread, window } = await windows.read(actor, reply.threadId, 'all');
    progress.beforeTokens = settings.estimator.tokens(window.size);
    if (wishes.fromSources) return sourceAnswers.answer({ thread, window, actor, model }, { signal, onText });
    const messages = promptOf(window, thread);
    const { parameters } = wishes;
    return model.complete({ messages, parameters, maxChars: limits.messageMaxChars, signal, onText });
  }

  /** Whoever asked must still be allowed to append, and the reply must still be the thread's. */
  async #append({ actor, threadId, replyId }: BegunReply, answer: MadeAnswer, stops: Stops): Promise<ReplyOutcome> {
    const said = { content: answer.text, name: null, toolCalls: null, toolCallId: null, pinned: false };
    const metadata = { reply_id: replyId, ...answer.metadata };
    const input = { ...said, threadId, replyId, role: 'assistant', metadata } as const;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { message, usage } = await this.#deps.appendMessage.execute(actor, input);
        const tokens = this.#deps.settings.estimator.tokens(message.size);
        return { kind: 'completed', seq: message.seq, afterTokens: usage.approxTokens, answer, tokens };
      } catch (error) {
        const isContended = error instanceof DomainError && error.code === conversationErrors.appendContended.code;
        if (isContended && attempt < MAX_APPENDS) continue;
        const wasUnderWay = await this.#deps.conversations.endReply(threadId, replyId);
        return isContended && !wasUnderWay ? stoppedBy(stops) : failureFor(error);
      }
    }
  }
}

function stoppedBy({ cancelled, closing }: Stops): ReplyOutcome {
  if (cancelled.reason instanceof DomainError) return failureFor(cancelled.reason);
  if (cancelled.aborted) return failedReply('cancelled');
  return failedReply(closing.aborted ? 'server_stopping' : 'reply_superseded');
}

function endOf(replyId: ReplyId, outcome: ReplyOutcome): ThreadEvent {
  if (outcome.kind === 'completed') return { kind: 'reply.completed', replyId, seq: outcome.seq };
  return { kind: 'reply.failed', replyId, code: outcome.code, detail: outcome.detail };
}

function recordOf(outcome: ReplyOutcome): Pick<EndedReply, 'outcome' | 'afterTokens' | 'error'> {
  if (outcome.kind === 'completed') return { outcome: outcome.kind, afterTokens: outcome.afterTokens };
  return { outcome: outcome.code, afterTokens: null, error: outcome.error };
}
