/** Reads a document into passages that can be stored: with ids, digests and sizes. Plain data in and out. */
import { createHash } from 'node:crypto';
import type { DocumentKind } from '#domain/library/document.ts';
import type { Passage } from '#domain/library/passage.ts';
import { passagesOf } from '#domain/retrieval/passage.ts';
import type { PassageId } from '#domain/shared/ids.ts';
import { readDocument } from './read-document.ts';

type ReadPassage = Omit<Passage, 'documentId' | 'sourceId' | 'generation'>;

type Asked = Readonly<{ id: string; kind: DocumentKind; bytes: Uint8Array }>;

type ReadPassages = Readonly<{
  pages: number | null;
  notes: readonly string[];
  passages: readonly ReadPassage[];
}>;

/** The names by which `kindOf` finds the kind again that was found when the document came. */
const NAMES: Readonly<Record<DocumentKind, string>> = {
  pdf: '',
  docx: '',
  epub: '',
  html: 'document.html',
  xml: 'document.xml',
  vtt: '',
  srt: '',
  csv: 'document.csv',
  markdown: 'document.md',
  text: 'document.txt',
};
const ID_DIGITS = 32;

/** Throws as `readDocument` does. */
export async function readPassages(
  { id, kind, bytes }: Asked,
  tokensOf: (text: string) => number,
): Promise<ReadPassages> {
  const { blocks, notes, pages } = await readDocument({ bytes, name: NAMES[kind] });
  const counts = new Map<string, number>();
  const passages = passagesOf(blocks).map((draft): ReadPassage => {
    const sha256 = digestOf(draft.headingPath, draft.text);
    const count = (counts.get(sha256) ?? 0) + 1;
    counts.set(sha256, count);
    const own = digestOf(id, sha256, String(count)).slice(0, ID_DIGITS);
    return { ...draft, id: `psg_${own}` as PassageId, tokens: tokensOf(draft.text), sha256 };
  });
  return { pages, notes, passages };
}

/** No text has a NUL in it, so that none runs into the next. */
function digestOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}
