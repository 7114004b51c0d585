/** How much of what was compacted is still there: facts in the window, and the summary against what people wrote. */

import { parseSummary } from '../src/domain/conversations/compaction/summary/summary-text.ts';
import { type Entry, seqsOf, type Window } from '../src/domain/conversations/window.ts';
import { sentencesOf } from '../src/domain/text/sentences.ts';
import { conversationWith, policyOf } from '../test/support/builders/appending.ts';
import {
  type HumanSummary,
  hasRealTranscripts,
  humanSummaries,
  type Line,
  playTranscripts,
  transcriptsInUse,
} from '../test/support/builders/transcripts.ts';
import { factsOf, type Said, sharesLeft } from './facts.ts';
import { type Rouge, rouge } from './rouge.ts';
import { leftOut, type Row, tableOf } from './table.ts';

const BUDGETS = [4_000, 16_000, 64_000];
const RANDOM_SEEDS = [1, 2, 3, 4, 5];

type Scores = Readonly<{ names: number; numbers: number; rolls: number } & Rouge>;
/** Two sessions that are played one after the other in one thread, and what people wrote about them. */
type Play = Readonly<{ title: string; said: readonly Said[]; summaries: readonly HumanSummary[] }>;

function toSaid(line: Line): Said {
  return { speaker: line.name ?? '', text: line.content };
}

function plays(): readonly Play[] {
  const sessions = playTranscripts();
  const summaries = humanSummaries();
  return Array.from({ length: Math.floor(sessions.length / 2) }, (_, i) => {
    const [first, second] = [sessions[2 * i]!, sessions[2 * i + 1]!];
    const later = first.lines.length;
    return {
      title: `${first.title}+${second.title}`,
      said: [...first.lines, ...second.lines].map(toSaid),
      summaries: [
        ...summaries.filter((one) => one.episode === first.title),
        ...summaries
          .filter((one) => one.episode === second.title)
          .map((one) => ({ ...one, start_turn: one.start_turn + later, end_turn: one.end_turn + later })),
      ],
    };
  });
}

function replayed(said: readonly Said[], maxTokens: number): Window {
  const conversation = conversationWith(policyOf({ maxTokens }));
  for (const { speaker, text } of said) {
    conversation.append({ role: 'user', name: speaker, content: text, toolCalls: null, toolCallId: null });
  }
  return conversation.window;
}

function linesOf(entry: Entry): readonly Said[] {
  if (entry.kind !== 'summary') return [{ speaker: entry.name ?? '', text: entry.content }];
  const { passages, names, subjects } = parseSummary(entry.content);
  return [
    ...passages.map(({ speaker, text }) => ({ speaker: speaker ?? '', text })),
    { speaker: '', text: [...names, ...subjects].join(', ') },
  ];
}

/** A sentence with its place in the play, so that a choice can be put back into its order. */
type Sentence = Said & Readonly<{ place: number }>;

/** The first of `ranked`, in the order of the play, so many as fit by `lengthOf`. */
function fitting(
  ranked: readonly Sentence[],
  characters: number,
  lengthOf: (said: readonly Said[]) => number,
): readonly Said[] {
  let [low, high] = [0, ranked.length];
  const first = (count: number) => ranked.slice(0, count).toSorted((a, b) => a.place - b.place);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (lengthOf(first(middle)) <= characters) low = middle;
    else high = middle - 1;
  }
  return first(low);
}

/** What sentences take as messages of a window, where names are not counted. */
function bareLength(said: readonly Said[]): number {
  return said.reduce((sum, { text }) => sum + text.length, 0);
}

/** Sentences as the text of a summary, in the form that ours has. */
function writtenOut(said: readonly Said[]): string {
  return said
    .map(({ speaker, text }, i) => (i > 0 && said[i - 1]!.speaker === speaker ? ` ${text}` : `\n${speaker}: ${text}`))
    .join('')
    .trimStart();
}

function sentences(said: readonly Said[]): readonly Sentence[] {
  return said
    .flatMap(({ speaker, text }) =>
      sentencesOf(text).map(({ start, end }) => ({ speaker, text: text.slice(start, end) })),
    )
    .map((one, place) => ({ ...one, place }));
}

