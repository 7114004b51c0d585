/** Names: words that are written with a capital within a sentence. Of no use where nouns or no words have capitals. */

const WITHOUT_CAPITALS = new Set(['de', 'zh', 'ja', 'ko', 'ar']);

export function hasCapitalisedNames(language: string): boolean {
  return !WITHOUT_CAPITALS.has(language);
}

/** A word drawn out, "Annaaaa": a way to call somebody, and no other name. */
const DRAWN_OUT = /(\p{L})\1\1/iu;

/** So many times more often than a slip does the name occur that was meant. */
const TIMES_MORE = 3;

/** Words with a capital within a sentence at least twice, and more often than in lower case; in lower case. */
export function namesIn(texts: readonly string[]): ReadonlySet<string> {
  const [inner, lower] = [new Map<string, number>(), new Map<string, number>()];
  const count = (counts: Map<string, number>, word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const text of texts) {
    for (const [, word] of text.matchAll(/(?<=[\p{L},] )(\p{Lu}[\p{L}'’]{2,})/gu)) count(inner, bare(word!));
    for (const [word] of text.matchAll(/(?<![\p{L}'’])\p{Ll}[\p{L}'’]{2,}/gu)) count(lower, bare(word));
  }
  const names = [...inner].filter(
    ([word, times]) => times > 1 && times > (lower.get(word.toLowerCase()) ?? 0) && !DRAWN_OUT.test(word),
  );
  const isMeant = ([word]: readonly [string, number]) => !isSlip(word, inner);
  return new Set(names.filter(isMeant).map(([word]) => word.toLowerCase()));
}

/** Whether a word is a more common one of which two letters beside each other changed places: "Gnia" for "Gina". */
function isSlip(word: string, counts: ReadonlyMap<string, number>): boolean {
  const least = counts.get(word)! * TIMES_MORE;
  return Array.from(word).some((letter, i) => {
    const next = word[i + 1];
    const meant =
      next === undefined ? word : word.slice(0, i) + cased(next, letter) + cased(letter, next) + word.slice(i + 2);
    return meant !== word && (counts.get(meant) ?? 0) >= least;
  });
}

/** A letter in the case of another: "Vrea" and "eVra" are both slips for "Vera". */
function cased(letter: string, as: string): string {
  return as === as.toUpperCase() ? letter.toUpperCase() : letter.toLowerCase();
}

/** All words, as `namesIn` writes names. */
export function wordsIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => (text.match(/[\p{L}'’]+/gu) ?? []).map((word) => bare(word).toLowerCase())));
}

function bare(word: string): string {
  return word.replace(/['’]s$/u, '');
}
