/** Numbers with a word beside them: "18 gold", "room 12"; a number alone says nothing. */

/** A number with the words before and after it; of a script without spaces, a character. */
const NUMBER =
  /(?:(\p{L}[\p{L}\p{M}'’]*)[ -]?)?(?<![\p{N}.,:])(\p{N}+(?:[.,:]\p{N}+)*)(?:(?:[ -]|\p{Sc}| ?%)?(\p{L}[\p{L}\p{M}'’]*))?/gu;
const WITHOUT_SPACES = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** What numbers count, as "18 gold"; where no word follows, as "room 12". */
export function countedNumbersIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => pairsOf(text).flatMap((pairs) => pairs.slice(0, 1))));
}

/** Every pair of a number and a word beside it. */
export function numberPairsIn(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => pairsOf(text).flat()));
}

/** For each number its pairs, the word that follows first. */
function pairsOf(text: string): readonly (readonly string[])[] {
  return [...text.toLowerCase().matchAll(NUMBER)].map(([, before, number, after]) => [
    ...(after === undefined ? [] : [`${number} ${WITHOUT_SPACES.test(after) ? [...after][0] : after}`]),
    ...(before === undefined ? [] : [`${WITHOUT_SPACES.test(before) ? [...before].at(-1) : before} ${number}`]),
  ]);
}
