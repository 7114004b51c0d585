/** Generated talk in eight languages: for the smaller budgets some months, for the largest some years. */
import type { Half } from '../halves.ts';
import { hashOf } from '../random.ts';
import type { Sample } from '../sample.ts';
import { talkOf } from '../talk/generator.ts';
import { LANGUAGES, type LanguageCode, languageOf } from '../talk/language.ts';

const LENGTHS = [
  { budgets: [4_000, 16_000], characters: 100_000, count: 4 },
  { budgets: [64_000], characters: 330_000, count: 2 },
];

export function talkSamples(half: Half): readonly Sample[] {
  return LANGUAGES.flatMap((code) =>
    LENGTHS.flatMap((length) => Array.from({ length: length.count }, (_, i) => talkSample(code, half, length, i + 1))),
  );
}

function talkSample(
  code: LanguageCode,
  half: Half,
  { budgets, characters }: (typeof LENGTHS)[number],
  number: number,
): Sample {
  const title = `talk ${code} ${half} ${number} of ${characters} characters`;
  const talk = talkOf(languageOf(code, half), hashOf(title), characters);
  return { title, genre: 'talk', language: code, ...talk, budgets, references: [] };
}
