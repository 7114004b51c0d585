/** Declares every refusal of the conversations context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const conversationErrors = {
  threadNotFound: refusal('not_found', 'thread_not_found', 'There is no such thread.'),
  threadNotYours: refusal(
    'forbidden',
    'thread_not_yours',
    "Only the thread's owner and the GMs of its game may do that.",
  ),
  threadsFull: refusal(
    'conflict',
    'threads_full',
    'You own as many conversations as a user can own here. Go on in one of them: GET /chat lists them.',
  ),
  invalidImport: refusal(
    'invalid',
    'invalid_import',
    'The file is not a whole export of a conversation (GET /chat/{thread}/export?format=jsonl). Nothing was imported.',
  ),
  importsBusy: refusal(
    'unavailable',
    'imports_busy',
    'An import of yours is under way, or too many are. Wait for your own to end, and try again.',
  ),
  importInterrupted: refusal(
    'conflict',
    'import_interrupted',
    'What was imported is gone: it took too long to arrive, or your account ended meanwhile. Send the file again.',
  ),
  messageNotFound: refusal('not_found', 'message_not_found', 'There is no such message in this thread.'),
  archived: refusal(
    'conflict',
    'archived',
    'This conversation is archived, so nothing in it can change. Its owner takes it out again: PATCH /chat/{thread}.',
  ),
  contextBudgetUnreachable: refusal(
    'too_large',
    'context_budget_unreachable',
    'The message does not fit: even with everything else compacted, the window would stay over its target.',
  ),
  pinsOverBudget: refusal(
    'too_large',
    'pins_over_budget',
    'The system prompt and the pinned messages together would take more than their share of the window.',
  ),
  nothingToCompact: refusal('conflict', 'nothing_to_compact', 'There is nothing left that a compaction could free.'),
  compactionNotFound: refusal(
    'not_found',
    'compaction_not_found',
    'There is no such compaction in this thread. GET /chat/{thread}/events lists them.',
  ),
  notLatest: refusal('conflict', 'not_latest', 'Only the latest compaction that still stands can be undone.'),
  notVerbatim: refusal(
    'conflict',
    'not_verbatim',
    'The window no longer shows this message word for word. Undo the compaction first: GET /chat/{thread}/events lists it.',
  ),
  overBudget: refusal('conflict', 'over_budget', 'The window would then not fit into its budget.'),
  compactionBusy: refusal(
    'unavailable',
    'compaction_busy',
    'Too many conversations are being compacted or counted. Wait for your own to end, and try again in a moment.',
  ),
  replyInProgress: refusal(
    'conflict',
    'reply_in_progress',
    'The language model is answering in this thread already. Wait for its reply, or cancel it: DELETE /chat/{thread}/replies/{reply_id}.',
  ),
  replyNotFound: refusal('not_found', 'reply_not_found', 'There is no such reply under way in this thread.'),
  nothingToAnswer: refusal(
    'conflict',
    'nothing_to_answer',
    'Nothing has been said in this thread yet. Say something first.',
  ),
  noModel: refusal(
    'unavailable',
    'no_model',
    'No language model is configured here. The operator can name one: LLM_BASE_URL and LLM_MODEL.',
  ),
  repliesBusy: refusal(
    'unavailable',
    'replies_busy',
    'The language model is answering too many threads. Wait for your own replies to end, and try again.',
  ),
  searchBusy: refusal('unavailable', 'search_busy', 'Too many searches are under way. Try again in a moment.'),
  searchTimeout: refusal(
    'unavailable',
    'search_timeout',
    'The search took too long, and was given up. Search one conversation, or for rarer words.',
  ),
  appendContended: refusal(
    'unavailable',
    'append_contended',
    'Many messages arrive in this thread at once. Try again in a moment.',
  ),
};
