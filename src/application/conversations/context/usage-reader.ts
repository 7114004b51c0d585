/** Reads the usage of a thread: from its row alone, as a rule. */
import type { Thread } from '#domain/conversations/thread.ts';
import type { Usage } from '#domain/conversations/usage.ts';
import { type ContextSettings, threadUsage } from '../context-settings.ts';
import type { WindowReader } from './window-reader.ts';

type Deps = Readonly<{ windows: Pick<WindowReader, 'read'>; settings: ContextSettings }>;

export class UsageReader {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Only after a change of estimator is the window itself needed, to count it again. Throws as `WindowReader` does. */
  async of(thread: Thread): Promise<Usage> {
    const { windows, settings } = this.#deps;
    const counted = thread.estimator === settings.estimator.name ? thread : (await windows.read(thread.id)).thread;
    return threadUsage(counted, settings);
  }
}
