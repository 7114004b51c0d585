/** Declares every refusal of the library context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const libraryErrors = {
  sourceNotFound: refusal('not_found', 'source_not_found', 'There is no such source.'),
  documentNotFound: refusal('not_found', 'document_not_found', 'There is no such document.'),
  fileMissing: refusal(
    'gone',
    'file_missing',
    'The original of this document is not in the file store any more. Delete the document and add it again.',
  ),
  urlIngestOff: refusal(
    'conflict',
    'url_ingest_off',
    'This installation fetches nothing from the web (URL_INGEST). Send the file itself.',
  ),
  urlRefused: refusal('unreadable', 'url_refused', 'This address is not fetched.'),
  accessNotFound: refusal('not_found', 'access_not_found', 'This user has no licence to this source.'),
  sourceTaken: refusal('conflict', 'source_taken', 'Another source of the workspace has this title and edition.'),
  trialNeedsExpiry: refusal('invalid', 'trial_needs_expiry', 'A trial must say when it ends: give expires_at.'),
  accessPeriodEmpty: refusal('invalid', 'access_period_empty', 'A licence must end after it begins.'),
  trialUsed: refusal(
    'conflict',
    'trial_used',
    'This user has had a trial of this source. There is one trial per user and source.',
  ),
};

/** Why a job does not read a document. No request is answered with it. */
export const readingErrors = {
  brokeOff: refusal('limited', 'reading_broke_off', 'Reading the document took more than there is for one.'),
  urlUnreadable: refusal('unreadable', 'url_unreadable', 'What is at this address cannot be read.'),
  urlUnreachable: refusal('limited', 'url_unreachable', 'The address could not be reached.'),
};
