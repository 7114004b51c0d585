/** Writes the summary of many entries: their most informative sentences in order, and an index of everything else. */
import type { Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry, messagesIn, seqsOf } from '#domain/conversations/window.ts';
import type { Lexicon } from '#domain/text/lexicon.ts';
import { type Candidate, choose } from '#domain/text/selection.ts';
import { commonWordsOf } from './common-words.ts';
import { lengthOf, type Sentence } from './passages.ts';
import { type Setting, weightOf } from './salience.ts';
import { passagesOf } from './speech.ts';
import { FOOTER, headerOf, parseSummary, passageLines } from './summary-text.ts';
import type { TextIndex } from './text-index.ts';
import { indexLineOf, type Topics, topicsOf } from './topics.ts';

/** The shortest possible summary. */
const LEAST_SUMMARY = '…';
/** The share of a summary that its index may take. */
const INDEX_SHARE = 0.04;
/** The parts into which the time of a summary is divided, for equal shares. */
const PARTS = 16;
/** A passage has one number and one speaker for all its sentences, so a sentence is charged only this share of both. */
const LINE_COST_SHARE = 0.6;

/**
 * How often the sentences are selected anew to use space that was left, and the share of the limit that is worth it.
 */
const REFILLS = 2;
const REFILL_MIN_SHARE = 0.02;
/** How often sentences are dropped to bring an overlong text within its limit, before it is given up. */
const ATTEMPTS = 8;
/** Costs must be positive (see `Candidate`), even if the estimator counts nothing. */
const LEAST_COST = 0.1;

export function leastSummarySize(estimator: Estimator): number {
  return estimator.size(LEAST_SUMMARY);
}

/** The sentences of what is summarised, in order of time, and the same as candidates. */
type Scored = Readonly<{ sentences: readonly Sentence[]; candidates: readonly Candidate[] }>;

/** The messages that a summary stands for. */
type Range = Readonly<{ from: number; to: number }>;

/** The part of the time in which a message lies. */
function partOf(seq: number, { from, to }: Range): number {
  return Math.max(0, Math.min(PARTS - 1, Math.floor(((seq - from) / (to - from + 1)) * PARTS)));
}

/** `density` is the size of a character, in the estimator's unit. */
function candidateOf(sentence: Sentence, density: number, range: Range, setting: Setting): Candidate {
  const { origin, words } = sentence;
  const line = `#${origin.seq} ${origin.speaker ?? ''}: `.length * LINE_COST_SHARE;
  const cost = Math.max(LEAST_COST, (lengthOf(sentence) + 1 + line) * density);
  return { words, weight: weightOf(sentence, setting), cost, part: partOf(origin.seq, range) };
}

/**
 * The sentences of the entries as candidates, in order of time. Costs are in the estimator's unit and estimated from
 * the entry's average size per character: counting each sentence would be slow with a real vocabulary.
 */
function candidatesOf(taken: readonly Entry[], textIndex: TextIndex): Scored {
  const range = { from: taken[0]!.fromSeq, to: lastOf(taken) };
  const scored: { sentence: Sentence; density: number }[] = [];
  for (const entry of taken) {
    const density = entry.size / Math.max(1, countedText(entry).length);
    for (const sentence of textIndex.sentencesIn(entry)) scored.push({ sentence, density });
  }
  // A message that waited for its artefacts to be stubbed is older than parts of the summary that it joins.
  scored.sort((a, b) => a.sentence.origin.seq - b.sentence.origin.seq);
  return {
    sentences: scored.map(({ sentence }) => sentence),
    candidates: scored.map(({ sentence, density }) => candidateOf(sentence, density, range, textIndex.setting)),
  };
}

/** Everything that a summary is selected from, and its limits. */
type Plan = Scored &
  Readonly<{
    header: string;
    lexicon: Lexicon;
    topics: Topics;
    /** The size that the summary may have, in the estimator's unit. */
    limit: number;
    /** The length that the index may have, in characters. */
    indexLength: number;
  }>;

/** A selection, the most informative sentence first, with its text and the text's size. */
type Draft = Readonly<{ chosen: readonly number[]; text: string; size: number }>;

