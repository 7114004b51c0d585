/** Sentences of everyday talk, made of a language's patterns and words. */
import { type Random, shuffled } from '../random.ts';
import type { Language } from './language.ts';

/** Who speaks and to whom, for vocatives. */
export type Turn = Readonly<{ speaker: string; to: string }>;
export type Fact = Readonly<{ text: string; answer: readonly string[] }>;

/** Whose news it is: part of the answer. */
const PERSONS = ['kin', 'Kin', 'kinf'];
/** Numbers that take one form of what they count, in every language: from 15, ending in 0 or in 5 to 9. */
const NUMBERS = Array.from({ length: 85 }, (_, i) => i + 15).filter((n) => n % 10 === 0 || n % 10 >= 5);
/** Numbers of hours: of these too the form is the same. */
const SMALL_NUMBERS = [3, 4];
const LAST_DAY = 28;
/** How steeply the frequency of a section's words falls: a person has favourites. */
const FAVOURITES = 1.8;
/** So many patterns in a row are different. */
const FRESH = 8;
const TRIES = 4;
const ELONGATED = 0.04;
const MISTYPED = 0.04;

export class Sentences {
  readonly #language: Language;
  readonly #random: Random;
  /** By section: its words in the order of their frequency in this transcript. */
  readonly #words = new Map<string, readonly string[]>();
  readonly #recent: string[] = [];
  readonly space: string;

  constructor(language: Language, random: Random) {
    this.#language = language;
    this.#random = random;
    this.space = language.space;
  }

  /** A sentence of a section of patterns, now and then with the slips of people who type. */
  say(section: string, turn: Turn): string {
    const text = capitalised(this.#filled(this.#fresh(section), turn, () => undefined));
    if (this.#random.chance(ELONGATED)) return elongated(text, this.#language.code, this.#random);
    return this.#random.chance(MISTYPED) ? mistyped(text, this.#random) : text;
  }

  /** A fact, by a pattern; every word of a section is as likely. */
  fact(pattern: string, turn: Turn): Fact {
    const persons: string[] = [];
    const marked = this.#filled(pattern, turn, (slot) => {
      if (this.#builtIn(slot, turn) !== undefined) return undefined;
      const word = this.#random.pick(this.#language.section(slot));
      if (PERSONS.includes(slot)) persons.push(word);
      return word;
    });
    const answer = [...marked.matchAll(/\[([^\]]+)\]/gu)].map(([, words]) => words!);
    return { text: capitalised(marked.replace(/[[\]]/gu, '')), answer: [...persons, ...answer] };
  }

  #filled(pattern: string, turn: Turn, choose: (slot: string) => string | undefined): string {
    return pattern.replace(
      /\{(\w+)\}/gu,
      (_, slot: string) => choose(slot) ?? this.#builtIn(slot, turn) ?? this.#usual(slot),
    );
  }

  #builtIn(slot: string, { to }: Turn): string | undefined {
    if (slot === 'you') return to;
    if (slot === 'num') return String(this.#random.pick(NUMBERS));
    if (slot === 'small') return String(this.#random.pick(SMALL_NUMBERS));
    if (slot === 'day') return String(1 + this.#random.below(LAST_DAY));
    return slot === 'month' ? this.#random.pick(this.#language.section('months')) : undefined;
  }

  /** A pattern that was not used just now, if there are enough of them. */
  #fresh(section: string): string {
    let pattern = this.#usual(section);
    for (let i = 0; i < TRIES && this.#recent.includes(pattern); i += 1) pattern = this.#usual(section);
    this.#recent.push(pattern);
    if (this.#recent.length > FRESH) this.#recent.shift();
    return pattern;
  }

  /** A word or pattern of a section, the favourites of this transcript more often. */
  #usual(section: string): string {
    const known = this.#words.get(section);
    const words = known ?? shuffled(this.#language.section(section), this.#random);
    if (known === undefined) this.#words.set(section, words);
    return words[Math.floor(words.length * this.#random.next() ** FAVOURITES)]!;
  }
}

function capitalised(text: string): string {
  return text.replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

const TILDES = ['zh', 'ja', 'ko'];

/** "So goooood": the last letter of the last word, several times; where nobody writes so, tildes. */
function elongated(text: string, code: string, random: Random): string {
  const times = 3 + random.below(5);
  if (TILDES.includes(code)) return text.replace(/[^\p{L}\p{N}]*$/u, `${'～'.repeat(times)}！`);
  return text.replace(/(\p{L})([^\p{L}]*)$/u, (_, letter: string, rest: string) => letter.repeat(times) + rest);
}

/** Two letters of a word change places. */
function mistyped(text: string, random: Random): string {
  const words = [...text.matchAll(/\p{L}{4,}/gu)];
  if (words.length === 0) return text;
  const word = random.pick(words);
  const at = word.index + 1 + random.below(word[0].length - 2);
  return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
}
