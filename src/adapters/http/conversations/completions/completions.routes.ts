/** Threads for clients of OpenAI's API: a thread is a model, and completes what is said in it. */
import { z } from 'zod';
import type { CompleteChat } from '#application/conversations/completions/complete-chat.ts';
import type { StartedReply } from '#application/conversations/replies/reply-starter.ts';
import type { ListThreads } from '#application/conversations/threads/list-threads.ts';
import type { Clock } from '#application/shared/clock.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { jsonBody } from '../../declaration/body.ts';
import { type Reply, type Route, route } from '../../declaration/route.ts';
import { wholeJson } from '../../declaration/stream.ts';
import { Pieces, UNBUFFERED } from '../../streams/pieces.ts';
import { completionErrors, errorOf } from './completion-errors.ts';
import { completionRequest, modelOf, NEW_THREAD, toChat } from './completion-request.ts';
import { type CompletionHead, completionsSchema, toCompletionJson } from './completion-response.ts';
import { completionStream, type Streaming } from './completion-stream.ts';

export type CompletionUseCases = Readonly<{ completeChat: CompleteChat; listThreads: ListThreads; clock: Clock }>;
type Limits = Readonly<{ messageMaxChars: number }>;

const tag = 'Chat clients';
const access = 'chat.use';
const MAX_MODELS = 200;

export function completionRoutes(useCases: CompletionUseCases, limits: Limits): Route[] {
  return [completeChat(useCases, limits), listModels(useCases)];
}

function completeChat({ completeChat, clock }: CompletionUseCases, { messageMaxChars }: Limits): Route {
  return route({
    method: 'post',
    basePath: '',
    path: '/v1/chat/completions',
    tag,
    summary: 'Complete a chat as OpenAI’s API does: what is new is appended, and the window is answered.',
    access,
    body: jsonBody(completionRequest(messageMaxChars)),
    returns: { 200: completionsSchema },
    errors: [
      conversationErrors.threadNotFound,
      conversationErrors.threadsFull,
      conversationErrors.archived,
      conversationErrors.nothingToAnswer,
      conversationErrors.replyInProgress,
      conversationErrors.overBudget,
      conversationErrors.contextBudgetUnreachable,
      conversationErrors.pinsOverBudget,
      conversationErrors.noModel,
      conversationErrors.repliesBusy,
      conversationErrors.appendContended,
      conversationErrors.compactionBusy,
      ...Object.values(completionErrors),
    ],
    answersLate: true,
    async handle({ actor, body, untilGone }) {
      const pieces = new Pieces();
      const onText = (piece: string) => pieces.add(piece);
      const client = { gone: untilGone(), ...(body.stream && { onText }) };
      const reply = await completeChat.execute(actor, toChat(body), client);
      void reply.made.then(() => pieces.end());
      const head = { id: reply.replyId, created: secondsOf(clock.now()), model: modelOf(reply.threadId) };
      if (!body.stream) return whole(reply, head);
      const includeUsage = body.stream_options?.include_usage ?? false;
      return streamed({ reply, head, pieces, includeUsage });
    },
  });
}

async function whole(reply: StartedReply, head: CompletionHead): Promise<Reply> {
  const made = await reply.made;
  if (made.kind === 'failed') throw errorOf(made);
  return { status: 200, stream: wholeJson(toCompletionJson(head, made)), headers: threadHeader(reply) };
}

/** Until the first piece has come there is a status by which to tell a failure. */
async function streamed(streaming: Omit<Streaming, 'first'>): Promise<Reply> {
  const { reply, pieces } = streaming;
  const first = await pieces.next();
  const made = first === undefined ? await reply.made : undefined;
  if (made?.kind === 'failed') throw errorOf(made);
  const stream = completionStream({ ...streaming, first: first ?? '' });
  return { status: 200, stream, headers: { ...threadHeader(reply), ...UNBUFFERED } };
}

function threadHeader({ threadId }: StartedReply) {
  return { 'X-Tavernkeep-Thread': threadId };
}

function secondsOf(time: Date): number {
  return Math.floor(time.getTime() / 1_000);
}

const modelSchema = z
  .strictObject({
    id: z.string(),
    object: z.literal('model'),
    created: z.int(),
    owned_by: z.string(),
    name: z.string().describe('The title of the thread, for front ends that show one.'),
  })
  .meta({ id: 'Model' });

const owned = { object: 'model', owned_by: 'tavernkeep' } as const;

function listModels({ listThreads, clock }: CompletionUseCases): Route {
  return route({
    method: 'get',
    basePath: '',
    path: '/v1/models',
    tag,
    summary: `What can be named as a model: \`${NEW_THREAD}\`, and my ${MAX_MODELS} latest threads that are not archived.`,
    access,
    returns: { 200: z.strictObject({ object: z.literal('list'), data: z.array(modelSchema) }) },
    async handle({ actor }) {
      const { items } = await listThreads.execute(actor, { archived: false, limit: MAX_MODELS });
      const threads = items.map(({ id, title, createdAt }) => ({
        ...owned,
        id: modelOf(id),
        created: secondsOf(createdAt),
        name: title ?? 'Untitled',
      }));
      const started = { ...owned, id: NEW_THREAD, created: secondsOf(clock.now()), name: 'A new thread' };
      return { status: 200, body: { object: 'list', data: [started, ...threads] } };
    },
  });
}
