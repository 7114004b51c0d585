/** Holds back what a model thinks aloud before its answer: some servers leave it in the text, between two marks. */

const OPENING = '<think>';
const CLOSING = '</think>';

export class Thoughts {
  /** What may still be thought, or become a mark; null in the answer. */
  #held: string | null = '';
  #thinking = false;

  /** Returns what of the piece belongs to the answer. */
  take(piece: string): string {
    if (this.#held === null) return piece;
    this.#held += piece;
    return this.#thinking ? this.#afterThought() : this.#beforeThought();
  }

  /** Returns what was held back although it is no thought. A thought that has no end was all that came. */
  end(): string {
    return this.#thinking ? '' : (this.#held ?? '');
  }

  #beforeThought(): string {
    const begun = (this.#held ?? '').trimStart();
    if (begun.startsWith(OPENING)) {
      this.#thinking = true;
      this.#held = begun.slice(OPENING.length);
      return this.#afterThought();
    }
    return OPENING.startsWith(begun) ? '' : this.#release(this.#held ?? '');
  }

  #afterThought(): string {
    const thought = this.#held ?? '';
    const end = thought.indexOf(CLOSING);
    if (end !== -1) return this.#release(thought.slice(end + CLOSING.length).trimStart());
    // Only what may be the beginning of the mark is needed further on.
    this.#held = thought.slice(-(CLOSING.length - 1));
    return '';
  }

  #release(text: string): string {
    this.#held = null;
    this.#thinking = false;
    return text;
  }
}
