/** A question, read as the terms to look up. */
import { type Term, termsOf } from '#domain/text/search-terms.ts';
import { stemOf, withoutInflection } from '#domain/text/stem.ts';
import { NAME_MARK, nameOf, saysNothing } from './terms.ts';

/** More of them are cut off: a question has fewer. */
const MAX_WORDS = 32;
/** The longest name of a heading that is looked for within a question. */
const NAME_MAX_WORDS = 4;

/** Words of asking rather than of what is asked about: that a passage has none of them says little. */
const ASKING = new Set(
  `begin call charact cost describ explain find game give happen know list mean need number play player point roll rule
  start take try turn use win work`.split(/\s+/u),
);
const ASKING_WEIGHT = 0.3;

const CAPITAL = /\p{Lu}/u;
/** What stands before a word that does not begin a sentence. */
const WITHIN_SENTENCE = /[^.!?…\s]\s+["'“‘«(]*$/u;

export type QuestionWord = Readonly<{
  /** The stem, by which it is looked up. */
  term: string;
  /** The word without the endings of inflection, by which it is told whether a passage really has it. */
  base: string;
  /** How much it counts whether an answer has it. */
  weight: number;
  /** Whether it has a capital letter within a sentence. */
  isName: boolean;
}>;

export type Question = Readonly<{
  /** One for each distinct term, without stop words. */
  words: readonly QuestionWord[];
  /** The question as the name of a heading: such a heading comes first. */
  whole: readonly string[];
  /** Names that a heading may have, of words that follow each other in the question. */
  names: readonly string[];
}>;

export function questionOf(text: string): Question {
  const all = termsOf(text).slice(0, MAX_WORDS);
  const telling = all.filter((term) => !saysNothing(term, text));
  const words = new Map(telling.map((term) => [stemOf(term.term), wordOf(term, text)]));
  const whole = [text, telling.map(({ term }) => term).join(' ')].map(nameOf).filter((name) => name !== undefined);
  return { words: [...words.values()], whole: [...new Set(whole)], names: namesIn(all, new Set(telling)) };
}

function wordOf(written: Term, text: string): QuestionWord {
  const term = stemOf(written.term);
  const isName = CAPITAL.test(text[written.start]!) && WITHIN_SENTENCE.test(text.slice(0, written.start));
  return { term, base: withoutInflection(written.term), weight: ASKING.has(term) ? ASKING_WEIGHT : 1, isName };
}

function namesIn(all: readonly Term[], telling: ReadonlySet<Term>): readonly string[] {
  const names = new Set<string>();
  for (let start = 0; start < all.length; start++)
    for (let end = start + 1; end <= Math.min(all.length, start + NAME_MAX_WORDS); end++) {
      const run = all.slice(start, end);
      if (run.some((term) => telling.has(term))) names.add(NAME_MARK + run.map(({ term }) => stemOf(term)).join(' '));
    }
  return [...names];
}

/** Everything that is looked up for a question. */
export function soughtTerms({ words, whole, names }: Question): readonly string[] {
  return [...new Set([...words.map(({ term }) => term), ...whole, ...names])];
}
