/** Declares every refusal of the retrieval context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const retrievalErrors = {
  passageNotFound: refusal('not_found', 'passage_not_found', 'There is no such passage.'),
  documentTooLarge: refusal('too_large', 'document_too_large', 'The document is larger than what can be read.'),
  unsupportedDocument: refusal(
    'unsupported',
    'unsupported_document',
    'This is no document that can be read. Send PDF, DOCX, EPUB, HTML, Markdown, text, VTT, SRT, CSV, XML or ZIP.',
  ),
  unreadable: refusal('unreadable', 'unreadable', 'The document cannot be read: it is empty, broken or encrypted.'),
};
