/** Reading a large PDF of two columns, set from the rules of a real game: time, memory, and whose pages are right. */
import { DocumentWorker } from '../../src/adapters/worker-threads/document-worker.ts';
import type { ReadPassage } from '../../src/application/library/documents/reading.ts';
import { type PdfText, pdf } from '../../test/support/documents/pdf.ts';
import { quick } from '../options.ts';
import type { Row } from '../table.ts';
import type { Section } from './srd.ts';

const PAGES = quick ? 60 : 500;
const WORKER = new URL('../../src/infrastructure/workers/document-worker.ts', import.meta.url);
const COLUMNS = [50, 330] as const;
const [TOP, LINE, LINES, CHARACTERS] = [80, 12, 55, 38] as const;
const [SIZE, HEADING_SIZE] = [10, 14] as const;
/** Pages with Roman numbers come first. */
const PREFACE = 10;
/** So many words of a passage tell where it begins. */
const TELLING = 6;
const [TIME_BAR_S, MEMORY_BAR_MB, PAGES_BAR] = [60, 400, 0.99] as const;
const MB = 1024 * 1024;
const SAMPLE_MS = 20;

type Line = Readonly<{ text: string; isHeading: boolean }>;

export async function largePdfRow(sections: readonly Section[]): Promise<Row> {
  const { bytes, words } = twoColumns(sections);
  const worker = new DocumentWorker({ workerScript: WORKER, workerData: 'chars_div_4' });
  try {
    // The worker is at rest once it has read something.
    await read(worker, pdf({ pages: [[{ x: 50, y: 80, size: SIZE, text: 'A door stands open.' }]] }));
    global.gc?.();
    const rest = process.memoryUsage.rss();
    let most = rest;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, SAMPLE_MS);
    const started = performance.now();
    const passages = await read(worker, bytes).finally(() => clearInterval(watch));
    const seconds = (performance.now() - started) / 1_000;
    const right = passages.filter((passage) => isRight(passage, words)).length / passages.length;
    const megabytes = (most - rest) / MB;
    return {
      work: `a PDF of ${PAGES} pages in two columns: ${passages.length} passages, memory above rest, pages that are right`,
      ours: `${seconds.toFixed(1)} s, ${megabytes.toFixed(0)} MB, ${(100 * right).toFixed(1)} %`,
      bar: `≤ ${TIME_BAR_S} s, ≤ ${MEMORY_BAR_MB} MB, ≥ ${100 * PAGES_BAR} %`,
      met: seconds <= TIME_BAR_S && megabytes <= MEMORY_BAR_MB && right >= PAGES_BAR,
    };
  } finally {
    await worker.close();
  }
}

async function read(worker: DocumentWorker, bytes: Buffer): Promise<readonly ReadPassage[]> {
  const file = { id: 'doc_large', kind: 'pdf', bytes: Uint8Array.from(bytes) } as const;
  const reading = await worker.read(file, new AbortController().signal);
  return Array.from({ length: reading.batches }, (_, at) => reading.batch(at)).flat();
}

/** Its bytes, and the words of each page. */
function twoColumns(sections: readonly Section[]): Readonly<{ bytes: Buffer; words: readonly string[] }> {
  const lines = linesOf(sections);
  const pages = Array.from({ length: PAGES }, (_, page) => pageOf(page, lines));
  const outline = pages.flatMap((texts, page) =>
    texts
      .filter(({ size }) => size === HEADING_SIZE)
      .map(({ text, y }) => ({ title: text, page, top: y - HEADING_SIZE })),
  );
  const labels = [
    { from: 0, style: 'r' },
    { from: PREFACE, style: 'D' },
  ] as const;
  return { bytes: pdf({ pages, outline, labels }), words: pages.map(wordsOf) };
}

function pageOf(page: number, lines: Iterator<Line, never>): readonly PdfText[] {
  const columns = COLUMNS.flatMap((x) => Array.from({ length: LINES }, (_, at) => ({ x, y: TOP + at * LINE })));
  const texts = columns.map(({ x, y }) => {
    const { text, isHeading } = lines.next().value as Line;
    return { x, y, size: isHeading ? HEADING_SIZE : SIZE, text };
  });
  return [
    { x: 50, y: 40, size: SIZE, text: 'The rules of the game' },
    ...texts.filter(({ text }) => text !== ''),
    { x: 300, y: 770, size: SIZE, text: labelOf(page) },
  ];
}

/** Over and over. */
function* linesOf(sections: readonly Section[]): Generator<Line, never> {
  for (;;)
    for (const { headingPath, text } of sections) {
      const heading = headingPath.split(' > ').at(-1)!.slice(0, 26);
      yield { text: '', isHeading: false };
      yield { text: plain(heading).trim() || 'A section', isHeading: true };
      yield { text: '', isHeading: false };
      for (const line of broken(plain(text))) yield { text: line, isHeading: false };
    }
}

function plain(text: string): string {
  return text.replace(/[^\x21-\x7e]+/g, ' ');
}

function broken(text: string): readonly string[] {
  const lines = [''];
  for (const word of text.split(' '))
    if (`${lines.at(-1)} ${word}`.length > CHARACTERS) lines.push(word.slice(0, CHARACTERS));
    else lines[lines.length - 1] = `${lines.at(-1)} ${word}`.trim();
  return lines;
}

function wordsOf(texts: readonly PdfText[]): string {
  return squeezed(texts.map(({ text }) => text).join(' '));
}

function squeezed(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, ' ');
}

function labelOf(page: number): string {
  const roman = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x'];
  return roman[page] ?? String(page - PREFACE + 1);
}

/** Where its first words stand on the page that it names, or begin there and go on. */
function isRight({ page, pageLabel, text }: ReadPassage, words: readonly string[]): boolean {
  if (page === null || pageLabel !== labelOf(page - 1)) return false;
  const first = squeezed(text).trim().split(' ').slice(0, TELLING);
  const [own, next] = [words[page - 1] ?? '', words[page] ?? ''];
  if (own.includes(first.join(' '))) return true;
  return first.some(
    (_, at) => at > 0 && own.includes(first.slice(0, at).join(' ')) && next.includes(first.slice(at).join(' ')),
  );
}
