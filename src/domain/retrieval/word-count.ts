/** Counts the words that bound a passage, in any script. */
import { characterKind, UNSPACED } from '#domain/text/characters.ts';

/** A longer run without white space counts as several words, so that no input makes a passage of unbounded length. */
const WORD_MAX_CHARACTERS = 32;

/**
 * Returns the number of words of a text, in linear time. Two characters of a script that puts no spaces between its
 * words count as one.
 */
export function wordCount(text: string): number {
  let [words, run, unspaced] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isSpace(code)) {
      words += Math.ceil(run / WORD_MAX_CHARACTERS);
      run = 0;
    } else if (code >= 0x300 && characterKind(code) === UNSPACED) unspaced++;
    else run++;
  }
  return words + Math.ceil(run / WORD_MAX_CHARACTERS) + Math.ceil(unspaced / 2);
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0x3000;
}