function planFor(taken: readonly Entry[], limit: number, textIndex: TextIndex): Plan {
  const scored = candidatesOf(taken, textIndex);
  const characters = taken.reduce((sum, entry) => sum + countedText(entry).length, 0);
  const size = taken.reduce((sum, entry) => sum + entry.size, 0);
  const older = taken.filter((entry) => entry.kind === 'summary').map((entry) => parseSummary(entry.content));
  return {
    header: headerOf(taken[0]!.fromSeq, lastOf(taken)),
    ...scored,
    lexicon: textIndex.lexicon,
    topics: topicsOf(scored.sentences, textIndex, older),
    limit,
    indexLength: Math.floor((limit * INDEX_SHARE * characters) / Math.max(1, size)),
  };
}

/** Writes a summary of the chosen sentences, in order of time. */
function render(plan: Plan, chosen: readonly number[], estimator: Estimator): Draft {
  const { header, sentences, topics, lexicon, indexLength } = plan;
  const ordered = chosen.toSorted((a, b) => a - b);
  const lines = passageLines(passagesOf(sentences, ordered));
  const shown = ordered.map((i) => sentences[i]!);
  const index = indexLineOf(topics, shown, lexicon, indexLength);
  const text = [header, ...lines, ...(index === null ? [] : [index]), FOOTER].join('\n');
  return { chosen, text, size: estimator.size(text) };
}

/** How many of the chosen sentences remain after the last ones, with a total cost of at least `excess`, are dropped. */
function remainingCount(plan: Plan, chosen: readonly number[], excess: number): number {
  let count = chosen.length;
  for (let freed = 0; count > 0 && freed < excess; count--) freed += plan.candidates[chosen[count - 1]!]!.cost;
  return count;
}

/**
 * Selects sentences that fill the limit. The size of names and index is known only from the rendered text, so the
 * selection is repeated with the space that the rendered text left.
 */
function chooseToFill(plan: Plan, { words }: TextIndex, estimator: Estimator): Draft {
  const { candidates, limit, header } = plan;
  let room = limit * (1 - INDEX_SHARE) - estimator.size(header + FOOTER);
  let draft = render(plan, choose(candidates, words, room, PARTS), estimator);
  for (let refill = 0; refill < REFILLS && draft.chosen.length < candidates.length; refill++) {
    const spare = limit - draft.size;
    if (spare < limit * REFILL_MIN_SHARE) break;
    room += spare;
    draft = render(plan, choose(candidates, words, room, PARTS), estimator);
  }
  return draft;
}

/** Renders a text within the limit: sentences are dropped, the least informative first, until it fits. */
function writeWithin(plan: Plan, textIndex: TextIndex, estimator: Estimator): string {
  let draft = chooseToFill(plan, textIndex, estimator);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const excess = draft.size - plan.limit;
    if (excess <= 0) return draft.text;
    draft = render(plan, draft.chosen.slice(0, remainingCount(plan, draft.chosen, excess)), estimator);
  }
  const shorter = [plan.header, LEAST_SUMMARY];
  return shorter.find((text) => estimator.size(text) <= plan.limit) ?? '';
}

function lastOf(taken: readonly Entry[]): number {
  return taken.reduce((last, entry) => Math.max(last, entry.toSeq), 0);
}

/**
 * Returns the summary that replaces the entries `taken`, which may be in any order but not empty. Its size is at most
 * `limit`, in the estimator's unit; its content may be empty if nothing fits.
 */
export function summaryOf(taken: readonly Entry[], limit: number, textIndex: TextIndex, estimator: Estimator): Entry {
  const ordered = taken.toSorted((a, b) => a.fromSeq - b.fromSeq);
  const content = writeWithin(planFor(ordered, limit, textIndex), textIndex, estimator);
  return {
    kind: 'summary',
    role: 'user',
    name: null,
    content,
    toolCalls: null,
    toolCallId: null,
    fromSeq: ordered[0]!.fromSeq,
    toSeq: lastOf(ordered),
    seqs: coveredSeqs(ordered),
    size: estimator.size(content),
    pinned: false,
    commonWords: commonWordsOf(ordered, textIndex),
  };
}

/** The messages that the entries stand for together, in the form of `Entry.seqs`: null if they have no gaps. */
function coveredSeqs(ordered: readonly Entry[]): readonly number[] | null {
  const count = ordered.reduce((sum, entry) => sum + messagesIn(entry), 0);
  if (lastOf(ordered) - ordered[0]!.fromSeq + 1 === count) return null;
  return ordered.flatMap(seqsOf).toSorted((a, b) => a - b);
}
