/** The `summarize` strategy: shortens the oldest messages, one at a time, to their most informative sentences. */
import type { Entry } from '#domain/conversations/window.ts';
import { choose } from '#domain/text/selection.ts';
import { lengthOf, type Sentence } from '../summary/passages.ts';
import { weightOf } from '../summary/salience.ts';
import { GAP } from '../summary/summary-text.ts';
import type { TextIndex } from '../summary/text-index.ts';
import { shareOfSize } from '../window/guards.ts';
import { isLeftToStub } from '../window/left-to-stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from '../window/working-window.ts';

/** Shorter messages are left alone: they have too few sentences to choose from. */
const CONDENSE_MIN_CHARACTERS = 150;
/** The share of a message's characters that its condensed form may have. */
const CONDENSED_SHARE = 0.6;
/**
 * A condensed message takes at most this part of the tail's share, so that it still fits if the tail reaches it later.
 */
const TAIL_PARTS = 4;

type Condensed = Readonly<{ content: string; sentences: readonly Sentence[] }>;

/** Joins chosen sentences with the original space between neighbours and an ellipsis for each gap, ends included. */
function joined(text: string, chosen: readonly Sentence[], all: readonly Sentence[]): string {
  let content = chosen[0] === all[0] ? '' : '… ';
  let previous = -1;
  for (const sentence of chosen) {
    const index = all.indexOf(sentence, previous + 1);
    if (previous !== -1) {
      content += index === previous + 1 ? text.slice(all[previous]!.end, sentence.start) : GAP;
    }
    content += text.slice(sentence.start, sentence.end);
    previous = index;
  }
  return previous === all.length - 1 ? content : `${content} …`;
}

/** Selects the most informative sentences of a message, verbatim and in order, in at most `limit` characters. */
function condense(
  content: string,
  sentences: readonly Sentence[],
  textIndex: TextIndex,
  limit: number,
): Condensed | null {
  // Lines for tool calls are sentences of the entry too, but their text is not part of the content.
  const own = sentences.filter((sentence) => sentence.text === content);
  const candidates = own.map((sentence) => ({
    words: sentence.words,
    weight: weightOf(sentence, textIndex.setting),
    cost: lengthOf(sentence) + GAP.length,
  }));
  const indices = choose(candidates, textIndex.words, limit).toSorted((a, b) => a - b);
  if (indices.length === 0) return null;
  const chosen = indices.map((i) => own[i]!);
  const shown = chosen.map((sentence, i) => ({ ...sentence, follows: indices[i - 1] === indices[i]! - 1 }));
  return { content: joined(content, chosen, own), sentences: shown };
}

function canCondense(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index];
  if (!entry || work.guards[index] !== null || entry.kind !== 'message') return false;
  return entry.content.length >= CONDENSE_MIN_CHARACTERS && !isLeftToStub(work, index);
}

function condenseAt(work: WorkingWindow, index: number, textIndex: TextIndex, sizeLimit: number): void {
  const entry = work.entries[index]!;
  const share = Math.min(CONDENSED_SHARE, sizeLimit / Math.max(1, entry.size));
  const sentences = textIndex.sentencesIn(entry);
  const short = condense(entry.content, sentences, textIndex, Math.floor(entry.content.length * share));
  if (short === null) return;
  const form: Omit<Entry, 'size'> = { ...entry, kind: 'condensed', content: short.content };
  if (shorten(work, index, form)) textIndex.remember(work.entries[index]!, short.sentences);
}

/** Returns the strategy's round. Each call continues where the last one stopped. */
export function summarize(work: WorkingWindow, readIndex: () => TextIndex): () => void {
  const sizeLimit = shareOfSize('tail', work.policy, work.estimator) / TAIL_PARTS;
  let next = 0;
  return () => {
    for (; next < work.entries.length && !isSmallEnough(work); next++) {
      if (canCondense(work, next)) condenseAt(work, next, readIndex(), sizeLimit);
    }
  };
}
