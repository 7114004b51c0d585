/**
 * A compaction beside the peers that only forget: same transcript, same tokens at the end; how long it takes, and what
 * is left.
 */

import { type CompactionJob, compact } from '../src/domain/conversations/compaction/chain.ts';
import { goalForAppend } from '../src/domain/conversations/compaction/compaction-plan.ts';
import { charsDiv4, sizeAtPct } from '../src/domain/conversations/usage.ts';
import { verbatim, type Window, windowOf } from '../src/domain/conversations/window.ts';
import { draftOf, policyOf, said } from '../test/support/builders/appending.ts';
import type { Turn } from './append/subject.ts';
import { namesIn, wordsIn } from './fidelity/measures/names.ts';
import { countedNumbersIn, numberPairsIn } from './fidelity/measures/numbers.ts';
import { shareOf } from './fidelity/measures/share.ts';
import type { Said } from './fidelity/sample.ts';
import { quick } from './options.ts';
import { median } from './rounds.ts';
import type { Row } from './table.ts';
import { langChain, limitFor, mastra, type Trimmer } from './trimming/trimmers.ts';
import { endless, turns as everything } from './turns.ts';

const BUDGETS = [16_000, 128_000];
const ROUNDS = quick ? 3 : 9;
/** What takes longer than this is measured once. */
const LONG_MS = 1_000;

type Result = Readonly<{ ms: number; left: readonly Said[] }>;
type Contender = Readonly<{ name: string; trim: () => Promise<Result> }>;

export async function run(): Promise<Row[]> {
  const rows: Row[] = [];
  for (const budget of BUDGETS) rows.push(...(await beside(budget)));
  return rows;
}

async function beside(maxTokens: number): Promise<Row[]> {
  const policy = policyOf({ maxTokens, maxEntries: 1_000_000 });
  const turns = turnsUpTo(sizeAtPct(policy.triggerPct, policy, charsDiv4));
  const job = { window: windowFor(turns), policy, goal: goalForAppend(policy, charsDiv4), appending: false };
  const ours: Contender = { name: 'ours', trim: () => timedCompaction(job) };
  const { size } = compact(job, charsDiv4, () => performance.now()).window;
  const peers = await contenders(turns, charsDiv4.tokens(size));
  const results = await interleaved([ours, ...peers]);
  const said = turns.map(({ text }) => text);
  const [names, numbers] = [namesIn(said), countedNumbersIn(said)];
  const say = ({ name }: Contender) => {
    const { ms, left } = results.get(name)!;
    const texts = left.map(({ text }) => text);
    const [ofNames, ofNumbers] = [shareOf(names, wordsIn(texts)), shareOf(numbers, numberPairsIn(texts))];
    return `${ms.toFixed(1)} ms, keeps ${percent(ofNames)} of names, ${percent(ofNumbers)} of numbers`;
  };
  const work = `${maxTokens / 1000}k window at its trigger, down to ${charsDiv4.tokens(size).toLocaleString('en')} tokens`;
  return peers.map((peer) => ({ work, ours: say(ours), peer: `${say(peer)} (${peer.name})` }));
}

function turnsUpTo(size: number): readonly Turn[] {
  const said: Turn[] = [];
  let sum = 0;
  for (const turn of endless(everything, (one, word) => ({ ...one, text: word + one.text }))) {
    said.push(turn);
    sum += charsDiv4.size(turn.text);
    if (sum >= size) break;
  }
  return said;
}

function windowFor(turns: readonly Turn[]): Window {
  const entries = turns.map(({ speaker, text }, index) =>
    verbatim(draftOf(said(text, { name: speaker }), charsDiv4), index + 1, false),
  );
  return windowOf(null, 0, entries);
}

async function timedCompaction(job: CompactionJob): Promise<Result> {
  const started = performance.now();
  const { window } = compact(job, charsDiv4, () => performance.now());
  const ms = performance.now() - started;
  return { ms, left: window.entries.map(({ name, content }) => ({ speaker: name ?? '', text: content })) };
}

async function contenders(turns: readonly Turn[], tokens: number): Promise<Contender[]> {
  const limit = await limitFor(mastra, turns, tokens);
  return [
    { name: '@langchain/core trimMessages', trim: () => timedTrim(langChain, turns, tokens) },
    { name: '@mastra/core TokenLimiterProcessor', trim: () => timedTrim(mastra, turns, limit) },
  ];
}

/** To make the transcript ready, as the peer wants it, does not count. */
async function timedTrim(trimmer: Trimmer, turns: readonly Turn[], limit: number): Promise<Result> {
  const trim = trimmer(turns);
  const started = performance.now();
  const left = await trim(limit);
  return { ms: performance.now() - started, left };
}

async function interleaved(all: readonly Contender[]): Promise<ReadonlyMap<string, Result>> {
  const results = new Map<string, Result[]>(all.map(({ name }) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, trim } of all) {
      const before = results.get(name)!;
      if (!before.some(({ ms }) => ms > LONG_MS)) before.push(await trim());
    }
  }
  return new Map([...results].map(([name, each]) => [name, middleOf(each)]));
}

function middleOf(results: readonly Result[]): Result {
  return { ms: median(results.map(({ ms }) => ms)), left: results[0]!.left };
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
