/** Names: words that are written with a capital within a sentence. Of no use where nouns or no words have capitals. */

const WITHOUT_CAPITALS = new Set(['de', 'zh', 'ja', 'ko', 'ar']);

export function hasCapitalisedNames(language: string): boolean {
  return !WITHOUT_CAPITALS.has(language);
}

/** A word drawn out, "Annaaaa": a way to call somebody, and no other name. */
const DRAWN_OUT = /(\p{L})\1\1/iu;

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
  return new Set(names.map(([word]) => word.toLowerCase()));
}

/** All words, as `namesIn` writes names. */
export function wordsIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => (text.match(/[\p{L}'’]+/gu) ?? []).map((word) => bare(word).toLowerCase())));
}

function bare(word: string): string {
  return word.replace(/['’]s$/u, '');
}
