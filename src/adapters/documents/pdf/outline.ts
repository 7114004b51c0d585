/** Reads the outline of a PDF: which heading begins on which page. */
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** `page` counts from 0. `top` is in points from the lower edge, as PDF has it, or null where it leads to a page. */
export type OutlineEntry = Readonly<{ title: string; level: number; page: number; top: number | null }>;

type Item = Awaited<ReturnType<PDFDocumentProxy['getOutline']>>[number];

const LEVEL_MAX = 9;
const ENTRIES_MAX = 20_000;

/** Entries that lead nowhere are left out. */
export async function outlineOf(document: PDFDocumentProxy): Promise<readonly OutlineEntry[]> {
  const entries: OutlineEntry[] = [];
  await gather(document, (await document.getOutline().catch(() => null)) ?? [], 1, entries);
  return entries;
}

async function gather(document: PDFDocumentProxy, items: readonly Item[], level: number, entries: OutlineEntry[]) {
  for (const item of items) {
    if (entries.length >= ENTRIES_MAX) return;
    const target = await targetOf(document, item.dest);
    const title = item.title.replace(/\s+/gu, ' ').trim();
    if (target !== undefined && title !== '') entries.push({ title, level, ...target });
    if (level < LEVEL_MAX) await gather(document, item.items, level + 1, entries);
  }
}

async function targetOf(document: PDFDocumentProxy, dest: Item['dest']) {
  try {
    const explicit = typeof dest === 'string' ? await document.getDestination(dest) : dest;
    const [page, , , top] = explicit ?? [];
    const index = typeof page === 'number' ? page : await document.getPageIndex(page);
    return { page: index, top: typeof top === 'number' ? top : null };
  } catch {
    return undefined;
  }
}
