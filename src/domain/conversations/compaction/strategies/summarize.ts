/** The summarize strategy: the oldest messages, one at a time, become their most informative sentences. */

import type { Entry } from '#domain/conversations/window.ts';
import { choose } from '#domain/text/selection.ts';
import { lengthOf, type Sentence } from '../summary/passages.ts';
import { weightOf } from '../summary/salience.ts';
import type { TextIndex } from '../summary/text-index.ts';
import { shareOfSize } from '../window/guards.ts';
import { isLeftToStub } from '../window/left-to-stub.ts';
import { isSmallEnough, shorten, type WorkingWindow } from '../window/working-window.ts';

/** A shorter message is not worth shortening. */
const CONDENSE_MIN_CHARACTERS = 150;
/** How much of a message its condensed form may take. */
const CONDENSED_SHARE = 0.6;
/** A message is condensed to at most a quarter of the tail's share, so that later it can be part of the tail. */
const TAIL_PARTS = 4;
/** Stands where sentences were left out. */
const GAP = ' … ';

type Condensed = Readonly<{ content: string; sentences: readonly Sentence[] }>;

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

/** The most informative sentences of a message, in its own order and words, within `limit` characters. */
function condense(
  content: string,
  sentences: readonly Sentence[],
  reading: TextIndex,
  limit: number,
): Condensed | null {
  const own = sentences.filter((sentence) => sentence.text === content);
  const candidates = own.map((sentence) => ({
    words: sentence.words,
    weight: weightOf(sentence, reading.decisions),
    cost: lengthOf(sentence) + GAP.length,
  }));
  const chosen = choose(candidates, reading.words, limit)
    .toSorted((a, b) => a - b)
    .map((i) => own[i]!);
  if (chosen.length === 0) return null;
  return { content: joined(content, chosen, own), sentences: chosen };
}

function canCondense(work: WorkingWindow, index: number): boolean {
  const entry = work.entries[index];
  if (!entry || work.guards[index] !== null || entry.kind !== 'message') return false;
  return entry.content.length >= CONDENSE_MIN_CHARACTERS && !isLeftToStub(work, index);
}

function condenseAt(work: WorkingWindow, index: number, reading: TextIndex, sizeLimit: number): void {
  const entry = work.entries[index]!;
  const share = Math.min(CONDENSED_SHARE, sizeLimit / Math.max(1, entry.size));
  const sentences = reading.sentencesIn(entry);
  const short = condense(entry.content, sentences, reading, Math.floor(entry.content.length * share));
  if (short === null) return;
  const form: Omit<Entry, 'size'> = { ...entry, kind: 'condensed', content: short.content };
  if (shorten(work, index, form)) reading.remember(work.entries[index]!, short.sentences);
}

/** The strategy: each call is one round, and goes on where the last one ended. */
export function summarize(work: WorkingWindow, reading: () => TextIndex): () => void {
  const sizeLimit = shareOfSize('tail', work.policy, work.estimator) / TAIL_PARTS;
  let next = 0;
  return () => {
    for (; next < work.entries.length && !isSmallEnough(work); next++) {
      if (canCondense(work, next)) condenseAt(work, next, reading(), sizeLimit);
    }
  };
}
