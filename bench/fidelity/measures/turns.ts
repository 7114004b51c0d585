/**
 * Turns of which a telling sentence is left: one of at least four words, or half of it. What several turns say does not
 * tell which of them is left, and is not looked for.
 */
import { splitterFor, squeezed } from '../splitting.ts';

const MIN_WORDS = 4;
/** Shorter pieces of a sentence are found by chance: 6 characters of a script without spaces, 12 of others. */
const minCharacters = (language: string) => (language === 'zh' || language === 'ja' ? 6 : 12);

/** The pieces of a turn of which one at least must be left, each squeezed. */
export type TellingTurn = readonly string[];

/** For each turn that has a telling sentence the pieces to look for. */
export function tellingTurns(texts: readonly string[], language: string): readonly TellingTurn[] {
  const splitter = splitterFor(language);
  const turns = texts.map((text) =>
    splitter
      .sentences(text)
      .filter((sentence) => splitter.words(sentence).length >= MIN_WORDS)
      .flatMap((sentence) => halvesOf(squeezed(sentence), minCharacters(language))),
  );
  const times = new Map<string, number>();
  for (const piece of turns.flatMap((pieces) => [...new Set(pieces)])) times.set(piece, (times.get(piece) ?? 0) + 1);
  return turns.map((pieces) => pieces.filter((piece) => times.get(piece) === 1)).filter((pieces) => pieces.length > 0);
}

function halvesOf(sentence: string, atLeast: number): readonly string[] {
  const length = Math.max(atLeast, Math.ceil(sentence.length / 2));
  return length >= sentence.length ? [sentence] : [sentence.slice(0, length), sentence.slice(-length)];
}

/** How many of the turns are left in the texts. */
export function turnsLeft(turns: readonly TellingTurn[], texts: readonly string[]): number {
  const left = texts.map(squeezed).join('\n');
  const beginnings = new Beginnings(left);
  return turns.filter((pieces) => pieces.some((piece) => beginnings.mayHave(piece) && left.includes(piece))).length;
}

const BEGINNING = 6;
const SLOTS = 2 ** 22;

/** Which runs of a few characters a text may have (a Bloom filter with one hash), to look for few pieces in vain. */
class Beginnings {
  readonly #seen = new Uint8Array(SLOTS);

  constructor(text: string) {
    for (let i = 0; i + BEGINNING <= text.length; i += 1) this.#seen[slotOf(text, i)] = 1;
  }

  mayHave(piece: string): boolean {
    return piece.length < BEGINNING || this.#seen[slotOf(piece, 0)] === 1;
  }
}

function slotOf(text: string, start: number): number {
  let hash = 0;
  for (let i = start; i < start + BEGINNING; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 15)) & (SLOTS - 1);
}
