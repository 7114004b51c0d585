/** A passage that was found, with everything by which it is cited. */
import type { DocumentId, PassageId, SourceId } from '#domain/shared/ids.ts';

export type FoundPassage = Readonly<{
  id: PassageId;
  documentId: DocumentId;
  source: Readonly<{ id: SourceId; title: string }>;
  /** "Monsters > Aboleth > Actions"; empty where no heading stands over it. */
  headingPath: string;
  /** What is printed on its page, or the page's number; null in a document without pages. */
  pageLabel: string | null;
  timeCode: string | null;
  text: string;
}>;
