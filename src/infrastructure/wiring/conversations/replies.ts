/** Wires the use cases on replies of the language model, and their routes. */
import { ContainerModule } from 'inversify';
import { replyRoutes } from '#adapters/http/conversations/replies.routes.ts';
import { CompactForModel } from '#application/conversations/context/compact-for-model.ts';
import { ReaderWindows } from '#application/conversations/context/reader-windows.ts';
import { WindowReader } from '#application/conversations/context/window-reader.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { AnswerThread } from '#application/conversations/replies/answer-thread.ts';
import { CancelReply } from '#application/conversations/replies/cancel-reply.ts';
import { ReplyStarter } from '#application/conversations/replies/reply-starter.ts';
import { RequestReply } from '#application/conversations/replies/request-reply.ts';
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import { SourceAnswers } from '#application/conversations/replies/source-answers.ts';
import { ThreadSources } from '#application/retrieval/threads/thread-sources.ts';
import { TakeAsk } from '#application/workspaces/take-ask.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, memberships, threads, conversations, leases, events, compactor } = tokens;
const { contextSettings, messageLimits, languageModel, replyLog } = tokens;

export const repliesModule = new ContainerModule(({ bind }) => {
  bind(RunningReplies).toConstantValue(new RunningReplies());
  wire(bind, CompactForModel, { conversations, windows: WindowReader, compactor, clock, settings: contextSettings });
  wire(bind, SourceAnswers, { library: ThreadSources, limits: messageLimits });
  wire(bind, AnswerThread, {
    windows: ReaderWindows,
    sourceAnswers: SourceAnswers,
    compactForModel: CompactForModel,
    appendMessage: AppendMessage,
    conversations,
    events,
    log: replyLog,
    clock,
    settings: contextSettings,
    limits: messageLimits,
  });
  wire(bind, ReplyStarter, {
    conversations,
    leases,
    events,
    running: RunningReplies,
    answerThread: AnswerThread,
    ids,
  });
  wire(bind, RequestReply, { threads, memberships, starter: ReplyStarter, model: languageModel, takeAsk: TakeAsk });
  wire(bind, CancelReply, { threads, memberships, conversations, leases, events });
  routes(bind, replyRoutes, { requestReply: RequestReply, cancelReply: CancelReply });
});
