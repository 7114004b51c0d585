/** Lets works on the same thing run together or alone within this process, in the order in which they came. */

/** A place in the order of arrival. A work that is tried again keeps it, so that nobody who came later is before it. */
export type Place = number & { readonly brand: unique symbol };

type Waiting = Readonly<{ place: Place; alone: boolean; begin: () => void }>;

/** The works on one thing: those that run, all together or one alone, and those that wait, in their order. */
type Line = { running: number; alone: boolean; readonly waiting: Waiting[] };

export class SharedTurns {
  readonly #lines = new Map<string, Line>();
  #arrived = 0;

  arrive(): Place {
    this.#arrived += 1;
    return this.#arrived as Place;
  }

  /** Whether a work that runs together with others would begin at once. */
  isFree(key: string): boolean {
    const line = this.#lines.get(key);
    return line === undefined || (!line.alone && line.waiting.length === 0);
  }

  /** Runs `work` together with others of this kind, after all works that run alone and came before it. */
  together<T>(key: string, work: () => Promise<T>, place = this.arrive()): Promise<T> {
    return this.#run(key, work, { place, alone: false });
  }

  /** Runs `work` after all works that came before it, and before all that come after it. */
  alone<T>(key: string, work: () => Promise<T>, place = this.arrive()): Promise<T> {
    return this.#run(key, work, { place, alone: true });
  }

  async #run<T>(key: string, work: () => Promise<T>, turn: Omit<Waiting, 'begin'>): Promise<T> {
    const line = this.#lines.get(key) ?? { running: 0, alone: false, waiting: [] };
    this.#lines.set(key, line);
    await new Promise<void>((begin) => {
      const behind = line.waiting.findIndex(({ place }) => place > turn.place);
      line.waiting.splice(behind === -1 ? line.waiting.length : behind, 0, { ...turn, begin });
      beginNext(line);
    });
    try {
      return await work();
    } finally {
      line.running -= 1;
      beginNext(line);
      if (line.running === 0) this.#lines.delete(key);
    }
  }
}

/** Begins the first that wait, as far as they may run now. */
function beginNext(line: Line): void {
  for (let [first] = line.waiting; first !== undefined; [first] = line.waiting) {
    if (line.running > 0 && (line.alone || first.alone)) return;
    line.waiting.shift();
    line.running += 1;
    line.alone = first.alone;
    first.begin();
  }
}
