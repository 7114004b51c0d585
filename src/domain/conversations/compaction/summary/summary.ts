/** Writes the summary of many entries: what they say that matters, by speaker, in order, then what else there was. */
import type { Estimator } from '#domain/conversations/usage.ts';
import { countedText, type Entry, messagesIn, seqsOf } from '#domain/conversations/window.ts';
import { type Candidate, choose } from '#domain/text/selection.ts';
import { lengthOf, type Sentence } from './passages.ts';
import { weightOf } from './salience.ts';
import { headerOf, isSpeakable, type Passage, parseSummary, passageLine } from './summary-text.ts';
import type { TextIndex } from './text-index.ts';
import { indexLineOf, type Topics, topicsOf } from './topics.ts';

/** The least that can stand for messages that were folded away. */
const LEAST_SUMMARY = '…';
/** A line names its speaker only where the one before is another's: about so often. */
const SPEAKER_COST_SHARE = 0.6;
/** How much of a summary its index may take. */
const INDEX_SHARE = 0.12;
/** How often room that the first choice left is given to another, and how much is worth it. */
const REFILLS = 2;
const REFILL_MIN_SHARE = 0.02;
const ATTEMPTS = 8;
/** A sentence costs something even where the estimator counts nothing. */
const LEAST_COST = 0.1;

export function leastSummarySize(estimator: Estimator): number {
  return estimator.size(LEAST_SUMMARY);
}

type Said = Readonly<{ sentence: Sentence; candidate: Candidate }>;

/** The sentences of an entry as candidates; costs are in the estimator's unit, by the entry's own density. */
function candidatesOf(entry: Entry, reading: TextIndex): readonly Said[] {
  const density = entry.size / Math.max(1, countedText(entry).length);
  return reading.sentencesIn(entry).map((sentence) => {
    const speaker = sentence.speaker === null ? 0 : (sentence.speaker.length + 2) * SPEAKER_COST_SHARE;
    const cost = Math.max(LEAST_COST, (lengthOf(sentence) + 1 + speaker) * density);
    return { sentence, candidate: { words: sentence.words, weight: weightOf(sentence, reading.decisions), cost } };
  });
}

/** Sentences in order, those of one speaker that follow each other in one passage. */
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

/** All that goes into the choice, and what it may take. */
type Plan = Readonly<{
  header: string;
  said: readonly Said[];
  topics: Topics;
  limit: number;
  /** Characters that the index may take. */
  indexLength: number;
}>;

function planFor(taken: readonly Entry[], limit: number, reading: TextIndex): Plan {
  const said = taken.flatMap((entry) => candidatesOf(entry, reading));
  const characters = taken.reduce((sum, entry) => sum + countedText(entry).length, 0);
  const size = taken.reduce((sum, entry) => sum + entry.size, 0);
  const older = taken.filter((entry) => entry.kind === 'summary').map((entry) => parseSummary(entry.content));
  return {
    header: headerOf(taken[0]!.fromSeq, lastOf(taken)),
    said,
    topics: topicsOf(
      said.map((one) => one.sentence),
      reading,
      older,
    ),
    limit,
    indexLength: Math.floor((limit * INDEX_SHARE * characters) / Math.max(1, size)),
  };
}

/** The text made of these candidates, put back into their order. */
function written(plan: Plan, chosen: readonly number[]): string {
  const sentences = chosen.toSorted((a, b) => a - b).map((i) => plan.said[i]!.sentence);
  const index = indexLineOf(plan.topics, sentences, plan.indexLength);
  return [plan.header, ...passagesOf(sentences).map(passageLine), ...(index === null ? [] : [index])].join('\n');
}

/** How many of the chosen are left when the last of them, worth `excess`, are given up. */
function without(plan: Plan, chosen: readonly number[], excess: number): number {
  let count = chosen.length;
  for (let freed = 0; count > 0 && freed < excess; count--) freed += plan.said[chosen[count - 1]!]!.candidate.cost;
  return count;
}

/** Chooses for the whole limit: what speakers' names and the index take is known only when it is written. */
function chooseToFill(plan: Plan, reading: TextIndex, estimator: Estimator): readonly number[] {
  const candidates = plan.said.map((one) => one.candidate);
  let room = plan.limit * (1 - INDEX_SHARE) - estimator.size(plan.header);
  let chosen = choose(candidates, reading.words, room);
  for (let refill = 0; refill < REFILLS && chosen.length < candidates.length; refill++) {
    const spare = plan.limit - estimator.size(written(plan, chosen));
    if (spare < plan.limit * REFILL_MIN_SHARE) break;
    room += spare;
    chosen = choose(candidates, reading.words, room);
  }
  return chosen;
}

function writeWithin(plan: Plan, reading: TextIndex, estimator: Estimator): string {
  let chosen = chooseToFill(plan, reading, estimator);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const text = written(plan, chosen);
    const excess = estimator.size(text) - plan.limit;
    if (excess <= 0) return text;
    chosen = chosen.slice(0, without(plan, chosen, excess));
  }
  const shorter = [plan.header, LEAST_SUMMARY];
  return shorter.find((text) => estimator.size(text) <= plan.limit) ?? '';
}

function lastOf(taken: readonly Entry[]): number {
  return taken.reduce((last, entry) => Math.max(last, entry.toSeq), 0);
}

/** The summary that stands for all that `taken` stands for; its size is at most `limit`, in the estimator's unit. */
export function summaryOf(taken: readonly Entry[], limit: number, reading: TextIndex, estimator: Estimator): Entry {
  const ordered = taken.toSorted((a, b) => a.fromSeq - b.fromSeq);
  const content = writeWithin(planFor(ordered, limit, reading), reading, estimator);
  return {
    kind: 'summary',
    role: 'system',
    name: null,
    content,
    toolCalls: null,
    toolCallId: null,
    fromSeq: ordered[0]!.fromSeq,
    toSeq: lastOf(ordered),
    seqs: seqsStoodFor(ordered),
    size: estimator.size(content),
    pinned: false,
  };
}

/** The messages that entries stand for together; null where they are without gaps. */
function seqsStoodFor(ordered: readonly Entry[]): readonly number[] | null {
  const count = ordered.reduce((sum, entry) => sum + messagesIn(entry), 0);
  if (lastOf(ordered) - ordered[0]!.fromSeq + 1 === count) return null;
  return ordered.flatMap(seqsOf).toSorted((a, b) => a - b);
}
