/** What is said in the measurements: turns of real sessions at a table, or of our own sample where those are absent. */
import { playTranscripts } from '../test/support/builders/transcripts.ts';
import type { Turn } from './append/subject.ts';

/** Turns in order, session after session. */
export const turns: readonly Turn[] = playTranscripts().flatMap(({ lines }) =>
  lines.map(({ name, content }) => ({ speaker: name ?? 'unknown', text: content })),
);

/** What is said, cut into texts of so many characters. */
export function textsOf(characters: number, count: number): string[] {
  const said = turns.map(({ text }) => text).join(' ');
  const starts = Array.from({ length: count }, (_, index) => (index * characters) % (said.length - characters));
  return starts.map((start) => said.slice(start, start + characters).toWellFormed());
}
