/** Asks the language model for a better summary of what a compaction folded, and commits it if it can be believed. */
import type { Clock } from '#application/shared/clock.ts';
import type { Leases } from '#application/shared/leases.ts';
import { refinedSummary, roomFor } from '#domain/conversations/refinement/refined-summary.ts';
import {
  refinableIn,
  refinedWindow,
  refinementRevision,
} from '#domain/conversations/refinement/refinement-revision.ts';
import { type RecordPart, summaryPrompt } from '#domain/conversations/refinement/summary-prompt.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import { type Entry, seqsOf } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import type { WindowReader } from '../context/window-reader.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { LanguageModel } from '../language-model.ts';
import type { Conversations } from '../ports.ts';
import type { Breaker } from './breaker.ts';
import type { EndedRefinement, RefinementLog, RefinementOutcome } from './refinement-log.ts';
import type { SummaryRecord } from './summary-record.ts';

/** Longer than a model may take with its answer. */
const LEASE_MS = 3_600_000;
/** How often the commit is tried again after a concurrent change of the window that leaves the compaction its head. */
const MAX_ATTEMPTS = 5;

type Deps = Readonly<{
  conversations: Pick<Conversations, 'commit' | 'revision' | 'citing'>;
  windows: WindowReader;
  record: SummaryRecord;
  leases: Pick<Leases, 'run'>;
  breaker: Breaker;
  /** Null where none is configured: then nothing is refined. */
  model: LanguageModel | null;
  log: RefinementLog;
  clock: Clock;
  settings: ContextSettings;
}>;

type Ended = Pick<EndedRefinement, 'outcome' | 'beforeTokens' | 'afterTokens'>;

export class RefineSummary {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Nothing changes unless everything is as it should be. Throws 404 `thread_not_found` where the thread is gone; 503
   * `store_unavailable`.
   */
  async execute(id: ThreadId, closing: AbortSignal): Promise<void> {
    const { leases, clock, log, model } = this.#deps;
    if (model === null) return;
    const startedMs = clock.now().getTime();
    const run = () => this.#refine(id, model, closing);
    const ended = (await leases.run(`refinement:${id}`, LEASE_MS, run)) ?? unchanged('elsewhere');
    log.ended({ threadId: id, ...ended, ms: clock.now().getTime() - startedMs });
  }

  async #refine(id: ThreadId, model: LanguageModel, closing: AbortSignal): Promise<Ended> {
    const { record, breaker, conversations, windows, settings } = this.#deps;
    const { thread } = await windows.read(id);
    const head = await conversations.revision(id, thread.revision);
    const summary = refinableIn(head, settings.estimator);
    if (head === undefined || summary === undefined) return unchanged('overtaken');
    if (await this.#standsOnSources(id, summary)) return unchanged('cites');
    if (breaker.isOpen) return unchanged('paused');
    const parts = await record.read(id, { head, summary }, settings.estimator.sizeOfTokens(settings.policy.maxTokens));
    if (parts === undefined) return unchanged('too_much');
    const answered = await this.#ask(model, summary, parts, closing);
    if (closing.aborted) return unchanged('overtaken');
    if ('fault' in answered) breaker.failed();
    else breaker.succeeded();
    return 'fault' in answered ? unchanged(answered.fault) : this.#commit(id, head, answered.entry);
  }

  /** In a model's words nobody could tell any more which of them stand on what. */
  async #standsOnSources(id: ThreadId, summary: Entry): Promise<boolean> {
    const citing = new Set((await this.#deps.conversations.citing(id)).map(({ seq }) => seq));
    return citing.size > 0 && seqsOf(summary).some((seq) => citing.has(seq));
  }

  async #ask(
    model: LanguageModel,
    summary: Entry,
    parts: readonly RecordPart[],
    signal: AbortSignal,
  ): Promise<Readonly<{ entry: Entry } | { fault: RefinementOutcome }>> {
    const maxChars = roomFor(summary);
    const messages = summaryPrompt(parts, maxChars);
    const completion = await model.complete({ messages, maxChars: summary.content.length, signal });
    if (completion.kind !== 'answer') return { fault: completion.kind === 'too_long' ? 'too_long' : 'failed' };
    if (completion.finishReason !== 'stop') return { fault: 'cut_off' };
    return refinedSummary(summary, completion.text, parts, this.#deps.settings.estimator);
  }

  async #commit(id: ThreadId, head: Revision, refined: Entry): Promise<Ended> {
    const { conversations, windows, clock, settings } = this.#deps;
    const { estimator } = settings;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { thread, window: before } = await windows.read(id);
      if (thread.revision !== head.id) break;
      const after = refinedWindow(before, refined);
      const committed = await conversations.commit({
        kind: 'revise',
        threadId: id,
        ifVersion: thread.version,
        revision: refinementRevision({ head, refined, before, after, at: clock.now() }, estimator),
        sizeDelta: after.size - before.size,
        entriesDelta: 0,
        entries: after.entries,
        lastSeq: thread.lastSeq,
        estimator: estimator.name,
      });
      if (committed === undefined) continue;
      const [beforeTokens, afterTokens] = [estimator.tokens(before.size), estimator.tokens(after.size)];
      return { outcome: 'refined', beforeTokens, afterTokens };
    }
    return unchanged('overtaken');
  }
}

function unchanged(outcome: RefinementOutcome): Ended {
  return { outcome, beforeTokens: null, afterTokens: null };
}
