/** How windows, their usage and their events look to clients. */
import { z } from 'zod';
import { STRATEGY_NAMES } from '#domain/conversations/context-policy.ts';
import type { WindowDiff } from '#domain/conversations/diff.ts';
import { MESSAGE_ROLES } from '#domain/conversations/message.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import { ESTIMATOR_NAMES, type Estimator, type Usage } from '#domain/conversations/usage.ts';
import { ENTRY_KINDS, type Entry } from '#domain/conversations/window.ts';
import { time } from '../declaration/output.ts';
import { saidJson, toolCallSchema } from './messages.schemas.ts';

const count = z.int().min(0);

export const usageSchema = z
  .strictObject({
    message_count: count.describe('Messages of the transcript.'),
    entry_count: count.describe('Entries of the window.'),
    max_entries: count,
    approx_tokens: count,
    max_tokens: count,
    usage_pct: count,
    threshold_pct: count,
    next_compact_at_pct: count,
    target_pct: count,
    compaction_pending: z.boolean().describe('Whether usage stands at or over the trigger.'),
    estimator: z.enum(ESTIMATOR_NAMES),
    revision: count.describe('Number of the head revision; 0 before the first compaction.'),
  })
  .meta({ id: 'Usage' });

export const entrySchema = z
  .strictObject({
    kind: z.enum(ENTRY_KINDS),
    role: z.enum(MESSAGE_ROLES),
    name: z.string().optional(),
    content: z.string().describe('What a model would be sent.'),
    tool_calls: z.array(toolCallSchema).optional(),
    tool_call_id: z.string().optional(),
    from_seq: z.int().min(1),
    to_seq: z.int().min(1),
    seqs: z.array(z.int()).optional().describe('Exactly which messages, where they are not all of `from_seq..to_seq`.'),
    tokens: count,
    pinned: z.boolean(),
  })
  .meta({ id: 'Entry' });

export const eventSchema = z
  .strictObject({
    id: z.int().min(1).nullable().describe('Null in a dry run.'),
    kind: z.enum(['compacted', 'undone', 'refined']),
    trigger: z.enum(['auto', 'manual']),
    before_tokens: count,
    after_tokens: count,
    before_messages: count,
    after_messages: count,
    strategies_used: z.array(
      z.strictObject({ name: z.enum(STRATEGY_NAMES), tokens_freed: z.int(), entries_removed: z.int(), ms: z.number() }),
    ),
    summaries_added: count,
    by: z.string().nullable().describe('Who compacted by hand; null for a compaction that an append needed.'),
    ts: time,
  })
  .meta({ id: 'ContextEvent' });

export const diffSchema = z
  .strictObject({
    kept: count.describe('Entries that both windows have.'),
    folded: z
      .array(z.strictObject({ entry: entrySchema, seqs: z.array(z.int()) }))
      .describe('New entries that stand for several messages, summaries included.'),
    condensed: z.array(z.strictObject({ seq: z.int(), before: z.string(), after: z.string() })),
    stubbed: z.array(z.strictObject({ seq: z.int(), after: z.string() })),
    added: z.array(entrySchema).describe('Messages that stand verbatim only in the newer window.'),
  })
  .meta({ id: 'WindowDiff' });

export function toUsageJson(usage: Usage): z.input<typeof usageSchema> {
  return {
    message_count: usage.messageCount,
    entry_count: usage.entryCount,
    max_entries: usage.maxEntries,
    approx_tokens: usage.approxTokens,
    max_tokens: usage.maxTokens,
    usage_pct: usage.usagePct,
    threshold_pct: usage.thresholdPct,
    next_compact_at_pct: usage.nextCompactAtPct,
    target_pct: usage.targetPct,
    compaction_pending: usage.compactionPending,
    estimator: usage.estimator,
    revision: usage.revision,
  };
}

export function toEntryJson(entry: Entry, estimator: Estimator): z.input<typeof entrySchema> {
  return {
    kind: entry.kind,
    role: entry.role,
    ...saidJson(entry),
    content: entry.content,
    from_seq: entry.fromSeq,
    to_seq: entry.toSeq,
    ...(entry.seqs === null ? {} : { seqs: [...entry.seqs] }),
    tokens: estimator.tokens(entry.size),
    pinned: entry.pinned,
  };
}

export function toEventJson(
  event: ContextEvent | (Omit<ContextEvent, 'id'> & { id: null }),
): z.input<typeof eventSchema> {
  return {
    id: event.id,
    kind: event.kind,
    trigger: event.trigger,
    before_tokens: event.beforeTokens,
    after_tokens: event.afterTokens,
    before_messages: event.beforeMessages,
    after_messages: event.afterMessages,
    strategies_used: event.strategiesUsed.map((use) => ({
      name: use.name,
      tokens_freed: use.tokensFreed,
      entries_removed: use.entriesRemoved,
      ms: use.ms,
    })),
    summaries_added: event.summariesAdded,
    by: event.by,
    ts: event.at.toISOString(),
  };
}

export function toDiffJson(diff: WindowDiff, estimator: Estimator): z.input<typeof diffSchema> {
  return {
    kept: diff.kept,
    folded: diff.folded.map(({ entry, seqs }) => ({ entry: toEntryJson(entry, estimator), seqs: [...seqs] })),
    condensed: [...diff.condensed],
    stubbed: [...diff.stubbed],
    added: diff.added.map((entry) => toEntryJson(entry, estimator)),
  };
}
