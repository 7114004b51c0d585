/**
 * Finding passages in the rules of a real game: how often, what is said to be in no book, how fast among a hundred
 * thousand, and that what somebody may not read changes nothing. On both databases, by the worker that a server has.
 */

import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isDeepStrictEqual } from 'node:util';
import { isAnsweredBy } from '../src/domain/retrieval/answering/coverage.ts';
import { extractedAnswer } from '../src/domain/retrieval/answering/extract.ts';
import type { UserId } from '../src/domain/shared/ids.ts';
import { beirRows } from './finding/beir.ts';
import { largePdfRow } from './finding/large-pdf.ts';
import { bareFts5 } from './finding/peer.ts';
import { openPostgres, openSqlite, type Place } from './finding/places.ts';
import { addBook, addReader, find, type Texts } from './finding/shelf.ts';
import {
  answers,
  isThere,
  measuredQuestions,
  ownQuestions,
  type Question,
  type Section,
  sectionsOfRules,
} from './finding/srd.ts';
import { aVector, embedAll, SPACE, scanRow } from './finding/vectors.ts';
import { quick } from './options.ts';
import { leftOut, type Row } from './table.ts';

const BOOKS = quick ? 10 : 50;
const PASSAGES_OF_BOOK = 2_000;
const ROUNDS = quick ? 1 : 3;
const SHOWN = 8;
const WARM_UP = 12;
const SEARCH_BAR_MS = 150;
const OTHERS_BAR_MS = 50;
const ANSWER_BAR_MS = 50;
const RULE_BAR = 1.3;
const NS_PER_MS = 1_000_000;

type Rules = Awaited<ReturnType<typeof sectionsOfRules>>;

export async function run(): Promise<Row[]> {
  if (!isThere) return [leftOut('finding in the rules of a game', 'no folder srd in TAVERNKEEP_TEST_DATA')];
  const rules = await sectionsOfRules();
  const rows = [...peerRows(rules), scanRow(), await largePdfRow([...rules.values()].flat())];
  for (const open of [openSqlite, openPostgres]) {
    rows.push(...(await inPlace(open, (place) => qualityRows(place, rules))));
    rows.push(...(await inPlace(open, (place) => entitledRows(place, rules))));
    rows.push(...(await inPlace(open, (place) => speedRows(place, rules))));
    rows.push(...(await beirRows(open)));
  }
  return rows;
}

async function inPlace(open: () => Promise<Place | null>, measure: (place: Place) => Promise<Row[]>): Promise<Row[]> {
  const place = await open();
  if (place === null) return [leftOut('the rows of PostgreSQL', 'none answers at TEST_POSTGRES_URL')];
  return measure(place).finally(() => place.close());
}

/** Where among what was found the first passage stands that answers; -1 for nowhere. */
function rankOf(found: readonly Readonly<{ text: string; file: string }>[], question: Question): number {
  return found.findIndex((one) => one.file === question.file && answers(one, question));
}

function shareWithin(ranks: readonly number[], first: number): number {
  return ranks.filter((rank) => rank >= 0 && rank < first).length / ranks.length;
}

function hitsRow(work: string, ranks: readonly number[], bars: readonly [first: number, bar: number][]): Row {
  const shares = bars.map(([first]) => `@${first} ${shareWithin(ranks, first).toFixed(3)}`);
  const bar = bars.map(([, least]) => `≥ ${least}`).join(', ');
  return { work, ours: shares.join(' '), bar, met: bars.every(([first, least]) => shareWithin(ranks, first) >= least) };
}

function peerRows(rules: Rules): Row[] {
  const search = bareFts5([...rules.values()].flat());
  const ranks = measuredQuestions().map((question) => rankOf(search(question.question, 20), question));
  const peer = [1, 5, 20].map((first) => `@${first} ${shareWithin(ranks, first).toFixed(3)}`).join(' ');
  return [{ work: '40 questions in other words, hits of a bare FTS5 index', ours: '', peer }];
}

async function qualityRows(place: Place, rules: Rules): Promise<Row[]> {
  const reader = await addReader(place);
  await addBook(place, rules, [reader]);
  const ask = (question: string, limit: number) => find(place, reader, question, limit);
  const questions = measuredQuestions();
  const ranks = await inTurn(questions, async (question) => {
    const { passages } = await ask(question.question, 20);
    return rankOf(
      passages.map(({ text, pageLabel }) => ({ text, file: pageLabel ?? '' })),
      question,
    );
  });
  const paths = [...new Set([...rules.values()].flat().map(({ headingPath }) => headingPath))].filter(Boolean);
  const known = await inTurn(paths, async (path) =>
    (await ask(path, 5)).passages.findIndex(({ headingPath }) => headingPath === path),
  );
  return [
    hitsRow(`${paths.length} known items by their path, ${place.name}`, known, [[5, 0.99]]),
    hitsRow(`40 questions in other words, ${place.name}`, ranks, [
      [5, 0.6],
      [20, 0.75],
    ]),
    await refusalRow(place, reader, questions),
    await answerRow(place, reader, questions),
  ];
}

async function refusalRow(place: Place, reader: UserId, questions: readonly Question[]): Promise<Row> {
  const shareRefused = async (asked: readonly string[]) => {
    const refused = await inTurn(asked, async (question) => {
      const { passages, words } = await find(place, reader, question, SHOWN);
      return !isAnsweredBy(passages, words);
    });
    return refused.filter(Boolean).length / asked.length;
  };
  const rightly = await shareRefused(ownQuestions('unanswerable-questions.jsonl'));
  const wrongly = await shareRefused(questions.map(({ question }) => question));
  return {
    work: `said to be in no book: of 40 that no book answers, and of 40 that it does, ${place.name}`,
    ours: `${(100 * rightly).toFixed(1)} %, ${(100 * wrongly).toFixed(1)} %`,
    bar: '≥ 70 %, ≤ 10 %',
    met: rightly >= 0.7 && wrongly <= 0.1,
  };
}

