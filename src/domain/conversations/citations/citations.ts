/**
 * What an answer of the language model cites of the library, as its message's metadata keep it: from the documents that
 * it stands on everything else follows.
 */
import { type DocumentId, ID_PREFIXES } from '#domain/shared/ids.ts';
import type { Message } from '../message.ts';

/** In the words of the API, because the metadata are shown as they are stored. */
export type Citation = Readonly<{
  /** As in `[number]`. */
  number: number;
  passage_id: string;
  document_id: string;
  source: Readonly<{ id: string; title: string }>;
  heading_path: string;
  page_label: string | null;
  time_code: string | null;
}>;

/** What is shown of a citation to whoever may not read it. */
type HiddenCitation = Readonly<{ number: number | null; note: typeof HIDDEN_NOTE }>;

export const HIDDEN_NOTE = 'a source you can no longer read';

type Citing = Pick<Message, 'role' | 'authorId' | 'metadata'>;

const DOCUMENT = new RegExp(`^${ID_PREFIXES.document}_[\\w-]{1,60}$`, 'u');

/** Whether a message is an answer that cites; what people append has what they like in their metadata. */
export function citesLibrary({ role, authorId, metadata }: Citing): boolean {
  return role === 'assistant' && authorId === null && typeof metadata.reply_id === 'string' && cited(metadata) !== null;
}

/**
 * The documents that an answer stands on, each once; null among them for what names none, such as a citation that was
 * hidden when its message was exported.
 */
export function citedDocuments(message: Citing): readonly (DocumentId | null)[] {
  return citesLibrary(message) ? [...new Set(cited(message.metadata)!.map(documentOf))] : [];
}

/** Whether all that an answer stands on may be read. */
export function isReadable(message: Citing, readable: ReadonlySet<DocumentId>): boolean {
  return citedDocuments(message).every((id) => id !== null && readable.has(id));
}

/** The message with no more of its citations than their numbers where they stand on what may not be read. */
export function withReadableCitations<Shown extends Citing>(message: Shown, readable: ReadonlySet<DocumentId>): Shown {
  if (!citesLibrary(message)) return message;
  const shown = cited(message.metadata)!.map((citation) => {
    const id = documentOf(citation);
    return id !== null && readable.has(id) ? citation : hidden(citation);
  });
  return { ...message, metadata: { ...message.metadata, citations: shown } };
}

/** The message for whoever may read it, whatever they may read of the library: its citations are numbers alone. */
export function withCitationNumbers<Shown extends Citing>(message: Shown): Shown {
  if (!citesLibrary(message)) return message;
  const numbers = cited(message.metadata)!.map((citation) => ({ number: hidden(citation).number }));
  return { ...message, metadata: { ...message.metadata, citations: numbers } };
}

function cited({ citations }: Message['metadata']): readonly unknown[] | null {
  return Array.isArray(citations) && citations.length > 0 ? citations : null;
}

function documentOf(citation: unknown): DocumentId | null {
  const id = fieldOf(citation, 'document_id');
  return typeof id === 'string' && DOCUMENT.test(id) ? (id as DocumentId) : null;
}

function hidden(citation: unknown): HiddenCitation {
  const number = fieldOf(citation, 'number');
  return { number: typeof number === 'number' ? number : null, note: HIDDEN_NOTE };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
