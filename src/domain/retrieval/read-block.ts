/** What the reader of a document yields, in reading order: headings, paragraphs and tables, as plain data. */

/** Where in a document something stands. What a kind of document does not have is null. */
export type Place = Readonly<{
  /** Counts from 1. */
  page: number | null;
  /** What is printed on the page, "xii" for instance. */
  pageLabel: string | null;
  /** When it is said, as hours, minutes and seconds: "00:12:05". */
  timeCode: string | null;
}>;

/** The place in a document without pages or times. */
export const NO_PLACE: Place = { page: null, pageLabel: null, timeCode: null };

/** `level` counts from 1, the uppermost. */
export type HeadingBlock = Readonly<{ kind: 'heading'; level: number; text: string; place: Place }>;

/** Lines of a paragraph, as of a list or of code, are divided by line breaks. */
export type ParagraphBlock = Readonly<{ kind: 'paragraph'; text: string; place: Place }>;

/** `header` is empty where a table has none. */
export type TableBlock = Readonly<{
  kind: 'table';
  header: readonly string[];
  rows: readonly (readonly string[])[];
  place: Place;
}>;

export type ContentBlock = ParagraphBlock | TableBlock;
export type ReadBlock = HeadingBlock | ContentBlock;
