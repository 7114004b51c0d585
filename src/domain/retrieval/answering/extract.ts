/** An answer without a language model: what the best passages themselves say nearest to the question. */
import { sentencesOf } from '#domain/text/sentences.ts';
import type { WeighedWord } from '../finding/ranking.ts';
import { basesOf } from './coverage.ts';

type Told = Readonly<{ headingPath: string; text: string }>;

/** Sentences of a passage that follow each other. `number` is that of the passage in the answer, from 1. */
type Excerpt = Readonly<{ number: number; sentences: readonly string[]; worth: number }>;

/** Passages behind these are shown, and not quoted. */
const QUOTED_PASSAGES = 4;
const PARAGRAPH_BREAK = /\n{2,}/u;
/** Items of a list, or rows of a table. */
const HAS_LINES = /^\s*(?:[-*•]|\d+[.)])\s| \| /mu;
/** An excerpt has at least one sentence, and no more than this beyond it. */
const EXCERPT_CHARACTERS = 420;
/** What a heading has of the question, its sentences need not repeat. */
const HEADING_SHARE = 0.5;
/** How much less an excerpt is worth for each passage before its own. */
const RANK_DECAY = 0.9;
/** How much less for each sentence before it in its passage: rules begin with what matters. */
const POSITION_DECAY = 0.97;
/** What is worth less than this share of the best excerpt is left out. */
const WORTH_MIN = 0.6;

/** Text, and the numbers of the passages that it is from. */
export type Excerpts = Readonly<{ text: string; cited: readonly number[] }>;

/** Returns excerpts of the best passages in their order, each sentence followed by its passage's number: "… [1]". */
export function extractedAnswer(passages: readonly Told[], words: readonly WeighedWord[]): Excerpts {
  const excerpts = passages.slice(0, QUOTED_PASSAGES).map((passage, at) => bestExcerpt(passage, at + 1, words));
  const best = Math.max(...excerpts.map(({ worth }) => worth));
  const chosen = excerpts.filter(({ worth }) => worth >= best * WORTH_MIN);
  return { text: chosen.map(citedText).join('\n\n'), cited: chosen.map(({ number }) => number) };
}

function citedText({ sentences, number }: Excerpt): string {
  return sentences.map((sentence) => `${sentence} [${number}]`).join(' ');
}

function bestExcerpt({ headingPath, text }: Told, number: number, words: readonly WeighedWord[]): Excerpt {
  const heading = basesOf(headingPath);
  const sentences = sentencesIn(text);
  const bases = sentences.map(basesOf);
  let best: Excerpt = { number, sentences: sentences.slice(0, 1), worth: 0 };
  for (let start = 0; start < sentences.length; start++) {
    const end = endOfExcerpt(sentences, start);
    const within = bases.slice(start, end);
    const worth =
      RANK_DECAY ** (number - 1) *
      POSITION_DECAY ** start *
      words.reduce((sum, { base, weight }) => sum + weight * shareOf(base, within, heading), 0);
    if (worth > best.worth) best = { number, sentences: sentences.slice(start, end), worth };
  }
  return best;
}

/** Lines that a paragraph was written in are one; those of lists and tables are not. */
function sentencesIn(text: string): readonly string[] {
  return text.split(PARAGRAPH_BREAK).flatMap((paragraph) => {
    const joined = HAS_LINES.test(paragraph) ? paragraph : paragraph.replaceAll(/\s*\n\s*/gu, ' ');
    return sentencesOf(joined).map(({ start, end }) => joined.slice(start, end));
  });
}

function endOfExcerpt(sentences: readonly string[], start: number): number {
  let [end, characters] = [start + 1, sentences[start]!.length];
  while (end < sentences.length && characters + sentences[end]!.length <= EXCERPT_CHARACTERS)
    characters += sentences[end++]!.length;
  return end;
}

function shareOf(base: string, within: readonly ReadonlySet<string>[], heading: ReadonlySet<string>): number {
  if (within.some((bases) => bases.has(base))) return 1;
  return heading.has(base) ? HEADING_SHARE : 0;
}
