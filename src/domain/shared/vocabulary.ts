/** Lists of words that grow with the product: stores take no other word, because the databases know no lists. */

/**
 * The word, where it is in the list. Throws where it is not: only a mistake of ours leads there, so it is no refusal.
 */
export function known<Word extends string>(words: readonly Word[], word: Word): Word {
  if (!words.includes(word)) throw new Error(`A word is stored that is none of: ${words.join(', ')}.`);
  return word;
}