/** A permutation that is the same on every machine (xorshift). */
function shuffled<T>(all: readonly T[], seed: number): readonly T[] {
  let state = seed * 2654435761;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return all
    .map((one) => ({ one, key: next() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

/** What a system leaves of a play: in the window, and as the summary of the turns that ours summarised. */
type Left = Readonly<{ window: readonly Said[]; summary: string }>;
type Ranking = (all: readonly Sentence[]) => readonly Sentence[];

/** Keeps what the ranking puts first of what was compacted, as much as our compaction left of it. */
function keeping(rank: Ranking, { compacted, verbatim, spare, summarised, summarySize }: Ours): Left {
  const inWindow = fitting(rank(sentences(compacted)), spare, bareLength);
  const inSummary = fitting(rank(sentences(summarised)), summarySize, (said) => writtenOut(said).length);
  return { window: [...inWindow, ...verbatim], summary: writtenOut(inSummary) };
}

type Ours = Readonly<{
  compacted: readonly Said[];
  verbatim: readonly Said[];
  /** Characters that our window spends on what was compacted. */
  spare: number;
  summarised: readonly Said[];
  summarySize: number;
}>;

const peers: Readonly<Record<string, readonly Ranking[]>> = {
  'keep the newest': [(all) => all.toReversed()],
  'lead-k': [(all) => all],
  'random sentences': RANDOM_SEEDS.map((seed) => (all) => shuffled(all, seed)),
};

function oursOf(play: Play, window: Window): Ours {
  const verbatim = window.entries.filter((entry) => entry.kind === 'message');
  const verbatimSeqs = new Set(verbatim.flatMap(seqsOf));
  const others = window.entries.filter((entry) => entry.kind !== 'message');
  const summaries = others.filter((entry) => entry.kind === 'summary');
  const size = (entries: readonly Entry[]) => entries.reduce((sum, entry) => sum + entry.content.length, 0);
  return {
    compacted: play.said.filter((_, i) => !verbatimSeqs.has(i + 1)),
    verbatim: verbatim.flatMap(linesOf),
    spare: size(others),
    summarised: summaries.flatMap(seqsOf).map((seq) => play.said[seq - 1]!),
    summarySize: size(summaries),
  };
}

function scored(left: Left, ours: Ours, reference: string): Scores {
  return { ...sharesLeft(factsOf(ours.compacted), left.window), ...rouge(left.summary, reference) };
}

function mean(all: readonly Scores[]): Scores {
  const of = (key: keyof Scores) => all.reduce((sum, one) => sum + one[key], 0) / all.length;
  return {
    names: of('names'),
    numbers: of('numbers'),
    rolls: of('rolls'),
    one: of('one'),
    two: of('two'),
    longest: of('longest'),
  };
}

function measured(play: Play, maxTokens: number): Readonly<Record<string, Scores>> {
  const window = replayed(play.said, maxTokens);
  const ours = oursOf(play, window);
  const summary = window.entries.filter((entry) => entry.kind === 'summary');
  const until = summary.flatMap(seqsOf).at(-1) ?? 0;
  const reference = play.summaries
    .filter((one) => one.end_turn < until)
    .map((one) => one.summary)
    .join('\n');
  const own = {
    window: window.entries.flatMap(linesOf),
    summary: summary.map((entry) => entry.content).join('\n'),
  };
  const others = Object.entries(peers).map(([name, rankings]) => [
    name,
    mean(rankings.map((rank) => scored(keeping(rank, ours), ours, reference))),
  ]);
  return { ours: scored(own, ours, reference), ...Object.fromEntries(others) };
}

const METRICS: Readonly<Record<keyof Scores, string>> = {
  names: 'names still in the window',
  numbers: 'numbers still in the window',
  rolls: 'dice results still in the window',
  one: 'ROUGE-1 F1',
  two: 'ROUGE-2 F1',
  longest: 'ROUGE-L F1',
};

function rowOf(maxTokens: number, metric: keyof Scores, results: ReadonlyMap<string, Scores>): Row {
  const ours = results.get('ours')![metric];
  const others = [...results].filter(([name]) => name !== 'ours');
  const best = Math.max(...others.map(([, scores]) => scores[metric]));
  return {
    work: `fidelity ${maxTokens / 1_000} k: ${METRICS[metric]}`,
    ours: ours.toFixed(3),
    peer: others.map(([name, scores]) => `${name} ${scores[metric].toFixed(3)}`).join(', '),
    ratio: (ours / best).toFixed(2),
    bar: 'above all of them',
    met: ours > best,
  };
}

export async function run(): Promise<Row[]> {
  // The sample is one short session, of which nobody has written a summary.
  if (!hasRealTranscripts) return [leftOut('fidelity', transcriptsInUse)];
  const all = plays();
  return BUDGETS.flatMap((maxTokens) => {
    const each = all.map((play) => measured(play, maxTokens));
    const names = Object.keys(each[0] ?? {});
    const results = new Map(names.map((name) => [name, mean(each.map((one) => one[name]!))]));
    return (Object.keys(METRICS) as (keyof Scores)[]).map((metric) => rowOf(maxTokens, metric, results));
  });
}

// biome-ignore lint/suspicious/noConsole: a bench talks to the terminal
if (import.meta.main) console.log(tableOf(await run()));
