/** How long the compaction of a full window takes, from its trigger to its target. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { compact } from '../src/domain/conversations/compaction/chain.ts';
import { goalForAppend } from '../src/domain/conversations/compaction/compaction-plan.ts';
import { charsDiv4, type Estimator, sizeAtPct } from '../src/domain/conversations/usage.ts';
import { type Entry, verbatim, type Window, windowOf } from '../src/domain/conversations/window.ts';
import { draftOf, policyOf } from '../test/support/builders/appending.ts';
import {
  chatTranscripts,
  hasRealTranscripts,
  type Line,
  playTranscripts,
  transcriptsInUse,
} from '../test/support/builders/transcripts.ts';
import { quick } from './options.ts';
import { leftOut, type Row, tableOf } from './table.ts';
import { endless } from './turns.ts';

const BARS_MS: Readonly<Record<number, number>> = { 16000: 8, 128000: 60, 1000000: 600 };
const ROUNDS = quick ? 3 : 21;
/** A server that compacts has compacted before. */
const WARM_UP_ROUNDS = quick ? 1 : 5;

const o200k: Estimator = {
  name: 'o200k_base',
  size: (text) => encode(text, { disallowedSpecial: new Set() }).length,
  tokens: (size) => size,
  sizeOfTokens: (tokens) => tokens,
};

type Load = Readonly<{ name: string; lines: readonly Line[] }>;

/** Policy without the limit on entries, which would end a window of short turns before its budget does. */
function policyFor(maxTokens: number) {
  return policyOf({ maxTokens, maxEntries: Number.MAX_SAFE_INTEGER });
}

/** A window at its trigger. */
function fullWindow({ lines }: Load, maxTokens: number, estimator: Estimator): Window {
  const trigger = sizeAtPct(80, policyFor(maxTokens), estimator);
  const entries: Entry[] = [];
  let size = 0;
  for (const line of endless(lines, (one, word) => ({ ...one, content: word + one.content }))) {
    const entry = verbatim(draftOf(line, estimator), entries.length + 1, false);
    entries.push(entry);
    size += entry.size;
    if (size >= trigger) break;
  }
  return windowOf(null, 0, entries);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function medianMs(window: Window, maxTokens: number, estimator: Estimator): number {
  const policy = policyFor(maxTokens);
  const job = { window, policy, goal: goalForAppend(policy, estimator), appending: true };
  const times = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => {
    const started = performance.now();
    compact(job, estimator, () => performance.now());
    return performance.now() - started;
  });
  return median(times.slice(WARM_UP_ROUNDS));
}

function rowsOf(load: Load, estimator: Estimator): Row[] {
  const budgets = Object.keys(BARS_MS).map(Number);
  const times = budgets.map((maxTokens) => medianMs(fullWindow(load, maxTokens, estimator), maxTokens, estimator));
  return budgets.map((maxTokens, i) => {
    const bar = BARS_MS[maxTokens]!;
    const growth = i === 0 ? null : (times[i]! / times[i - 1]!) * (budgets[i - 1]! / maxTokens);
    return {
      work: `compaction of ${maxTokens / 1_000} k tokens of ${load.name}, ${estimator.name}`,
      ours: `${times[i]!.toFixed(1)} ms`,
      ...(growth === null ? {} : { ratio: `${growth.toFixed(2)}x per token of the size before` }),
      bar: `${bar} ms`,
      met: times[i]! <= bar,
    };
  });
}

export async function run(): Promise<Row[]> {
  const play = { name: 'play', lines: playTranscripts().flatMap(({ lines }) => lines) };
  const chat = { name: 'chats with tools', lines: chatTranscripts().flatMap(({ lines }) => lines) };
  const chatRows = hasRealTranscripts
    ? rowsOf(chat, charsDiv4)
    : [leftOut('compaction of chats with tools', transcriptsInUse)];
  return [...rowsOf(play, charsDiv4), ...chatRows, ...rowsOf(play, o200k)];
}

// biome-ignore lint/suspicious/noConsole: a bench talks to the terminal
if (import.meta.main) console.log(tableOf(await run()));
