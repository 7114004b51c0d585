/**
 * Thread rows as they stand now, known to a process that has the database to itself. Statements overlap here, so that
 * what one of them answers may be out of date when it arrives.
 */
import { ThreadRowCache } from '../conversations/thread-row-cache.ts';
import type { ThreadRow } from '../conversations/threads.ts';

/** Whatever it is, another one comes after a time in which somebody else may have written. */
type Tenure = object | undefined;

/** Which changes had been seen when a statement began. */
export type Mark = Readonly<{ tenure: Tenure; changes: number }>;

export class KnownThreads {
  readonly #cache = new ThreadRowCache();
  readonly #tenureNow: () => Tenure;
  #tenure: Tenure;
  #changes = 0;

  /** `tenureNow` tells since when nobody else writes; undefined where somebody may. */
  constructor(tenureNow: () => Tenure) {
    this.#tenureNow = tenureNow;
  }

  find(id: string): ThreadRow | undefined {
    this.#check();
    return this.#cache.find(id);
  }

  /** To be taken before a statement is sent. */
  mark(): Mark {
    this.#check();
    return { tenure: this.#tenure, changes: this.#changes };
  }

  /** What a statement read or wrote; forgotten where something changed since it began that it may not have seen. */
  put(row: ThreadRow, { tenure, changes }: Mark): void {
    this.#check();
    if (tenure === undefined) return;
    if (tenure !== this.#tenure || changes !== this.#changes) this.forget(row.id);
    else if (!isOlder(row, this.#cache.find(row.id))) this.#cache.put(row);
  }

  /** After whatever may have changed it, or shown that it has changed. */
  forget(id: string): void {
    this.#changes += 1;
    this.#cache.forget(id);
  }

  /** After a unit of work, which may have changed any of them. */
  clear(): void {
    this.#changes += 1;
    this.#cache.clear();
  }

  #check(): void {
    const now = this.#tenureNow();
    if (now === this.#tenure) return;
    this.#tenure = now;
    this.clear();
  }
}

/** Two statements of one thread may be answered in another order than they were carried out in. */
function isOlder(row: ThreadRow, known: ThreadRow | undefined): boolean {
  if (known === undefined) return false;
  return row.version === known.version ? row.last_seq < known.last_seq : row.version < known.version;
}
