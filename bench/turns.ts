/** The turns that the measurements use: of real sessions at a table, or of our own sample if those are absent. */
import { playTranscripts } from '../test/support/builders/transcripts.ts';
import type { Turn } from './append/subject.ts';

/** Turns in order, session after session. */
export const turns: readonly Turn[] = playTranscripts().flatMap(({ lines }) =>
  lines.map(({ name, content }) => ({ speaker: name ?? 'unknown', text: content })),
);

/** Repeats turns without end, with another first word in each round: equal turns would be folded as repetitions. */
export function* endless<One>(all: readonly One[], startWith: (one: One, word: string) => One): Generator<One> {
  if (all.length === 0) throw new Error('There are no turns to repeat.');
  yield* all;
  for (let round = 2; ; round++) for (const one of all) yield startWith(one, `${round}: `);
}

/** What is said, cut into texts of so many characters. */
export function textsOf(characters: number, count: number): string[] {
  const said = turns.map(({ text }) => text).join(' ');
  const starts = Array.from({ length: count }, (_, index) => (index * characters) % (said.length - characters));
  return starts.map((start) => said.slice(start, start + characters).toWellFormed());
}
