/** How long tokens take to be counted: with our bound on hostile texts, and by the tokenizer alone. */
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { loadEstimator } from '../src/adapters/language-model/token-estimators.ts';
import { playTranscripts } from '../test/support/builders/transcripts.ts';
import { quick } from './options.ts';
import { type Row, tableOf } from './table.ts';

const ROUNDS = quick ? 5 : 21;
const WARM_UP_ROUNDS = 2;
const CHARACTERS = quick ? 500_000 : 2_000_000;
/** Prose has few texts that the bound is made for. */
const BAR = 1.3;

const AS_TEXT = { disallowedSpecial: new Set<string>() };

type Count = (text: string) => number;

/** Prose as it was spoken, in messages of about this many characters. */
function messagesOf(length: number): readonly string[] {
  const prose = playTranscripts()
    .flatMap(({ lines }) => lines.map(({ content }) => content))
    .join(' ')
    .slice(0, CHARACTERS);
  return Array.from({ length: Math.ceil(prose.length / length) }, (_, i) => prose.slice(i * length, (i + 1) * length));
}

function msOf(count: Count, texts: readonly string[]): number {
  const started = performance.now();
  for (const text of texts) count(text);
  return performance.now() - started;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Both in turn, so that what the machine does besides meets both. */
function rowFor(length: number, ours: Count): Row {
  const texts = messagesOf(length);
  const bare: Count = (text) => countTokens(text, AS_TEXT);
  const times = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => [msOf(ours, texts), msOf(bare, texts)] as const);
  const counted = times.slice(WARM_UP_ROUNDS);
  const [own, peer] = [median(counted.map(([ms]) => ms)), median(counted.map(([, ms]) => ms))];
  const total = texts.reduce((sum, { length: characters }) => sum + characters, 0);
  return {
    work: `tokens of ${(total / 1_000_000).toFixed(1)} M characters of prose in messages of ${length}, o200k_base`,
    ours: `${own.toFixed(1)} ms`,
    peer: `gpt-tokenizer ${peer.toFixed(1)} ms`,
    ratio: `${(own / peer).toFixed(2)}x`,
    bar: `${BAR}x`,
    met: own <= BAR * peer,
  };
}

export async function run(): Promise<Row[]> {
  const { size } = await loadEstimator('o200k_base');
  return [200, 4_000].map((length) => rowFor(length, size));
}

// biome-ignore lint/suspicious/noConsole: a bench talks to the terminal
if (import.meta.main) console.log(tableOf(await run()));
