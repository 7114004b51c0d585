/** What fidelity is measured on: transcripts of three genres, and what can be looked for in their windows. */
import type { Line } from '../../test/support/builders/transcripts.ts';

type Genre = 'play' | 'chats' | 'talk';

/** What someone says in a transcript or in a window. */
export type Said = Readonly<{ speaker: string; text: string }>;

/** What somebody wrote about a range of turns, both ends included, counted from 0. */
export type Reference = Readonly<{ startTurn: number; endTurn: number; summary: string }>;

/** A fact that was said once, in the turn `turn` (from 0): it is left where one passage has all words of `answer`. */
export type PlantedFact = Readonly<{ turn: number; answer: readonly string[] }>;

export type Sample = Readonly<{
  title: string;
  genre: Genre;
  /** BCP 47. */
  language: string;
  lines: readonly Line[];
  /** In tokens: the budgets at which the sample is replayed. */
  budgets: readonly number[];
  references: readonly Reference[];
  planted: readonly PlantedFact[];
}>;

export function toSaid(line: Line): Said {
  return { speaker: line.name ?? line.role, text: line.content };
}
