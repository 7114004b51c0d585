/** Lets works on the same thing run together or alone within this process, in the order in which they came. */

/** Works that run together, or one that runs alone. */
type Group = {
  readonly alone: boolean;
  readonly start: Promise<unknown>;
  end: Promise<unknown>;
  begun: boolean;
  size: number;
};

export class SharedTurns {
  readonly #last = new Map<string, Group>();

  /** Whether a work that runs together with others would begin at once. */
  isFree(key: string): boolean {
    const last = this.#last.get(key);
    return last === undefined || (!last.alone && last.begun);
  }

  /** Runs `work` together with others of this kind, after all works that run alone and came before it. */
  together<T>(key: string, work: () => Promise<T>): Promise<T> {
    const last = this.#last.get(key);
    return this.#join(key, last?.alone === false ? last : this.#groupAfter(last, false), work);
  }

  /** Runs `work` after all works that came before it, and before all that come after it. */
  alone<T>(key: string, work: () => Promise<T>): Promise<T> {
    return this.#join(key, this.#groupAfter(this.#last.get(key), true), work);
  }

  #groupAfter(last: Group | undefined, alone: boolean): Group {
    return { alone, start: last?.end ?? Promise.resolve(), end: Promise.resolve(), begun: last === undefined, size: 0 };
  }

  async #join<T>(key: string, group: Group, work: () => Promise<T>): Promise<T> {
    this.#last.set(key, group);
    const turn = group.start.then(() => {
      group.begun = true;
      return work();
    });
    // Without the results: a group that others keep joining would retain those of all its works.
    group.end = Promise.allSettled([group.end, turn]).then(() => undefined);
    group.size += 1;
    try {
      return await turn;
    } finally {
      group.size -= 1;
      if (group.size === 0 && this.#last.get(key) === group) this.#last.delete(key);
    }
  }
}
