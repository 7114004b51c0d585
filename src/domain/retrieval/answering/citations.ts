/** Checks what a language model answers against the passages that it was given: every citation, and every quotation. */
import { sentencesOf } from '#domain/text/sentences.ts';

type Told = Readonly<{ headingPath: string; text: string }>;

/** What was taken out of an answer, because no passage bears it. */
export type Dropped = Readonly<{ citations: number; quotations: number }>;

export type CheckedText = Readonly<{
  text: string;
  /** The numbers of the passages that it cites, from 1, in the order in which it does. */
  cited: readonly number[];
  dropped: Dropped;
}>;

/** "[2]", or "[1, 3]". */
const CITATION = /\[(\d{1,4}(?:\s*[,;]\s*\d{1,4})*)\]/gu;
/** Behind the mark that ends a sentence they belong to it. */
const FIRST_CITATIONS = /^(?:\[\d[\d\s,;]*\][.,;:!?]*\s*)+/u;
const QUOTATION = /"([^"]+)"|“([^”]+)”|„([^“”]+)[“”]|«([^»]+)»|「([^」]+)」|『([^』]+)』/gu;
const OPEN_QUOTE = /["“„«「『]/u;
/** Within a quotation, where something was left out or put in. */
const LEFT_OUT = /\.{3}|…|\[[^\]]*\]/u;
/** What of a text must be the same in a quotation of it: words, and signs with a meaning of their own. */
const TOKENS = /[\p{L}\p{M}\p{N}]+|[+%=<>−-]/gu;
/** A quotation that is not closed after so many sentences is none. */
const QUOTED_SENTENCES_MAX = 8;
/** So many characters behind a sentence are looked at before it is taken for whole. */
const FORESIGHT = 24;

/** Checks an answer as it comes, sentence by sentence: what was checked can be shown before the rest is there. */
export class AnswerChecker {
  readonly #passages: readonly string[];
  readonly #cited = new Set<number>();
  readonly #dropped = { citations: 0, quotations: 0 };
  #unchecked = '';
  #text = '';

  /** Of a citation `[n]`, the passage is the `n`-th of these. */
  constructor(passages: readonly Told[]) {
    this.#passages = passages.map(({ headingPath, text }) => tokensOf(`${headingPath}\n${text}`));
  }

  /** Takes the next piece of the answer, and returns what can be shown now. */
  add(piece: string): string {
    this.#unchecked += piece;
    const text = this.#unchecked;
    // What follows decides where a sentence ends, and may be its citation.
    let end = 0;
    const sentences = wholeSentences(text).filter((sentence) => {
      end += sentence.length;
      return end + FORESIGHT <= text.length;
    });
    return this.#check(sentences);
  }

  /** Checks the rest of the answer, and returns what can be shown of it. */
  end(): string {
    return this.#check(wholeSentences(this.#unchecked));
  }

  get checked(): CheckedText {
    return { text: this.#text.trim(), cited: [...this.#cited], dropped: { ...this.#dropped } };
  }

  #check(sentences: readonly string[]): string {
    let shown = '';
    for (const sentence of sentences) {
      this.#unchecked = this.#unchecked.slice(sentence.length);
      shown += this.#checkedSentence(sentence);
    }
    this.#text += shown;
    return shown;
  }

  /** A sentence with a quotation that is none says what no book does: all of it goes. */
  #checkedSentence(sentence: string): string {
    const cited = numbersIn(sentence).filter((number) => this.#has(number));
    const told = (cited.length > 0 ? cited : [...this.#cited]).map((number) => this.#passages[number - 1]!);
    const unfounded = quotationsIn(sentence).filter((quotation) => !told.some((passage) => isIn(passage, quotation)));
    if (unfounded.length > 0 || hasLooseQuote(sentence)) {
      this.#dropped.quotations += Math.max(1, unfounded.length);
      return /\s*$/u.exec(sentence)![0];
    }
    for (const number of cited) this.#cited.add(number);
    return this.#withoutUnfounded(sentence);
  }

  #withoutUnfounded(sentence: string): string {
    return sentence.replaceAll(CITATION, (_, written: string) => {
      const numbers = listed(written);
      const there = numbers.filter((number) => this.#has(number));
      this.#dropped.citations += numbers.length - there.length;
      return there.map((number) => `[${number}]`).join('');
    });
  }

  #has(number: number): boolean {
    return number >= 1 && number <= this.#passages.length;
  }
}

/**
 * The sentences of a text with all that is between them: together they are the text. A citation belongs to the sentence
 * before it, and a quotation is not divided.
 */
function wholeSentences(text: string): readonly string[] {
  const starts: number[] = [];
  let quoted = 0;
  for (const { start, end } of sentencesOf(text)) {
    quoted = isOpen(text.slice(starts.at(-1) ?? start, start)) ? quoted + 1 : 0;
    const first = start + (FIRST_CITATIONS.exec(text.slice(start, end))?.[0].length ?? 0);
    if (starts.length === 0) starts.push(0);
    else if (first < end && (quoted === 0 || quoted >= QUOTED_SENTENCES_MAX)) starts.push(first);
  }
  return starts.map((start, at) => text.slice(start, starts[at + 1]));
}

function isOpen(text: string): boolean {
  return OPEN_QUOTE.test(text.replaceAll(QUOTATION, ''));
}

function quotationsIn(sentence: string): readonly string[] {
  return [...sentence.matchAll(QUOTATION)].map((match) => match.slice(1).find((inner) => inner !== undefined)!);
}

/** Whether a quotation mark has no partner, so that nobody can tell what is quoted. An inch is none. */
function hasLooseQuote(sentence: string): boolean {
  const isOdd = (text: string) => text.split('"').length % 2 === 0;
  return isOdd(sentence) && isOdd(sentence.replaceAll(/(?<=\d)"/gu, ''));
}

function numbersIn(sentence: string): readonly number[] {
  return [...sentence.matchAll(CITATION)].flatMap(([, written]) => listed(written!));
}

function listed(written: string): readonly number[] {
  return written.split(/[,;]/u).map(Number);
}

function tokensOf(text: string): string {
  const plain = text.normalize('NFKC').toLowerCase().replaceAll(/[‐-–]/gu, '-');
  return ` ${(plain.match(TOKENS) ?? []).join(' ')} `;
}

/** Whether a passage has a quotation, word for word; where it leaves something out, each of its parts. */
function isIn(passage: string, quotation: string): boolean {
  const parts = quotation.split(LEFT_OUT).map(tokensOf);
  const told = parts.filter((part) => part.trim() !== '');
  return told.length > 0 && told.every((part) => passage.includes(part));
}
