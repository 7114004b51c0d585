/** Why a document is refused: what is wrong with it, and what to do. */
import { retrievalErrors } from '#domain/retrieval/errors.ts';
import type { DomainError } from '#domain/shared/domain-error.ts';

const UNREADABLE = {
  empty: 'The document is empty. Send the file again, once it has something in it.',
  no_text: 'No text was found in the document. If it holds scanned pages, send it with recognised text.',
  not_text: 'The document begins as text and then is none. Save it again as text in UTF-8.',
  broken: 'The document is damaged or cut off. Open it where it was made, save it anew, and send that.',
  encrypted: 'The document is encrypted. Save it without a password and send that.',
  old_office: 'This is an encrypted or old Office document. Save it as .docx without a password and send that.',
  not_its_kind: 'The document is not of the kind that it begins as. Save it anew in the kind that you mean.',
  doctype: 'The XML declares a DOCTYPE, which is never followed. Remove the declaration and its entities.',
  too_deep: 'The document is nested more deeply than what can be read. Save it in a simpler form.',
  compression: 'A file in the archive is packed in an uncommon way. Pack it anew as a plain ZIP.',
  unsafe_name: 'The archive has a file with an unsafe name. Pack the files anew, with plain names in plain folders.',
  link: 'The archive has a link in it. Pack the files themselves.',
  nested: 'The archive has an archive in it. Unpack that one and send its files.',
} as const;

const TOO_LARGE = {
  bytes: 'The document is larger than what can be read. Divide it and send the parts.',
  pages: 'The document has more pages than can be read. Divide it and send the parts.',
  characters: 'The document has more text than can be read. Divide it and send the parts.',
  cells: 'The table has more cells than can be read. Divide it and send the parts.',
  elements: 'The document has more elements than can be read. Divide it and send the parts.',
  entries: 'The archive has more files than can be read. Divide it and send the parts.',
  entry_bytes: 'A file in the archive is larger than what can be read. Divide it or leave it out.',
  unpacked_bytes: 'What is in the archive is larger than what can be read. Divide it and send the parts.',
  ratio: 'The archive is packed more tightly than documents are. Send its files unpacked.',
} as const;

export type UnreadableReason = keyof typeof UNREADABLE;
export type TooLargeReason = keyof typeof TOO_LARGE;

export function unreadable(reason: UnreadableReason): DomainError {
  return retrievalErrors.unreadable({ reason }, UNREADABLE[reason]);
}

export function tooLarge(reason: TooLargeReason, limit: number): DomainError {
  return retrievalErrors.documentTooLarge({ reason, limit }, TOO_LARGE[reason]);
}
