/** Passages: what is found in a document, and cited. */
import type { DocumentId, PassageId, SourceId } from '#domain/shared/ids.ts';

export type Passage = Readonly<{
  /**
   * Made of the document, the passage's `sha256`, and the how-manieth with that one it is: a citation outlives a
   * reading that finds the same text.
   */
  id: PassageId;
  documentId: DocumentId;
  sourceId: SourceId;
  /** It serves as long as this is its document's. */
  generation: number;
  /** Counts from 1, in reading order. */
  ordinal: number;
  /** "Monsters > Aboleth > Actions"; empty where no heading stands over it. */
  headingPath: string;
  /** Counts from 1; null in a document without pages. */
  page: number | null;
  /** What is printed on the page, "xii" for instance. */
  pageLabel: string | null;
  /** When it is said, as hours, minutes and seconds: "00:12:05". */
  timeCode: string | null;
  text: string;
  /** Approximately, by the estimator that was configured when it was read. */
  tokens: number;
  /** Of heading path and text, in hexadecimal. */
  sha256: string;
}>;
