/** What is counted of compactions, from the compactor to the commit. */
import type * as prom from 'prom-client';
import { MESSAGE_FORMS, type ReshapedMessages } from '#domain/conversations/compaction/reshaped-messages.ts';
import type { ContextEvent } from '#domain/conversations/revision.ts';
import type { Histogram } from './histogram.ts';
import type { Instruments } from './instruments.ts';

const TRIGGERS = ['auto', 'manual'] as const satisfies ContextEvent['trigger'][];
type Trigger = (typeof TRIGGERS)[number];

/** `overtaken`: the thread had changed meanwhile, and nothing was written. */
const OUTCOMES = ['committed', 'overtaken', 'refused', 'failed'] as const;
type Outcome = (typeof OUTCOMES)[number];

const BUCKETS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export class CompactionMetrics {
  readonly #compactions: prom.Counter<'trigger' | 'outcome'>;
  readonly #duration: Histogram<'trigger'>;
  readonly #tokensFreed: prom.Counter<'trigger'>;
  readonly #messages: prom.Counter<'form'>;
  readonly #strategies: ReturnType<typeof strategyInstruments>;

  constructor(instruments: Instruments) {
    this.#compactions = instruments.counter({
      name: 'tavernkeep_compactions_total',
      help: 'Compactions that were to be committed: for an append (auto) or by hand (manual), and how they ended.',
      labels: ['trigger', 'outcome'],
      known: TRIGGERS.flatMap((trigger) => OUTCOMES.map((outcome) => ({ trigger, outcome }))),
    });
    this.#duration = instruments.histogram({
      name: 'tavernkeep_compaction_duration_seconds',
      help: 'How long a compaction took, with its wait for the worker; rehearsals included.',
      labels: ['trigger'],
      buckets: BUCKETS,
    });
    this.#tokensFreed = instruments.counter({
      name: 'tavernkeep_compaction_tokens_freed_total',
      help: 'Tokens by which committed compactions made windows smaller.',
      labels: ['trigger'],
    });
    this.#messages = instruments.counter({
      name: 'tavernkeep_compaction_messages_total',
      help: 'Messages that committed compactions gave another form: folded, condensed, stubbed, or part of a summary.',
      labels: ['form'],
      known: MESSAGE_FORMS.map((form) => ({ form })),
    });
    this.#strategies = strategyInstruments(instruments);
  }

  compacted(trigger: Trigger, seconds: number): void {
    this.#duration.of({ trigger }).observe(seconds);
  }

  ended(trigger: Trigger, outcome: Outcome): void {
    this.#compactions.inc({ trigger, outcome });
  }

  committed(
    { trigger, beforeTokens, afterTokens, strategiesUsed }: ContextEvent,
    reshaped: Partial<ReshapedMessages> = {},
  ): void {
    this.ended(trigger, 'committed');
    for (const form of MESSAGE_FORMS) this.#messages.inc({ form }, reshaped[form] ?? 0);
    this.#tokensFreed.inc({ trigger }, Math.max(0, beforeTokens - afterTokens));
    const { duration, tokensFreed, entriesRemoved } = this.#strategies;
    for (const { name: strategy, ...use } of strategiesUsed) {
      duration.of({ strategy }).observe(use.ms / 1_000);
      tokensFreed.inc({ strategy }, Math.max(0, use.tokensFreed));
      entriesRemoved.inc({ strategy }, Math.max(0, use.entriesRemoved));
    }
  }
}

/** By strategy: what it did, and what that cost. */
function strategyInstruments(instruments: Instruments) {
  const counter = (what: string, help: string) =>
    instruments.counter({ name: `tavernkeep_compaction_strategy_${what}_total`, help, labels: ['strategy'] });
  return {
    duration: instruments.histogram({
      name: 'tavernkeep_compaction_strategy_duration_seconds',
      help: 'How long a strategy took in a committed compaction.',
      labels: ['strategy'],
      buckets: BUCKETS,
    }),
    tokensFreed: counter('tokens_freed', 'Tokens that it freed; the summariser frees them too.'),
    entriesRemoved: counter('entries_removed', 'Entries that it took out of windows: folded, dropped or summarised.'),
  };
}
