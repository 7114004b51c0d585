/** Makes room for another system prompt in a thread's window: before it is changed, because a prompt is protected. */
import type { Clock } from '#application/shared/clock.ts';
import { goalForAppend } from '#domain/conversations/compaction/compaction-plan.ts';
import { checkFits, checkPins } from '#domain/conversations/compaction/protection.ts';
import { promptSizeOf } from '#domain/conversations/compaction/window/guards.ts';
import { atTrigger, sizeAtPct } from '#domain/conversations/usage.ts';
import { type Window, windowOf } from '#domain/conversations/window.ts';
import type { ThreadId } from '#domain/shared/ids.ts';
import { commitCompaction } from '../context/commit-compaction.ts';
import type { ThreadWindow, WindowReader } from '../context/window-reader.ts';
import type { ContextSettings } from '../context-settings.ts';
import type { Compactor, Conversations, TextCounter } from '../ports.ts';

type Deps = Readonly<{
  conversations: Pick<Conversations, 'commit'>;
  windows: WindowReader;
  compactor: Compactor;
  counter: TextCounter;
  clock: Clock;
  settings: ContextSettings;
}>;

/** A prompt that there is room for in the window of this version, while the window stays below a size with it. */
export type PromptChange = Readonly<{
  systemPrompt: string | null;
  ifVersion: number;
  sizeDelta: number;
  sizeBelow: number;
}>;

export class PromptRoom {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Compacts the window where it would reach its trigger with the prompt; `overtaken` where the window changed
   * meanwhile. Throws 409 `over_budget`; 413 `pins_over_budget`; 503 `append_contended`, `compaction_busy`.
   */
  async make(id: ThreadId, systemPrompt: string | null): Promise<PromptChange | 'overtaken'> {
    const { windows, counter, settings } = this.#deps;
    const { policy, estimator } = settings;
    const current = await windows.read(id);
    const [promptSize] = await counter.sizesOf([systemPrompt ?? '']);
    const prospective = windowOf(systemPrompt, promptSize!, current.window.entries);
    checkPins(prospective, 'prompt', policy, estimator);
    const version = await this.#compacted(current, prospective);
    if (version === undefined) return 'overtaken';
    const sizeDelta = promptSize! - promptSizeOf(current.window);
    return { systemPrompt, ifVersion: version, sizeDelta, sizeBelow: sizeAtPct(101, policy, estimator) };
  }

  /** The version of the thread in which there is room; undefined where it changed meanwhile. */
  async #compacted({ thread }: ThreadWindow, before: Window): Promise<number | undefined> {
    const { compactor, clock, settings } = this.#deps;
    const { policy, estimator } = settings;
    if (!policy.automatic || !atTrigger(before.size, before.entries.length, policy, estimator)) {
      checkFits(before, policy, estimator);
      return thread.version;
    }
    const goal = goalForAppend(policy, estimator);
    const compacted = await compactor.compact({ window: before, policy, goal, appending: false });
    checkFits(compacted.window, policy, estimator);
    if (compacted.window.size === before.size) return thread.version;
    const { entries } = compacted.window;
    const record = { thread, before, compacted, entries, by: null, at: clock.now() };
    return (await commitCompaction(this.#deps, thread, record))?.thread.version;
  }
}
