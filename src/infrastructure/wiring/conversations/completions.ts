/** Wires what clients of OpenAI's API call. */
import { ContainerModule } from 'inversify';
import { completionRoutes } from '#adapters/http/conversations/completions/completions.routes.ts';
import { CompleteChat } from '#application/conversations/completions/complete-chat.ts';
import { HistorySync } from '#application/conversations/completions/history-sync.ts';
import { AppendMessage } from '#application/conversations/messages/append-message.ts';
import { ReplyStarter } from '#application/conversations/replies/reply-starter.ts';
import { ChangeThread } from '#application/conversations/threads/change-thread.ts';
import { DeleteThread } from '#application/conversations/threads/delete-thread.ts';
import { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { StartThread } from '#application/conversations/threads/start-thread.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, memberships, threads, conversations, languageModel, messageLimits } = tokens;

export const completionsModule = new ContainerModule(({ bind }) => {
  wire(bind, HistorySync, {
    threads,
    memberships,
    conversations,
    appendMessage: AppendMessage,
    changeThread: ChangeThread,
  });
  wire(bind, CompleteChat, {
    threads,
    memberships,
    starter: ReplyStarter,
    historySync: HistorySync,
    startThread: StartThread,
    deleteThread: DeleteThread,
    model: languageModel,
  });
  routes(bind, completionRoutes, { completeChat: CompleteChat, listThreads: ListThreads, clock }, messageLimits);
});
