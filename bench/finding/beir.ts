/** Collections that others are measured on: nDCG@10 of what is found, where the folders are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftOut, type Row } from '../table.ts';
import type { Place } from './places.ts';
import { addBook, addReader, find } from './shelf.ts';

const FOLDER = process.env.TAVERNKEEP_BEIR;
const FIRST = 10;
/** Each with what Lucene's BM25 comes to, and what will do. */
const SETS = [
  { name: 'nfcorpus', lucene: 0.322, bar: 0.32 },
  { name: 'scifact', lucene: 0.679, bar: 0.68 },
] as const;

type Judged = ReadonlyMap<string, ReadonlyMap<string, number>>;

export async function beirRows(open: () => Promise<Place | null>): Promise<Row[]> {
  const rows: Row[] = [];
  for (const set of SETS) {
    const folder = FOLDER === undefined ? '' : join(FOLDER, set.name);
    const work = `${set.name}: nDCG@10`;
    if (folder === '' || !existsSync(folder)) rows.push(leftOut(work, `no folder ${set.name} in TAVERNKEEP_BEIR`));
    else rows.push(...(await measured(open, work, folder, set)));
  }
  return rows;
}

async function measured(
  open: () => Promise<Place | null>,
  work: string,
  folder: string,
  { lucene, bar }: (typeof SETS)[number],
): Promise<Row[]> {
  const place = await open();
  if (place === null) return [];
  try {
    const reader = await addReader(place);
    const documents = lines<{ _id: string; title: string; text: string }>(join(folder, 'corpus.jsonl'));
    const texts = documents.map(({ _id, title, text }) => ({ headingPath: title, text: `${text}\n\n${markOf(_id)}` }));
    await addBook(place, [['corpus', texts]], [reader]);
    const queries = lines<{ _id: string; text: string }>(join(folder, 'queries.jsonl'));
    const judged = judgementsIn(join(folder, 'qrels/test.tsv'));
    let sum = 0;
    for (const { _id, text } of queries) {
      const wanted = judged.get(_id);
      if (wanted === undefined) continue;
      const { passages } = await find(place, reader, text, FIRST);
      sum += gain(
        passages.map(({ text: found }) => wanted.get(idIn(found)) ?? 0),
        [...wanted.values()],
      );
    }
    const ours = sum / judged.size;
    const peer = `Lucene BM25: ${lucene}`;
    return [{ work: `${work}, ${place.name}`, ours: ours.toFixed(3), peer, bar: `≥ ${bar}`, met: ours >= bar }];
  } finally {
    await place.close();
  }
}

/** By which a passage is told apart: nothing that a query has. */
function markOf(id: string): string {
  return `(${id})`;
}

function idIn(text: string): string {
  return /\(([^()]*)\)$/u.exec(text)?.[1] ?? '';
}

function gain(found: readonly number[], judged: readonly number[]): number {
  const ideal = discounted(judged.toSorted((a, b) => b - a).slice(0, FIRST));
  return ideal === 0 ? 0 : discounted(found) / ideal;
}

function discounted(grades: readonly number[]): number {
  return grades.reduce((sum, grade, place) => sum + grade / Math.log2(place + 2), 0);
}

function lines<T>(file: string): readonly T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function judgementsIn(file: string): Judged {
  const judged = new Map<string, Map<string, number>>();
  for (const line of readFileSync(file, 'utf8').trim().split('\n').slice(1)) {
    const [query, document, grade] = line.split('\t') as [string, string, string];
    judged.set(query, (judged.get(query) ?? new Map()).set(document, Number(grade)));
  }
  return judged;
}
