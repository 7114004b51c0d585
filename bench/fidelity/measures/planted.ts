/** Planted facts: one is left where a single passage has all words of its answer. */
import type { PlantedFact } from '../sample.ts';

/** A text as words with a space at both sides; of a script without spaces, as characters alone. */
function normalised(text: string, language: string): string {
  const words = text.toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ');
  return language === 'zh' || language === 'ja' ? words.replaceAll(' ', '') : ` ${words.trim()} `;
}

export function plantedLeft(facts: readonly PlantedFact[], texts: readonly string[], language: string): number {
  const passages = texts.map((text) => normalised(text, language));
  const wanted = facts.map(({ answer }) => answer.map((part) => normalised(part, language)));
  return wanted.filter((parts) => passages.some((passage) => parts.every((part) => passage.includes(part)))).length;
}
