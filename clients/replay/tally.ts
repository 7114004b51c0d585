/** Counts the events of a replay. */
import type { Appended, Compaction, Usage } from './api-types.ts';

export type StrategyTotal = { used: number; tokensFreed: number; entriesRemoved: number; ms: number };

export class Tally {
  played = 0;
  refused = 0;
  compactions = 0;
  highestPct = 0;
  /** Tokens of all messages together, as the server counts them. */
  tokensSaid = 0;
  usage: Usage;
  readonly strategies = new Map<string, StrategyTotal>();
  readonly answersMs: number[] = [];

  constructor(usage: Usage) {
    this.usage = usage;
  }

  add({ usage, compaction }: Appended, ms: number): void {
    // What a message takes is what the window gained by it: before the compaction, where there was one.
    this.tokensSaid += (compaction?.before_tokens ?? usage.approx_tokens) - this.usage.approx_tokens;
    this.played++;
    this.highestPct = Math.max(this.highestPct, usage.usage_pct);
    this.usage = usage;
    this.answersMs.push(ms);
    if (compaction !== undefined) this.#compacted(compaction);
  }

  refuse(): void {
    this.refused++;
  }

  #compacted({ strategies_used }: Compaction): void {
    this.compactions++;
    for (const { name, tokens_freed, entries_removed, ms } of strategies_used) {
      const total = this.strategies.get(name) ?? { used: 0, tokensFreed: 0, entriesRemoved: 0, ms: 0 };
      this.strategies.set(name, {
        used: total.used + 1,
        tokensFreed: total.tokensFreed + tokens_freed,
        entriesRemoved: total.entriesRemoved + entries_removed,
        ms: total.ms + ms,
      });
    }
  }
}
