/** Every measure of a window: shares from 0 to 1 of what was compacted, and the summary against human ones. */
import type { Line } from '../../../test/support/builders/transcripts.ts';
import type { Left, Replay } from '../replay.ts';
import type { Sample } from '../sample.ts';
import { datesIn } from './dates.ts';
import { hasCapitalisedNames, namesIn, wordsIn } from './names.ts';
import { countedNumbersIn, numberPairsIn } from './numbers.ts';
import { plantedLeft } from './planted.ts';
import { rougeAgainst } from './rouge.ts';
import { shareOf } from './share.ts';
import { tellingTurns, turnsLeft } from './turns.ts';

export const MEASURES = {
  names: 'names',
  humanNames: 'names that people wrote down, without the index',
  numbers: 'numbers with a word beside them',
  dates: 'dates',
  rouge1: 'ROUGE-1 F1',
  rouge2: 'ROUGE-2 F1',
  rougeL: 'ROUGE-L F1',
  turns: 'turns with a telling sentence left',
  userTurns: "users' turns with a telling sentence left",
  planted: 'planted facts',
} as const;

export type Measure = keyof typeof MEASURES;
/** What has nothing to be looked for is not measured. */
export type Scores = Readonly<Partial<Record<Measure, number>>>;
type Scoring = (left: Left) => Scores;

type Share = (texts: readonly string[], left: Left) => number;

/** Finds what there is to look for, once for all systems. */
export function scoringOf(sample: Sample, replay: Replay): Scoring {
  const compacted = replay.lines.filter((_, turn) => replay.isCompacted[turn]);
  const references = referenceOf(sample, replay);
  const shares: Partial<Record<Measure, Share>> = {
    ...factShares(compacted, sample.language),
    ...turnShares(compacted, sample),
    ...plantedShare(sample, replay),
    ...humanNameShare(references),
  };
  const rouge = references === '' ? null : rougeAgainst(references);
  return (left) => {
    const texts = left.passages.map(({ text }) => text);
    const scores = Object.entries(shares).map(([measure, share]) => [measure, share(texts, left)]);
    return { ...Object.fromEntries(scores), ...(rouge === null ? {} : rouge(left.summary)) };
  };
}

/** What people wrote of the turns that are in the summary, those that they wrote of to the end. */
function referenceOf({ references }: Sample, { isSummarised }: Replay): string {
  const until = isSummarised.lastIndexOf(true);
  return references
    .filter(({ endTurn }) => endTurn <= until)
    .map(({ summary }) => summary)
    .join('\n');
}

function factShares(compacted: readonly Line[], language: string): Partial<Record<Measure, Share>> {
  const texts = compacted.map(({ content }) => content);
  const [numbers, dates] = [countedNumbersIn(texts), datesIn(texts)];
  const names = hasCapitalisedNames(language) ? namesIn(texts) : new Set<string>();
  return {
    ...(names.size > 0 && { names: (left, { index }) => shareOf(names, wordsIn([...left, index])) }),
    ...(numbers.size > 0 && { numbers: (left) => shareOf(numbers, numberPairsIn(left)) }),
    ...(dates.size > 0 && { dates: (left) => shareOf(dates, datesIn(left)) }),
  };
}

function humanNameShare(references: string): Partial<Record<Measure, Share>> {
  const names = namesIn([references]);
  return names.size === 0 ? {} : { humanNames: (left) => shareOf(names, wordsIn(left)) };
}

function turnShares(compacted: readonly Line[], { genre, language }: Sample): Partial<Record<Measure, Share>> {
  const said = (lines: readonly Line[]) => tellingTurns(contentsOf(lines), language);
  const turns = said(compacted.filter(({ role }) => role !== 'system'));
  const users = genre === 'chats' ? said(compacted.filter(({ role }) => role === 'user')) : [];
  return {
    ...(turns.length > 0 && { turns: (left) => turnsLeft(turns, left) / turns.length }),
    ...(users.length > 0 && { userTurns: (left) => turnsLeft(users, left) / users.length }),
  };
}

function contentsOf(lines: readonly Line[]): readonly string[] {
  return lines.map(({ content }) => content);
}

function plantedShare({ planted, language }: Sample, replay: Replay): Partial<Record<Measure, Share>> {
  const facts = planted.filter(({ turn }) => replay.isCompacted[turn]);
  return facts.length === 0 ? {} : { planted: (left) => plantedLeft(facts, left, language) / facts.length };
}
