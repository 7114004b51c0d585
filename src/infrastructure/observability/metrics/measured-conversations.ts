/** Conversations that count appends and compactions at the port, so that no use case can forget to. */
import type * as prom from 'prom-client';
import { conversationsOf } from '#application/conversations/conversations-of.ts';
import type { Conversations, WindowChange } from '#application/conversations/ports.ts';
import type { ReshapedMessages } from '#domain/conversations/compaction/reshaped-messages.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { CompactionMetrics } from './compaction-metrics.ts';
import type { Durations } from './histogram.ts';
import type { Instruments } from './instruments.ts';
import { outcomeOf } from './outcome.ts';
import type { WindowChangeMetrics } from './window-change-metrics.ts';

/** An append by itself, with the compaction that made room for it, with its pin, or of a reply. */
const KINDS = ['plain', 'compacting', 'pinned', 'reply'] as const;
type Kind = (typeof KINDS)[number];

/** `overtaken`: the thread had changed meanwhile, and nothing was written. */
const OUTCOMES = ['appended', 'overtaken', 'refused', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

const BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

export class AppendMetrics {
  readonly #appends: prom.Counter<'kind' | 'outcome'>;
  readonly #durations: Readonly<Record<Kind, Durations>>;

  constructor(instruments: Instruments) {
    this.#appends = instruments.counter({
      name: 'tavernkeep_appends_total',
      help: 'Messages that were to be appended: plain, compacting, pinned or reply; overtaken ones are tried again.',
      labels: ['kind', 'outcome'],
      known: KINDS.flatMap((kind) => OUTCOMES.map((outcome) => ({ kind, outcome }))),
    });
    const histogram = instruments.histogram({
      name: 'tavernkeep_append_duration_seconds',
      help: 'How long the database took for an append, until it was durable.',
      labels: ['kind'],
      buckets: BUCKETS,
    });
    this.#durations = {
      plain: histogram.of({ kind: 'plain' }),
      compacting: histogram.of({ kind: 'compacting' }),
      pinned: histogram.of({ kind: 'pinned' }),
      reply: histogram.of({ kind: 'reply' }),
    };
  }

  ended(kind: Kind, outcome: Outcome, startedMs: number): void {
    this.#appends.inc({ kind, outcome });
    if (outcome === 'appended') this.#durations[kind].observe((performance.now() - startedMs) / 1_000);
  }
}

type Deps = Readonly<{
  conversations: Conversations;
  appends: AppendMetrics;
  compactions: CompactionMetrics;
  windowChanges: WindowChangeMetrics;
}>;

export function measuredConversations(deps: Deps): Conversations {
  const { conversations } = deps;
  return {
    ...conversationsOf(conversations, conversations),
    append: (...given) => appending(deps, 'plain', () => conversations.append(...given)),
    commit: (change) => committing(deps, change),
  };
}

function committing(deps: Deps, change: WindowChange): Promise<Thread | undefined> {
  const revision = change.kind === 'pin' ? null : change.revision;
  const commit = () => deps.conversations.commit(change);
  const compacts = revision?.madeBy === 'compaction';
  const compact = compacts ? () => compacting(deps, revision.event, change.reshaped, commit) : commit;
  if (change.kind === 'append')
    return appending(deps, compacts ? 'compacting' : change.reply === undefined ? 'pinned' : 'reply', compact);
  if (change.kind === 'pin') return changing(deps, change.pinned ? 'pin' : 'unpin', commit);
  return revision?.madeBy === 'undo' ? changing(deps, 'undo', commit) : compact();
}

async function appending(
  { appends }: Deps,
  kind: Kind,
  append: () => Promise<Thread | undefined>,
): Promise<Thread | undefined> {
  const startedMs = performance.now();
  try {
    const thread = await append();
    appends.ended(kind, thread === undefined ? 'overtaken' : 'appended', startedMs);
    return thread;
  } catch (error) {
    appends.ended(kind, outcomeOf(error), startedMs);
    throw error;
  }
}

async function compacting(
  { compactions }: Deps,
  event: ContextEvent,
  reshaped: ReshapedMessages | undefined,
  commit: () => Promise<Thread | undefined>,
): Promise<Thread | undefined> {
  try {
    const thread = await commit();
    if (thread === undefined) compactions.ended(event.trigger, 'overtaken');
    else compactions.committed(event, reshaped);
    return thread;
  } catch (error) {
    compactions.ended(event.trigger, outcomeOf(error));
    throw error;
  }
}

async function changing(
  { windowChanges }: Deps,
  kind: Parameters<WindowChangeMetrics['ended']>[0],
  commit: () => Promise<Thread | undefined>,
): Promise<Thread | undefined> {
  try {
    const thread = await commit();
    windowChanges.ended(kind, thread === undefined ? 'overtaken' : 'committed');
    return thread;
  } catch (error) {
    windowChanges.ended(kind, outcomeOf(error));
    throw error;
  }
}
