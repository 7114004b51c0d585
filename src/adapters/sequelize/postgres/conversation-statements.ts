/** The SQL of the hot path of conversations: each change is one statement, which is a transaction of its own. */
import { COMPACTOR, MESSAGE, REVISION } from '../conversations/conversation-rows.ts';
import { APPEND_CHANGE, PIN, REVISE } from '../conversations/thread-updates.ts';
import type { ThreadRow } from '../conversations/threads.ts';
import { statement } from '../shared/statement.ts';

const ADD_MESSAGE = `
  INSERT INTO messages (thread_id, seq, ${MESSAGE.columns}) SELECT id, last_seq, ${MESSAGE.values} FROM thread`;
const ADD_PIN = `
  INSERT INTO pins (thread_id, seq, pinned_at) SELECT id, last_seq, :created_at FROM thread WHERE :pinned`;
const ADD_PIN_OF = `
  INSERT INTO pins (thread_id, seq, pinned_at) SELECT id, :seq, :created_at FROM thread WHERE :pinned
  ON CONFLICT DO NOTHING`;
const REMOVE_PIN = `
  DELETE FROM pins USING thread WHERE pins.thread_id = thread.id AND pins.seq = :seq AND NOT :pinned`;
const ADD_REVISION = `
  INSERT INTO revisions (thread_id, ${REVISION.columns}) SELECT id, ${REVISION.values} FROM thread`;
/** Nobody is named who was deleted meanwhile. */
const ADD_COMPACTOR = `
  INSERT INTO compactors (${COMPACTOR.columns})
  SELECT thread.id, :revision, users.id FROM thread, users WHERE users.id = :by_user_id`;

/** Where the update of the thread gives no row, nothing else is changed. */
function withThread(update: string, ...changes: readonly string[]): string {
  const parts = changes.map((change, i) => `, change_${i} AS (${change})`);
  return `WITH thread AS (${update}) ${parts.join('')} SELECT * FROM thread`;
}

const threadRow = (row: ThreadRow) => row;

/**
 * Changes of one thread wait for each other on its row, and look at the conditions again when their turn has come.
 */
export const WRITES = {
  appendPinned: statement(
    'append-pinned',
    { ...APPEND_CHANGE.types, ...MESSAGE.types, pinned: 'boolean' },
    withThread(APPEND_CHANGE.text, ADD_MESSAGE, ADD_PIN),
    threadRow,
  ),
  appendCompacting: statement(
    'append-compacting',
    { ...APPEND_CHANGE.types, ...MESSAGE.types, ...REVISION.types, pinned: 'boolean' },
    withThread(APPEND_CHANGE.text, ADD_MESSAGE, ADD_PIN, ADD_REVISION),
    threadRow,
  ),
  revise: statement(
    'revise',
    { ...REVISE.types, ...REVISION.types, ...COMPACTOR.types },
    withThread(REVISE.text, ADD_REVISION, ADD_COMPACTOR),
    threadRow,
  ),
  pin: statement(
    'pin',
    { ...PIN.types, seq: 'integer', created_at: 'bigint', pinned: 'boolean' },
    withThread(PIN.text, ADD_PIN_OF, REMOVE_PIN),
    threadRow,
  ),
};
