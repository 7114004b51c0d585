/** How to call the routes of conversations. */

import { holderOf, replyLease } from '#application/conversations/replies/reply-lease.ts';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { newId } from '../builders/records.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { NOTHING, owned, type Params, type RouteFixture, type Things } from './fixture.ts';
import { aGame } from './games.ts';

const SHORT_TALK = ['One.', 'Two.'];
/** The window is compacted when the second is said. */
const LONG_TALK = ['One', 'Two'].map((n) => `${n}. ${'We walk on, and nobody says a word. '.repeat(760)}`);

async function aThread({ client }: Person, talk: readonly string[], gameId?: string): Promise<Params> {
  const game = gameId === undefined ? {} : { game_id: gameId };
  const { body } = await client.post('/chat', { title: 'A thread', ...game });
  for (const content of talk) await client.post(`/chat/${body.id}`, { content });
  return { thread: body.id };
}

/** Threads in which something was said, with what else the path names. */
function threads(talk: readonly string[], rest: Params = {}): Things {
  /** Of a game in which the caller has a role; a GM's whom they do not know. */
  const inGame = (role: 'gm' | 'player') => async (world: AuthorizationFixture, caller: Person) => {
    const { id, gm } = await aGame(world, caller, role);
    return { ...(await aThread(gm, talk, id)), ...rest };
  };
  return {
    ...owned(async (_, owner) => ({ ...(await aThread(owner, talk)), ...rest }), { thread: 'thr_missing', ...rest }),
    joined: inGame('player'),
    led: inGame('gm'),
  };
}

const thread = threads(SHORT_TALK);
const message = threads(SHORT_TALK, { seq: '1' });
const compaction = threads(LONG_TALK, { id: '1' });

/** A reply to the owner of the thread, without a model that makes it. */
async function aReply({ container }: AuthorizationFixture, { thread }: Params): Promise<Params> {
  const [threadId, reply_id] = [thread as ThreadId, newId('reply')];
  const owner = (await container.get(tokens.threads).find(threadId))?.ownerId as UserId;
  await container.get(tokens.conversations).beginReply(threadId, reply_id);
  const holder = holderOf({ id: reply_id, askedBy: owner });
  await container.get(tokens.leases).hold(replyLease(threadId), holder, 60_000);
  return { thread: threadId, reply_id };
}

const { missing: _, ...found } = thread;
const reply: Things = {
  ...Object.fromEntries(
    Object.entries(found).map(([name, make]) => [
      name,
      async (world: AuthorizationFixture, caller: Person) => aReply(world, await make(world, caller)),
    ]),
  ),
  missing: async () => ({ thread: 'thr_missing', reply_id: 'rpl_missing' }),
};

export const conversationFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /chat': NOTHING,
  'POST /chat': { body: () => ({}) },
  // One line is a whole file, of a thread in which nothing was said.
  'POST /chat/import': { body: () => ({ type: 'thread', format: 1, title: 'A thread' }) },
  'PATCH /chat/{thread}': { things: thread, body: () => ({ title: 'Another title' }) },
  'DELETE /chat/{thread}': { things: thread },
  'GET /chat/{thread}': { things: thread },
  'POST /chat/{thread}': { things: thread, body: () => ({ content: 'Hello.' }) },
  'GET /chat/{thread}/export': { things: thread, query: '?format=json' },
  'GET /chat/search': { query: '?query=one' },
  'GET /chat/{thread}/search': { things: thread, query: '?query=one' },
  'GET /chat/{thread}/messages': { things: thread },
  'GET /chat/{thread}/messages/{seq}': { things: message },
  'PUT /chat/{thread}/messages/{seq}/pin': { things: message },
  'DELETE /chat/{thread}/messages/{seq}/pin': { things: message },
  'GET /chat/{thread}/context-usage': { things: thread },
  'GET /chat/{thread}/events': { things: thread },
  'POST /chat/{thread}/replies': { things: thread, body: () => ({}) },
  'DELETE /chat/{thread}/replies/{reply_id}': { things: reply },
  // Nothing that a model would be asked.
  'POST /v1/chat/completions': {
    body: () => ({ model: 'new', messages: [{ role: 'system', content: 'You narrate.' }] }),
  },
  'GET /v1/models': NOTHING,
  'POST /mcp': { body: () => ({ jsonrpc: '2.0', id: 1, method: 'tools/list' }) },
  'GET /mcp': NOTHING,
  'GET /chat/{thread}/live': { things: thread },
  'GET /chat/{thread}/ws': { things: thread },
  'POST /chat/{thread}/compact-now': { things: thread, body: () => ({}) },
  'GET /chat/{thread}/compactions/{id}/diff': { things: compaction },
  'POST /chat/{thread}/compactions/{id}/undo': { things: compaction },
};
