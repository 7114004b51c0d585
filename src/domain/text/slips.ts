/**
 * Slips of the finger: two letters beside each other that changed places. They are the most common slip that leaves
 * every letter (Damerau 1964), and a word that was typed so is not a rare one.
 */
import { characterKind, DIGIT, lowerCase, UNSPACED, UPPER } from './characters.ts';
import type { Lexicon } from './lexicon.ts';
import { finishedHash, HASH_START, hashStep } from './word-hash.ts';

/** Short words that differ so are as often two words: "who" and "how". */
const MIN_LETTERS = 4;
/** So many times more often than the slip does a word occur that was meant. */
const TIMES_MORE = 3;

/** Counts each slip as the word that was meant, and as no name of its own. */
export function countSlips(lexicon: Lexicon): void {
  const letters = lexicon.spelling.map(lettersOf);
  const meant = mostCommon(lexicon, letters);
  letters.forEach((key, id) => {
    const word = key === null ? undefined : meant.get(key);
    if (word === undefined || !isSlip(lexicon, id, word)) return;
    lexicon.sentences[id] = lexicon.sentences[word]!;
    lexicon.stop[id] = lexicon.stop[word]!;
    lexicon.capitalised[id] = 0;
  });
}

/** By letters, the most common of the words that have them. */
function mostCommon({ sentences }: Lexicon, letters: readonly (number | null)[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  letters.forEach((key, id) => {
    if (key === null) return;
    const other = found.get(key);
    if (other === undefined || sentences[id]! > sentences[other]!) found.set(key, id);
  });
  return found;
}

/** A number that words of the same letters share, in whatever order; null for what is no word of letters. */
function lettersOf(spelling: string): number | null {
  if (spelling.length < MIN_LETTERS) return null;
  let sum = 0;
  for (let i = 0; i < spelling.length; i++) {
    const code = spelling.charCodeAt(i);
    const kind = characterKind(code);
    if (kind === UNSPACED || kind === DIGIT) return null;
    sum = (sum + hashStep(HASH_START, kind === UPPER ? lowerCase(code) : code)) | 0;
  }
  return finishedHash(sum);
}

function isSlip({ sentences, spelling }: Lexicon, id: number, meant: number): boolean {
  if (sentences[id]! * TIMES_MORE > sentences[meant]!) return false;
  const [typed, word] = [spelling[id]!.toLowerCase(), spelling[meant]!.toLowerCase()];
  const at = [...typed].findIndex((letter, i) => letter !== word[i]);
  const swapped = typed.slice(0, at) + typed.charAt(at + 1) + typed.charAt(at) + typed.slice(at + 2);
  return at !== -1 && swapped === word;
}
