/** Played sessions: each with the next of its half, in one thread, and what people wrote about them. */
import { humanSummaries, playTranscripts, type Transcript } from '../../../test/support/builders/transcripts.ts';
import { type Half, halfOf } from '../halves.ts';
import type { Reference, Sample } from '../sample.ts';

const BUDGETS = [4_000, 16_000, 64_000];

function referencesOf(session: Transcript, offset: number): readonly Reference[] {
  return humanSummaries()
    .filter(({ episode }) => episode === session.title)
    .map(({ start_turn, end_turn, summary }) => ({
      startTurn: start_turn + offset,
      endTurn: end_turn + offset,
      summary,
    }));
}

function together(first: Transcript, second: Transcript): Sample {
  return {
    title: `${first.title}+${second.title}`,
    genre: 'play',
    language: 'en',
    lines: [...first.lines, ...second.lines],
    budgets: BUDGETS,
    references: [...referencesOf(first, 0), ...referencesOf(second, first.lines.length)],
    planted: [],
  };
}

export function playSamples(half: Half): readonly Sample[] {
  const sessions = halfOf(playTranscripts(), half);
  return sessions.map((session, i) => together(session, sessions[(i + 1) % sessions.length]!));
}
