/** Responses of the HTTP API, as far as a replay reads them. */

export type Usage = Readonly<{
  entry_count: number;
  max_entries: number;
  approx_tokens: number;
  max_tokens: number;
  usage_pct: number;
  next_compact_at_pct: number;
  target_pct: number;
}>;

type StrategyUse = Readonly<{ name: string; tokens_freed: number; entries_removed: number; ms: number }>;

export type Compaction = Readonly<{
  before_tokens: number;
  after_tokens: number;
  before_messages: number;
  after_messages: number;
  summaries_added: number;
  strategies_used: readonly StrategyUse[];
}>;

export type Appended = Readonly<{ message: Message; usage: Usage; compaction?: Compaction }>;

export type Message = Readonly<{ seq: number; role: string; name?: string; content: string }>;

export type Entry = Readonly<{
  kind: string;
  from_seq: number;
  to_seq: number;
  seqs?: readonly number[];
  tokens: number;
}>;

export type WindowNow = Readonly<{ entries: readonly Entry[]; usage: Usage }>;

export type Page<T> = Readonly<{ items: readonly T[]; next_cursor: string | null }>;

export type StartedThread = Readonly<{ id: string; usage: Usage }>;

/** A refusal's problem document. */
export type Problem = Readonly<{ title?: string; detail?: string; advice?: readonly Readonly<{ text: string }>[] }>;
