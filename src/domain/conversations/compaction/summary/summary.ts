/** Writes the summary of many entries: their most informative sentences in order, and an index of everything else. */
import type { Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry, messagesIn, seqsOf } from '#domain/conversations/window.ts';
import { type Candidate, choose } from '#domain/text/selection.ts';
import { lengthOf, type Sentence } from './passages.ts';
import { weightOf } from './salience.ts';
import { headerOf, isSpeakable, type Passage, parseSummary, passageLine } from './summary-text.ts';
import type { TextIndex } from './text-index.ts';
import { indexLineOf, type Topics, topicsOf } from './topics.ts';

/** The shortest possible summary. */
const LEAST_SUMMARY = '…';
/** A passage names its speaker once for all its sentences, so a sentence is charged only this share of the name. */
const SPEAKER_COST_SHARE = 0.6;
/** The share of a summary that its index may take. */
const INDEX_SHARE = 0.12;
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

type ScoredSentence = Readonly<{ sentence: Sentence; candidate: Candidate }>;

/**
 * The sentences of an entry as candidates. Costs are in the estimator's unit and estimated from the entry's average
 * size per character: counting each sentence would be slow with a real vocabulary.
 */
function candidatesOf(entry: Entry, textIndex: TextIndex): readonly ScoredSentence[] {
  const density = entry.size / Math.max(1, countedText(entry).length);
  return textIndex.sentencesIn(entry).map((sentence) => {
    const speaker = sentence.speaker === null ? 0 : (sentence.speaker.length + 2) * SPEAKER_COST_SHARE;
    const cost = Math.max(LEAST_COST, (lengthOf(sentence) + 1 + speaker) * density);
    return { sentence, candidate: { words: sentence.words, weight: weightOf(sentence, textIndex.decisions), cost } };
  });
}

/** Groups consecutive sentences of one speaker into passages. Names that cannot be parsed back are left out. */
function passagesOf(sentences: readonly Sentence[]): readonly Passage[] {
  const passages: { speaker: string | null; text: string }[] = [];
  for (const { text, start, end, speaker } of sentences) {
    const words = text.slice(start, end).replaceAll('\n', ' ');
    const last = passages.at(-1);
    const name = speaker !== null && isSpeakable(speaker) ? speaker : null;
    if (last !== undefined && last.speaker === name) last.text += ` ${words}`;
    else passages.push({ speaker: name, text: words });
  }
  return passages;
}

/** Everything that a summary is selected from, and its limits. */
type Plan = Readonly<{
  header: string;
  sentences: readonly ScoredSentence[];
  topics: Topics;
  /** The size that the summary may have, in the estimator's unit. */
  limit: number;
  /** The length that the index may have, in characters. */
  indexLength: number;
}>;

function planFor(taken: readonly Entry[], limit: number, textIndex: TextIndex): Plan {
  const sentences = taken.flatMap((entry) => candidatesOf(entry, textIndex));
  const characters = taken.reduce((sum, entry) => sum + countedText(entry).length, 0);
  const size = taken.reduce((sum, entry) => sum + entry.size, 0);
  const older = taken.filter((entry) => entry.kind === 'summary').map((entry) => parseSummary(entry.content));
  return {
    header: headerOf(taken[0]!.fromSeq, lastOf(taken)),
    sentences,
    topics: topicsOf(
      sentences.map((one) => one.sentence),
      textIndex,
      older,
    ),
    limit,
    indexLength: Math.floor((limit * INDEX_SHARE * characters) / Math.max(1, size)),
  };
}

/** The text of a summary of the chosen sentences, in their original order. */
function render(plan: Plan, chosen: readonly number[]): string {
  const sentences = chosen.toSorted((a, b) => a - b).map((i) => plan.sentences[i]!.sentence);
  const index = indexLineOf(plan.topics, sentences, plan.indexLength);
  return [plan.header, ...passagesOf(sentences).map(passageLine), ...(index === null ? [] : [index])].join('\n');
}

/** How many of the chosen sentences remain after the last ones, with a total cost of at least `excess`, are dropped. */
function remainingCount(plan: Plan, chosen: readonly number[], excess: number): number {
  let count = chosen.length;
  for (let freed = 0; count > 0 && freed < excess; count--) freed += plan.sentences[chosen[count - 1]!]!.candidate.cost;
  return count;
}

/**
 * Selects sentences that fill the limit. The size of names and index is known only from the rendered text, so the
 * selection is repeated with the space that the rendered text left.
 */
function chooseToFill(plan: Plan, textIndex: TextIndex, estimator: Estimator): readonly number[] {
  const candidates = plan.sentences.map((one) => one.candidate);
  let room = plan.limit * (1 - INDEX_SHARE) - estimator.size(plan.header);
  let chosen = choose(candidates, textIndex.words, room);
  for (let refill = 0; refill < REFILLS && chosen.length < candidates.length; refill++) {
    const spare = plan.limit - estimator.size(render(plan, chosen));
    if (spare < plan.limit * REFILL_MIN_SHARE) break;
    room += spare;
    chosen = choose(candidates, textIndex.words, room);
  }
  return chosen;
}

/** Renders a text within the limit: sentences are dropped, the least informative first, until it fits. */
function writeWithin(plan: Plan, textIndex: TextIndex, estimator: Estimator): string {
  let chosen = chooseToFill(plan, textIndex, estimator);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const text = render(plan, chosen);
    const excess = estimator.size(text) - plan.limit;
    if (excess <= 0) return text;
    chosen = chosen.slice(0, remainingCount(plan, chosen, excess));
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
    role: 'system',
    name: null,
    content,
    toolCalls: null,
    toolCallId: null,
    fromSeq: ordered[0]!.fromSeq,
    toSeq: lastOf(ordered),
    seqs: coveredSeqs(ordered),
    size: estimator.size(content),
    pinned: false,
  };
}

/** The messages that the entries stand for together, in the form of `Entry.seqs`: null if they have no gaps. */
function coveredSeqs(ordered: readonly Entry[]): readonly number[] | null {
  const count = ordered.reduce((sum, entry) => sum + messagesIn(entry), 0);
  if (lastOf(ordered) - ordered[0]!.fromSeq + 1 === count) return null;
  return ordered.flatMap(seqsOf).toSorted((a, b) => a - b);
}
