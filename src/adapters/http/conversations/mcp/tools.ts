/**
 * What a language model can do with the caller's conversations: the same use cases, rights and answers as over HTTP.
 */
import { z } from 'zod';
import type { CompactContext } from '#application/conversations/context/compact-context.ts';
import type { ReadWindow } from '#application/conversations/context/read-window.ts';
import type { AppendMessage } from '#application/conversations/messages/append-message.ts';
import type { ListMessages } from '#application/conversations/messages/list-messages.ts';
import type { SearchTranscripts } from '#application/conversations/search/search-transcripts.ts';
import type { ListThreads } from '#application/conversations/threads/list-threads.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { MESSAGE_ROLES } from '#domain/conversations/message.ts';
import type { Estimator } from '#domain/conversations/usage.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { ThreadId, WorkspaceId } from '#domain/shared/ids.ts';
import { workspaceNotFound } from '#domain/shared/workspace-rights.ts';
import { bodyId, text, workspaceId } from '../../declaration/input.ts';
import { toEntryJson, toEventJson, toUsageJson } from '../context.schemas.ts';
import { toAppendedJson } from '../messages.routes.ts';
import { toMessageJson } from '../messages.schemas.ts';
import { QUERY_MAX_CHARACTERS, toHitJson } from '../search.routes.ts';
import { toThreadJson } from '../threads.schemas.ts';

export type ToolUseCases = Readonly<{
  listThreads: ListThreads;
  readWindow: ReadWindow;
  listMessages: ListMessages;
  appendMessage: AppendMessage;
  searchTranscripts: SearchTranscripts;
  compactContext: CompactContext;
}>;

export type ToolLimits = Readonly<{ messageMaxChars: number; estimator: Estimator }>;

export type Tool = Readonly<{
  name: string;
  description: string;
  input: z.ZodObject;
  readOnly: boolean;
  run(actor: UserActor, input: unknown): Promise<unknown>;
}>;

const threadId = bodyId('thread');
const thread = z.string().max(100).describe('Id of a thread, as `list_threads` tells it.');
const workspace = z
  .string()
  .max(100)
  .optional()
  .describe('A workspace of the user: their first one, or that of the token, unless told.');
const limit = z.int().min(1).max(200).default(50);
const seq = z.int().min(0);

/** What is no id is answered like an id that nobody has. */
function toThreadId(given: string): ThreadId {
  const { data } = threadId.safeParse(given);
  if (data === undefined) throw conversationErrors.threadNotFound();
  return data;
}

function toWorkspaceId(given: string | undefined): WorkspaceId | undefined {
  const { data, success } = workspaceId.safeParse(given);
  if (!success) throw workspaceNotFound();
  return data;
}

/** Declares a tool; what `run` is given has the types of the schema. */
function tool<Input extends z.ZodObject>(
  declared: Omit<Tool, 'input' | 'run'> & {
    input: Input;
    run(actor: UserActor, input: z.output<Input>): Promise<unknown>;
  },
): Tool {
  return { ...declared, run: (actor, given) => declared.run(actor, given as z.output<Input>) };
}

export function toolsOf(useCases: ToolUseCases, limits: ToolLimits): readonly Tool[] {
  return [
    listThreads(useCases),
    readWindow(useCases, limits),
    readMessages(useCases),
    appendMessage(useCases, limits),
    searchMessages(useCases),
    compactThread(useCases),
  ];
}

function listThreads({ listThreads }: ToolUseCases): Tool {
  return tool({
    name: 'list_threads',
    description: 'Lists conversations of the user and of their games, latest first.',
    input: z.strictObject({
      query: text(1, 200).optional().describe('Part of a title, whatever its case.'),
      archived: z.boolean().optional().describe('Those in the archive, or the others; else both.'),
      workspace,
      limit,
    }),
    readOnly: true,
    async run(actor, { workspace, ...input }) {
      const workspaceId = toWorkspaceId(workspace);
      const { items, next } = await listThreads.execute(actor, { ...input, workspaceId });
      return { items: items.map(toThreadJson), has_more: next !== null };
    },
  });
}

function readWindow({ readWindow }: ToolUseCases, { estimator }: ToolLimits): Tool {
  return tool({
    name: 'read_window',
    description: 'Reads the window of a thread: what a model would be sent, older messages compacted.',
    input: z.strictObject({ thread }),
    readOnly: true,
    async run(actor, input) {
      const read = await readWindow.execute(actor, toThreadId(input.thread));
      const entries = read.window.entries.map((entry) => toEntryJson(entry, estimator));
      return { thread: toThreadJson(read.thread), entries, usage: toUsageJson(read.usage) };
    },
  });
}

function readMessages({ listMessages }: ToolUseCases): Tool {
  return tool({
    name: 'read_messages',
    description: 'Reads messages of a thread word for word: the newest, or those before or after a number.',
    input: z.strictObject({
      thread,
      before: seq.optional(),
      after: seq.optional().describe('Not beside `before`, which wins.'),
      limit,
    }),
    readOnly: true,
    async run(actor, { thread, before, after, limit }) {
      const from = after === undefined ? {} : { after };
      const range = before === undefined ? from : { before };
      const { items, next } = await listMessages.execute(actor, toThreadId(thread), range, limit);
      return { items: items.map(toMessageJson), has_more: next !== null };
    },
  });
}

function appendMessage({ appendMessage }: ToolUseCases, { messageMaxChars }: ToolLimits): Tool {
  return tool({
    name: 'append_message',
    description: 'Appends a message to a thread. Its window is compacted first where there is no room.',
    input: z.strictObject({
      thread,
      content: text(1, messageMaxChars),
      role: z.enum(MESSAGE_ROLES).default('user'),
      name: text(1, 100).optional(),
      pinned: z.boolean().default(false).describe('Kept word for word. For those who manage the thread.'),
    }),
    readOnly: false,
    async run(actor, { thread, name = null, ...said }) {
      const message = { ...said, name, toolCalls: null, toolCallId: null, metadata: {} };
      return toAppendedJson(await appendMessage.execute(actor, { ...message, threadId: toThreadId(thread) }));
    },
  });
}

function searchMessages({ searchTranscripts }: ToolUseCases): Tool {
  return tool({
    name: 'search_messages',
    description: 'Finds messages by their words, compacted ones too: in one thread, or in all that the user may read.',
    input: z.strictObject({
      query: text(1, QUERY_MAX_CHARACTERS),
      thread: thread.optional(),
      workspace,
      scope: z.enum(['all', 'compacted']).default('all').describe('Of a thread: what its window no longer shows.'),
      limit,
    }),
    readOnly: true,
    async run(actor, { thread, workspace, scope, ...asked }) {
      const all = { scope: 'all', workspaceId: toWorkspaceId(workspace) } as const;
      const where = thread === undefined ? all : { scope, threadId: toThreadId(thread) };
      const { items, next } = await searchTranscripts.execute(actor, { ...asked, ...where });
      return { items: items.map(toHitJson), has_more: next !== null };
    },
  });
}

function compactThread({ compactContext }: ToolUseCases): Tool {
  return tool({
    name: 'compact_thread',
    description: 'Compacts the window of a thread now. Nothing is lost: the transcript stays, and it can be undone.',
    input: z.strictObject({ thread }),
    readOnly: false,
    async run(actor, input) {
      const asked = { threadId: toThreadId(input.thread), dryRun: false, strategies: null };
      const { event, usage } = await compactContext.execute(actor, asked);
      return { event: toEventJson({ id: null, ...event }), usage: toUsageJson(usage) };
    },
  });
}
