/** A bounded queue whose places are shared fairly between those who wait, whoever asks fastest. */

/** More than this wait for many seconds. */
const PLACES = 50;
/** Of these, the last are kept for who does not wait yet. */
const KEPT = 10;
/** How many may wait for the same one. */
const PER_PARTY = 3;

/** Parties take turns: each has one of its own served before any has its second. */
export class WaitingRoom {
  /** By party, in the order of their turns. Who shares a place with nobody is a party of their own. */
  readonly #parties = new Map<unknown, (() => void)[]>();
  #count = 0;

  /**
   * Resolves when the caller's turn has come; undefined where there is no place. A party of null is the caller's own.
   */
  enter(party: string | null): Promise<void> | undefined {
    const key = party ?? Symbol('alone');
    const waiting = this.#parties.get(key) ?? [];
    const free = waiting.length === 0 ? PLACES : PLACES - KEPT;
    if (waiting.length >= PER_PARTY || this.#count >= free) return undefined;
    this.#parties.set(key, waiting);
    this.#count++;
    return new Promise((resolve) => waiting.push(resolve));
  }

  /** Gives the turn to whoever is next. Returns false where nobody waits. */
  next(): boolean {
    const [first] = this.#parties;
    if (first === undefined) return false;
    const [party, waiting] = first;
    this.#parties.delete(party);
    const resume = waiting.shift();
    if (waiting.length > 0) this.#parties.set(party, waiting);
    this.#count--;
    resume?.();
    return true;
  }
}