/** Beside it, the same for somebody who may read everything, of whom no licence is asked. */
async function answerRow(place: Place, reader: UserId, questions: readonly Question[]): Promise<Row> {
  const p95 = async (mayChangeSources: boolean) => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++)
      for (const { question } of questions) {
        const started = performance.now();
        const { passages, words } = await find(place, reader, question, SHOWN, { mayChangeSources });
        if (isAnsweredBy(passages, words)) extractedAnswer(passages, words);
        times.push(performance.now() - started);
      }
    return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] as number;
  };
  await p95(false);
  const [ours, free] = [await p95(false), await p95(true)];
  return {
    work: `find and answer from the books’ own sentences, p95, beside whoever needs no licence, ${place.name}`,
    ours: `${ours.toFixed(1)} ms`,
    peer: `${free.toFixed(1)} ms`,
    ratio: `${(ours / free).toFixed(2)}×`,
    bar: `≤ ${ANSWER_BAR_MS} ms, ≤ ${RULE_BAR}×`,
    met: ours <= ANSWER_BAR_MS && ours / free <= RULE_BAR,
  };
}

/** What a reader of every second book is shown, beside a library that has only those. */
async function entitledRows(place: Place, rules: Rules): Promise<Row[]> {
  const reader = await addReader(place);
  const halves = [...rules].map((entry, at) => [entry, at % 2 === 0] as const);
  const mine = halves.filter(([, isMine]) => isMine).map(([entry]) => entry);
  await addBook(place, mine, [reader]);
  const questions = measuredQuestions().map(({ question }) => question);
  const texts = () => inTurn(questions, async (question) => textsOf(await find(place, reader, question, 20)));
  const alone = await texts();
  await addBook(
    place,
    halves.filter(([, isMine]) => !isMine).map(([entry]) => entry),
    [],
  );
  const beside = await texts();
  const readable = new Set(mine.flatMap(([, sections]) => sections.map(({ text }) => text)));
  const leaks = beside.flat().filter((text) => !readable.has(text)).length;
  const different = beside.filter((found, at) => !isDeepStrictEqual(found, alone[at])).length;
  return [
    {
      work: `half of the books may not be read: leaks, and questions with other results than without them, ${place.name}`,
      ours: `${leaks}, ${different}`,
      bar: '0, 0',
      met: leaks === 0 && different === 0,
    },
  ];
}

function textsOf({ passages }: Readonly<{ passages: readonly Readonly<{ text: string }>[] }>): readonly string[] {
  return passages.map(({ text }) => text);
}

async function speedRows(place: Place, rules: Rules): Promise<Row[]> {
  const [one, all] = [await addReader(place), await addReader(place)];
  const sections = [...rules.values()].flat();
  for (let book = 0; book < BOOKS; book++)
    await addBook(place, [[`Book ${book}`, bookOf(sections, book)]], book === 0 ? [one, all] : [all]);
  const passages = (BOOKS * PASSAGES_OF_BOOK).toLocaleString('en');
  const [few, many] = [`1 of ${BOOKS} books may be read`, 'all may be read'];
  const rows = [
    await timesRow(place, one, `find among ${passages} passages, ${few}, p95 (loop p99)`),
    await timesRow(place, all, `find among ${passages} passages, ${many}, p95 (loop p99)`),
  ];
  await embedAll(place);
  return [
    ...rows,
    await timesRow(place, one, `the same by vectors of ${SPACE.dimension} too, ${few}, p95 (loop p99)`, true),
    await timesRow(place, all, `the same by vectors of ${SPACE.dimension} too, ${many}, p95 (loop p99)`, true),
  ];
}

/** Other books have other words beside those of the rules. */
function bookOf(sections: readonly Section[], book: number): Texts {
  return Array.from({ length: PASSAGES_OF_BOOK }, (_, place) => {
    const { headingPath, text } = sections[(place + book * 37) % sections.length] as Section;
    const words = text.split(' ').map((word, at) => ((at * 7 + book) % 11 === 0 ? `${word}${book}` : word));
    return { headingPath, text: words.join(' ') };
  });
}

/** After the first ones, by which the worker reads what it keeps. */
async function timesRow(place: Place, reader: UserId, work: string, byMeaning = false): Promise<Row> {
  const questions = measuredQuestions().map(({ question }) => question);
  const meaning = () => (byMeaning ? { model: SPACE.model, vector: aVector(), fusion: 'minmax' as const } : null);
  for (const question of questions.slice(0, WARM_UP))
    await find(place, reader, question, SHOWN, { meaning: meaning() });
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++)
    for (const question of questions) {
      const asked = { meaning: meaning() };
      const started = performance.now();
      await find(place, reader, question, SHOWN, asked);
      times.push(performance.now() - started);
    }
  loop.disable();
  const p95 = times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] as number;
  const held = loop.percentile(99) / NS_PER_MS;
  return {
    work: `${work}, ${place.name}`,
    ours: `${p95.toFixed(0)} ms (${held.toFixed(0)} ms)`,
    bar: `≤ ${SEARCH_BAR_MS} ms (< ${OTHERS_BAR_MS} ms)`,
    met: p95 <= SEARCH_BAR_MS && held < OTHERS_BAR_MS,
  };
}

async function inTurn<T, Result>(all: readonly T[], work: (one: T) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const one of all) results.push(await work(one));
  return results;
}
