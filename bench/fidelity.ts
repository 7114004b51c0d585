/**
 * How much of what was compacted is still there, beside simpler ways to spend the same tokens, on transcripts that
 * nothing was tuned on. A row's figures are means over so many transcripts as it says in brackets, with their 95 %
 * intervals, and the difference from the best baseline; it is met at or above that, the last digit not counted.
 *
 * `--all` names every baseline in each row. `FIDELITY_HALF=tuning` measures on the other half, where constants are
 * tuned. `FIDELITY_WINDOWS=<folder>` writes ten windows of 4 k tokens for people to read.
 */
import { hasRealTranscripts, type Line, transcriptsInUse } from '../test/support/builders/transcripts.ts';
import { baselines } from './fidelity/baselines/baselines.ts';
import { mean } from './fidelity/bootstrap.ts';
import { type Result, rowsOf } from './fidelity/cells.ts';
import { chatSamples } from './fidelity/corpus/chats.ts';
import { playSamples } from './fidelity/corpus/play.ts';
import { talkSamples } from './fidelity/corpus/talk.ts';
import { half } from './fidelity/halves.ts';
import { keeping } from './fidelity/keeping.ts';
import type { Measure, Scores } from './fidelity/measures/scores.ts';
import { scoringOf } from './fidelity/measures/scores.ts';
import { replayed } from './fidelity/replay.ts';
import { type Sample, toSaid } from './fidelity/sample.ts';
import { indexOf, type Sentence } from './fidelity/sentence-index.ts';
import { writeWindow } from './fidelity/windows.ts';
import { all, quick } from './options.ts';
import { leftOut, type Row, tableOf } from './table.ts';

const READ_BUDGET = 4_000;
/** How many windows of each genre are written to be read. */
const READ = { play: 1, chats: 1, talk: 8 };

function meanOf(all: readonly Scores[]): Scores {
  const measures = Object.keys(all[0]!) as Measure[];
  return Object.fromEntries(measures.map((measure) => [measure, mean(all.map((one) => one[measure]!))]));
}

type Rankings = readonly (readonly [name: string, rankings: readonly (readonly Sentence[])[]])[];

function rankingsOf(lines: readonly Line[], language: string): Rankings {
  const index = indexOf(lines.map(toSaid), language);
  return Object.entries(baselines).map(([name, rankings]) => [name, rankings.map((rank) => rank(index))]);
}

function measured(sample: Sample, budgets: readonly number[]): readonly Result[] {
  // Where two budgets take the same messages, the rankings are the same.
  const known = new Map<number, Rankings>();
  return budgets.map((budget) => {
    const replay = replayed(sample, budget);
    const scored = scoringOf(sample, replay);
    const rankings = known.get(replay.lines.length) ?? rankingsOf(replay.lines, sample.language);
    known.set(replay.lines.length, rankings);
    const others = rankings.map(([name, each]) => [name, meanOf(each.map((one) => scored(keeping(one, replay))))]);
    return { sample, budget, scores: { ours: scored(replay.ours), ...Object.fromEntries(others) } };
  });
}

/** The first of each language of a genre, up to ten in all. */
function writeWindows(samples: readonly Sample[], folder: string): void {
  for (const [genre, count] of Object.entries(READ)) {
    const readable = samples.filter((sample) => sample.genre === genre && sample.budgets.includes(READ_BUDGET));
    const one = Map.groupBy(readable, ({ language }) => language);
    for (const [first] of [...one.values()].slice(0, count)) {
      writeWindow(folder, `${genre}-${first!.language}-${first!.title}`, replayed(first!, READ_BUDGET).window);
    }
  }
}

export async function run(): Promise<Row[]> {
  // The sample is one short session, of which nobody has written a summary.
  if (!hasRealTranscripts) return [leftOut('fidelity', transcriptsInUse)];
  const samples = [...playSamples(half), ...chatSamples(half), ...talkSamples(half)];
  const folder = process.env.FIDELITY_WINDOWS;
  if (folder !== undefined) writeWindows(samples, folder);
  const results = samples.flatMap((sample) =>
    measured(
      sample,
      sample.budgets.filter((budget) => !quick || budget === READ_BUDGET),
    ),
  );
  return [
    ...rowsOf(
      results.toSorted((a, b) => a.budget - b.budget),
      all,
    ),
  ];
}

// biome-ignore lint/suspicious/noConsole: a bench talks to the terminal
if (import.meta.main) console.log(tableOf(await run()));
