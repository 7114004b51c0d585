/** How to call the routes of conversations. */
import { NOTHING, owned, type RouteFixture } from './fixture.ts';
import type { Person, World } from './world.ts';

async function aThread(_: World, owner: Person): Promise<{ thread: string }> {
  const { body } = await owner.client.post('/chat', { title: 'A thread' });
  for (const content of ['One.', 'Two.']) await owner.client.post(`/chat/${body.id}`, { content });
  return { thread: body.id };
}

const thread = owned(aThread, { thread: 'thr_missing' });
const message = owned(async (world, owner) => ({ ...(await aThread(world, owner)), seq: '1' }), {
  thread: 'thr_missing',
  seq: '1',
});

export const conversationFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /chat': NOTHING,
  'POST /chat': { body: () => ({}) },
  'GET /chat/{thread}': { things: thread },
  'POST /chat/{thread}': { things: thread, body: () => ({ content: 'Hello.' }) },
  'GET /chat/{thread}/messages': { things: thread },
  'GET /chat/{thread}/messages/{seq}': { things: message },
  'GET /chat/{thread}/context-usage': { things: thread },
  'GET /chat/{thread}/events': { things: thread },
  'POST /chat/{thread}/compact-now': { things: thread, body: () => ({}) },
};
