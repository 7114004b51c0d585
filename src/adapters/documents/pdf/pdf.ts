/** Reads PDF: text in reading order, under its headings, with the page on which it begins. */
import { fileURLToPath } from 'node:url';
import { getDocument, type PDFDocumentProxy, VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { ReadBlock } from '#domain/retrieval/read-block.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { tooLarge, unreadable } from '../shared/refusals.ts';
import { linesOf } from './columns.ts';
import { headingSizes, outlinedHeadings, sizedHeadings } from './headings.ts';
import { type OutlineEntry, outlineOf } from './outline.ts';
import { Paragraphs } from './paragraphs.ts';
import { type PageSegments, withoutRunningHeads } from './running-heads.ts';
import { type Span, segmentsOf } from './segments.ts';

const PAGES_MAX = 5_000;
const CHARACTERS_MAX = 30_000_000;
const SPANS_MAX_OF_PAGE = 100_000;
/** What pages keep for drawing is given back after so many. */
const CLEAN_UP_PAGES = 50;
/** So many pages are named one by one. */
const NOTES_MAX = 50;

type Opened = Readonly<{
  pages: readonly PageSegments[];
  labels: readonly string[] | null;
  outline: readonly OutlineEntry[];
}>;

export async function readPdf(
  bytes: Uint8Array,
): Promise<Readonly<{ blocks: readonly ReadBlock[]; notes: readonly string[]; pages: number }>> {
  const { pages, labels, outline } = await opened(bytes);
  const lined = withoutRunningHeads(pages).map((page) => ({ ...page, lines: linesOf(page.segments) }));
  const sizes = outline.length > 0 ? [] : headingSizes(lined.flatMap(({ lines }) => lines));
  const entries = Object.groupBy(outline, ({ page }) => page);
  const paragraphs = new Paragraphs();
  for (const [index, { lines, height }] of lined.entries()) {
    const headings =
      outline.length > 0 ? outlinedHeadings(entries[index] ?? [], lines, height) : sizedHeadings(lines, sizes);
    paragraphs.page(lines, headings, { page: index + 1, pageLabel: labels?.[index] ?? null, timeCode: null });
  }
  return { blocks: paragraphs.finished(), notes: notesOf(pages), pages: pages.length };
}

async function opened(bytes: Uint8Array): Promise<Opened> {
  // The package takes the bytes away from whoever gives them.
  const task = getDocument({
    data: Uint8Array.from(bytes),
    verbosity: VerbosityLevel.ERRORS,
    isEvalSupported: false,
    useSystemFonts: false,
    disableFontFace: true,
    cMapUrl: fileURLToPath(new URL('../../cmaps/', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs'))),
    cMapPacked: true,
  });
  try {
    const document = await task.promise;
    if (document.numPages > PAGES_MAX) throw tooLarge('pages', PAGES_MAX);
    const pages = await pagesOf(document);
    return { pages, labels: await document.getPageLabels().catch(() => null), outline: await outlineOf(document) };
  } catch (error) {
    if (error instanceof DomainError) throw error;
    throw unreadable((error as Error).name === 'PasswordException' ? 'encrypted' : 'broken');
  } finally {
    await task.destroy();
  }
}

async function pagesOf(document: PDFDocumentProxy): Promise<readonly PageSegments[]> {
  const pages: PageSegments[] = [];
  let characters = 0;
  for (let number = 1; number <= document.numPages; number++) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    if (items.length > SPANS_MAX_OF_PAGE) throw tooLarge('elements', SPANS_MAX_OF_PAGE);
    const [left = 0, bottom = 0, , top = 0] = page.view;
    const spans = items.flatMap((item) => ('str' in item ? spanOf(item, left, top) : []));
    characters += spans.reduce((sum, { text }) => sum + text.length, 0);
    if (characters > CHARACTERS_MAX) throw tooLarge('characters', CHARACTERS_MAX);
    pages.push({ height: top - bottom, segments: segmentsOf(spans) });
    page.cleanup();
    if (number % CLEAN_UP_PAGES === 0) await document.cleanup();
  }
  return pages;
}

type TextItem = Readonly<{ str: string; transform: number[]; width: number }>;

function spanOf({ str, transform, width }: TextItem, left: number, top: number): Span | [] {
  const [, , c = 0, d = 0, x = 0, y = 0] = transform;
  if (!Number.isFinite(x) || !Number.isFinite(y)) return [];
  return { text: str, x: x - left, y: top - y, width, size: Math.hypot(c, d) };
}

function notesOf(pages: readonly PageSegments[]): readonly string[] {
  const empty = [...pages.entries()].filter(([, { segments }]) => segments.length === 0).map(([index]) => index + 1);
  const notes = empty.slice(0, NOTES_MAX).map((number) => `page ${number} has no text: scanned?`);
  return empty.length > NOTES_MAX ? [...notes, `${empty.length - NOTES_MAX} more pages have no text`] : notes;
}
