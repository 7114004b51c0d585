/** The window of a conversation: what is in it, how full it is, compacting it by hand, and what happened to it. */
import { z } from 'zod';
import type { CompactContext } from '#application/conversations/context/compact-context.ts';
import type { ListContextEvents } from '#application/conversations/context/list-context-events.ts';
import type { ReadCompactionDiff } from '#application/conversations/context/read-compaction-diff.ts';
import type { ReadUsage } from '#application/conversations/context/read-usage.ts';
import type { ReadWindow } from '#application/conversations/context/read-window.ts';
import type { UndoCompaction } from '#application/conversations/context/undo-compaction.ts';
import type { ContextSettings } from '#application/conversations/context-settings.ts';
import { STRATEGY_NAMES } from '#domain/conversations/context-policy.ts';
import { conversationErrors } from '#domain/conversations/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, decodeCursor, digits, encodeCursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import {
  diffSchema,
  entrySchema,
  eventSchema,
  toDiffJson,
  toEntryJson,
  toEventJson,
  toUsageJson,
  usageSchema,
} from './context.schemas.ts';
import { threadSchema, toThreadJson } from './threads.schemas.ts';

export type ContextUseCases = Readonly<{
  readWindow: ReadWindow;
  readUsage: ReadUsage;
  compactContext: CompactContext;
  listContextEvents: ListContextEvents;
  readCompactionDiff: ReadCompactionDiff;
  undoCompaction: UndoCompaction;
}>;

const MAX_ID = Number.MAX_SAFE_INTEGER;

const tag = 'Context';
const access = 'chat.use';
const thread = pathId('thread', conversationErrors.threadNotFound);
const compaction = {
  schema: digits(MAX_ID),
  missing: conversationErrors.compactionNotFound,
  description: 'Id of an event.',
};

export function contextRoutes(useCases: ContextUseCases, settings: ContextSettings): Route[] {
  return [
    readWindow(useCases, settings),
    readUsage(useCases),
    compactNow(useCases, settings),
    listEvents(useCases),
    readDiff(useCases, settings),
    undo(useCases),
  ];
}

function readWindow({ readWindow }: ContextUseCases, settings: ContextSettings): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}',
    tag,
    summary: 'The window now: what a model would be sent.',
    access,
    params: { thread },
    returns: { 200: z.strictObject({ thread: threadSchema, entries: z.array(entrySchema), usage: usageSchema }) },
    errors: [conversationErrors.compactionBusy],
    async handle({ actor, params }) {
      const { thread, window, usage } = await readWindow.execute(actor, params.thread);
      const entries = window.entries.map((entry) => toEntryJson(entry, settings.estimator));
      return { status: 200, body: { thread: toThreadJson(thread), entries, usage: toUsageJson(usage) } };
    },
  });
}

function readUsage({ readUsage }: ContextUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/context-usage',
    tag,
    summary: 'How full the window is.',
    access,
    params: { thread },
    returns: { 200: usageSchema },
    errors: [conversationErrors.compactionBusy],
    async handle({ actor, params }) {
      return { status: 200, body: toUsageJson(await readUsage.execute(actor, params.thread)) };
    },
  });
}

function compactNow({ compactContext }: ContextUseCases, settings: ContextSettings): Route {
  return route({
    method: 'post',
    path: '/chat/{thread}/compact-now',
    tag,
    summary: 'Compact now, or rehearse it.',
    access: 'chat.compact',
    params: { thread },
    body: jsonBody(
      z.strictObject({
        dry_run: z.boolean().default(false),
        strategies: z
          .array(z.enum(STRATEGY_NAMES))
          .min(1)
          .max(STRATEGY_NAMES.length)
          .refine((names) => new Set(names).size === names.length, 'must name each strategy once')
          .optional(),
      }),
      { optional: true },
    ),
    returns: {
      200: z.strictObject({
        dry_run: z.literal(true).optional(),
        event: eventSchema,
        usage: usageSchema,
        diff: diffSchema.optional(),
      }),
    },
    errors: [
      conversationErrors.archived,
      conversationErrors.nothingToCompact,
      conversationErrors.appendContended,
      conversationErrors.compactionBusy,
    ],
    async handle({ actor, params, body }) {
      const done = await compactContext.execute(actor, {
        threadId: params.thread,
        dryRun: body.dry_run,
        strategies: body.strategies ?? null,
      });
      const usage = toUsageJson(done.usage);
      if (!done.dryRun) return { status: 200, body: { event: toEventJson(done.event), usage } };
      return {
        status: 200,
        body: {
          dry_run: true,
          event: toEventJson({ id: null, ...done.event }),
          usage,
          diff: toDiffJson(done.diff, settings.estimator),
        },
      };
    },
  });
}

function listEvents({ listContextEvents }: ContextUseCases): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/events',
    tag,
    summary: 'Compaction events, newest first; `after` leaves out the event with this id and all older ones.',
    access,
    params: { thread },
    query: z.strictObject({ limit, cursor, after: digits(MAX_ID).optional() }),
    returns: { 200: pageOf(eventSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, params, query }) {
      const before = decodeCursor(query.cursor, z.int().min(1));
      const { items, next } = await listContextEvents.execute(actor, params.thread, {
        limit: query.limit,
        ...(query.after === undefined ? {} : { after: query.after }),
        ...(before === undefined ? {} : { before }),
      });
      return {
        status: 200,
        body: { items: items.map(toEventJson), next_cursor: next === null ? null : encodeCursor(next) },
      };
    },
  });
}

function readDiff({ readCompactionDiff }: ContextUseCases, { estimator }: ContextSettings): Route {
  return route({
    method: 'get',
    path: '/chat/{thread}/compactions/{id}/diff',
    tag,
    summary: 'What a compaction or an undo changed: what left the window, and what stands for it.',
    access,
    params: { thread, id: compaction },
    returns: { 200: diffSchema },
    errors: [conversationErrors.threadNotYours, conversationErrors.compactionBusy],
    async handle({ actor, params }) {
      const diff = await readCompactionDiff.execute(actor, params.thread, params.id);
      return { status: 200, body: toDiffJson(diff, estimator) };
    },
  });
}

function undo({ undoCompaction }: ContextUseCases): Route {
  return route({
    method: 'post',
    path: '/chat/{thread}/compactions/{id}/undo',
    tag,
    summary: 'Undo the latest compaction: the window before it, with what was said since.',
    access,
    params: { thread, id: compaction },
    returns: { 200: z.strictObject({ event: eventSchema, usage: usageSchema }) },
    errors: [
      conversationErrors.threadNotYours,
      conversationErrors.archived,
      conversationErrors.notLatest,
      conversationErrors.overBudget,
      conversationErrors.appendContended,
      conversationErrors.compactionBusy,
    ],
    async handle({ actor, params }) {
      const { event, usage } = await undoCompaction.execute(actor, params.thread, params.id);
      return { status: 200, body: { event: toEventJson(event), usage: toUsageJson(usage) } };
    },
  });
}
