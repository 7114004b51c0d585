/** The facts of a stretch of play that can be looked for afterwards: names, numbers, and who rolled what. */

/** What someone says in a transcript or in a window. */
export type Said = Readonly<{ speaker: string; text: string }>;

export type Facts = Readonly<{
  names: ReadonlySet<string>;
  numbers: ReadonlySet<string>;
  /** As "speaker number". */
  rolls: ReadonlySet<string>;
}>;

const NUMBER = /\b\d+(?:[.,]\d+)*\b/gu;
const ROLL = /\b(?:roll(?:ed)?|total|plus|natural|hits?|saves?|damage)\b/iu;
/** A turn of so few words that is mostly a number is the answer to "roll for it". */
const SHORT_TURN_WORDS = 5;

/** Words written with a capital within a sentence at least twice, and more often than in lower case. */
function namesIn(said: readonly Said[]): ReadonlySet<string> {
  const inner = new Map<string, number>();
  const lower = new Map<string, number>();
  const count = (counts: Map<string, number>, word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const { text } of said) {
    for (const [, word] of text.matchAll(/(?<=[\p{L},] )(\p{Lu}[\p{L}'’]{2,})/gu)) count(inner, bare(word!));
    for (const [word] of text.matchAll(/(?<![\p{L}'’])\p{Ll}[\p{L}'’]{2,}/gu)) count(lower, bare(word));
  }
  const names = [...inner].filter(([word, times]) => times > 1 && times > (lower.get(word.toLowerCase()) ?? 0));
  return new Set(names.map(([word]) => word.toLowerCase()));
}

function bare(word: string): string {
  return word.replace(/['’]s$/u, '');
}

function isRoll(text: string): boolean {
  return ROLL.test(text) || text.split(/\s+/u).length <= SHORT_TURN_WORDS;
}

export function factsOf(said: readonly Said[]): Facts {
  const rolls = said
    .filter(({ text }) => isRoll(text))
    .flatMap(({ speaker, text }) => [...text.matchAll(NUMBER)].map(([number]) => `${speaker} ${number}`));
  return {
    names: namesIn(said),
    numbers: new Set(said.flatMap(({ text }) => [...text.matchAll(NUMBER)].map(([number]) => number))),
    rolls: new Set(rolls),
  };
}

function shareOf(facts: ReadonlySet<string>, found: ReadonlySet<string>): number {
  return facts.size === 0 ? 1 : [...facts].filter((fact) => found.has(fact)).length / facts.size;
}

/** The shares, 0 to 1, of facts that can still be found in what is left. */
export function sharesLeft(facts: Facts, left: readonly Said[]): Readonly<Record<keyof Facts, number>> {
  const words = new Set(
    left.flatMap(({ text }) => (text.match(/[\p{L}'’]+/gu) ?? []).map((w) => bare(w).toLowerCase())),
  );
  const numbers = left.flatMap(({ speaker, text }) =>
    [...text.matchAll(NUMBER)].map(([number]) => ({ speaker, number })),
  );
  return {
    names: shareOf(facts.names, words),
    numbers: shareOf(facts.numbers, new Set(numbers.map(({ number }) => number))),
    rolls: shareOf(facts.rolls, new Set(numbers.map(({ speaker, number }) => `${speaker} ${number}`))),
  };
}
