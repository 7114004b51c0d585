/** What is kept of an answer from the library: its text, and what it cites. */
import type { FoundPassage } from '#domain/retrieval/finding/found-passage.ts';
import type { Citation } from './citations.ts';

/** What is answered where no book does. */
export const NOT_IN_YOUR_BOOKS = 'This is not in your books.';

/** What the library answers in a conversation. */
export type SourcedAnswer = Readonly<{
  /** Null where the passages do not answer. */
  answer: string | null;
  /** Numbers of passages, from 1. */
  cited: readonly number[];
  passages: readonly FoundPassage[];
  writtenBy: 'books' | 'model' | null;
  leftOut: number;
}>;

/** In the words of the API, as `Citation` is. */
type SourcedMetadata = Readonly<{
  citations: readonly Citation[];
  written_by: 'books' | 'model' | null;
  left_out: number;
  reason?: 'not_in_your_books';
}>;

export function sourcedMetadata({ answer, cited, passages, writtenBy, leftOut }: SourcedAnswer): SourcedMetadata {
  return {
    citations: cited.map((number) => citationOf(passages[number - 1]!, number)),
    written_by: writtenBy,
    left_out: leftOut,
    ...(answer === null && { reason: 'not_in_your_books' as const }),
  };
}

function citationOf(passage: FoundPassage, number: number): Citation {
  const { id, documentId, source, headingPath, pageLabel, timeCode } = passage;
  return {
    number,
    passage_id: id,
    document_id: documentId,
    source: { id: source.id, title: source.title },
    heading_path: headingPath,
    page_label: pageLabel,
    time_code: timeCode,
  };
}
