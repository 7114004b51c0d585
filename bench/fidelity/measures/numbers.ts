/** Numbers with a word beside them: "18 gold", "room 12"; a number alone says nothing. */

/** A number with the word after it. */
const NUMBER = /(?<![\p{N}.,:])(\p{N}+(?:[.,:]\p{N}+)*)(?:(?:[ -]|\p{Sc}| ?%)?(\p{L}[\p{L}\p{M}'’]*))?/gu;
/** The word that ends before a number, which is looked for in so many characters. */
const WORD_BEFORE = /(\p{L}[\p{L}\p{M}'’]*)[ -]?$/u;
const WORD_MAX_CHARACTERS = 40;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** What numbers count, as "18 gold"; where no word follows, as "room 12". */
export function countedNumbersIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => pairsOf(text).flatMap((pairs) => pairs.slice(0, 1))));
}

/** Every pair of a number and a word beside it. */
export function numberPairsIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => pairsOf(text).flat()));
}

/** For each number its pairs, the word that follows first; of a script without spaces, a character. */
function pairsOf(text: string): readonly (readonly string[])[] {
  const lower = text.toLowerCase();
  return [...lower.matchAll(NUMBER)].map(({ index, 1: number, 2: after }) => {
    const before = WORD_BEFORE.exec(lower.slice(Math.max(0, index - WORD_MAX_CHARACTERS), index))?.[1];
    return [
      ...(after === undefined ? [] : [`${number} ${WITHOUT_SPACES.test(after) ? [...after][0] : after}`]),
      ...(before === undefined ? [] : [`${WITHOUT_SPACES.test(before) ? [...before].at(-1) : before} ${number}`]),
    ];
  });
}
