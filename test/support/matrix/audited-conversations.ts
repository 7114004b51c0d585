/** What the audit must have of the routes that change conversations. */
import type { AuditedChange, Called, Unaudited } from './audited-changes.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import type { Params } from './fixture.ts';

const threadInPath = ({ params }: Called) => `thread:${params.thread}`;

/** A thread with enough to compact. */
async function aLongThread(_: AuthorizationFixture, { client }: Person): Promise<Params> {
  const { id } = (await client.post('/chat', {})).body;
  for (let n = 0; n < 40; n += 1)
    await client.post(`/chat/${id}`, { content: `Turn ${n}. ${'We walk on. '.repeat(20)}` });
  return { thread: id };
}

export const conversationChanges: Readonly<Record<string, AuditedChange | Unaudited>> = {
  'POST /chat': { unaudited: 'What is said is not audited, nor that a thread was started for it.' },
  'POST /chat/{thread}': { unaudited: 'What is said is not audited.' },
  'POST /ask': { unaudited: 'Nothing is changed: it is a POST because a question has a body.' },
  'POST /chat/import': { unaudited: 'As the start of a thread, and what was said in it.' },
  'POST /v1/chat/completions': {
    unaudited: 'What is said is not audited.',
    sends: { model: 'new', messages: [{ role: 'user', content: 'We open the door.' }] },
  },
  'POST /mcp': { unaudited: 'What its tools change is audited as everywhere.' },
  'PATCH /chat/{thread}': {
    action: 'threads.update',
    subject: threadInPath,
    before: ['title_changed'],
    after: ['title_changed'],
  },
  'DELETE /chat/{thread}': {
    action: 'threads.delete',
    subject: threadInPath,
    before: ['owner_id', 'game_id', 'archived', 'message_count'],
    after: null,
  },
  'PUT /chat/{thread}/messages/{seq}/pin': { unaudited: 'What of the talk stays word for word is part of the talk.' },
  'DELETE /chat/{thread}/messages/{seq}/pin': { unaudited: 'As the pin.' },
  'POST /chat/{thread}/compactions/{id}/undo': {
    unaudited: 'The thread’s own events have it, with who asked for it.',
  },
  'POST /chat/{thread}/replies': { unaudited: 'What is said is not audited, by a language model neither.' },
  'DELETE /chat/{thread}/replies/{reply_id}': { unaudited: 'As the reply.' },
  'POST /chat/{thread}/compact-now': {
    unaudited: 'The thread’s own events have it, with who asked for it.',
    make: aLongThread,
  },
};
