/** A stream ends with what it was opened by: session, token, rights, membership, thread, server, or who reads it. */

import { once } from 'node:events';
import { request } from 'node:http';
import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import { WebSocket } from 'ws';
import { ThreadFeeds } from '#application/conversations/live/thread-feeds.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { Scraped } from '../../support/metrics/scraped.ts';
import { EventStream } from '../../support/servers/event-stream.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { FrameSocket } from '../../support/servers/web-socket.ts';
import { until } from '../../support/until.ts';

onEveryStore('HTTP: a stream ends', () => {
  let server: TestServer;
  let admin: Client;
  let client: Client;
  let thread: string;
  let stream: EventStream;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '1000000' });
    admin = await server.admin();
    // What ends a stream at once is not to be seen through a refresh that comes meanwhile.
    feeds().refresh = async () => undefined;
  });
  after(() => server.close());
  beforeEach(async () => {
    client = await server.user('gm');
    thread = (await client.post('/chat', {})).body.id;
  });
  afterEach(async () => {
    stream.leave();
    await until(() => feeds().followers === 0, 'nobody follows any more');
  });

  const feeds = () => server.application.container.get(ThreadFeeds);
  const idOf = async (who: Client) => (await who.get('/auth/me')).body.user.id as string;
  const follow = async (by = client) => {
    stream = await EventStream.open(server.url, by, thread);
    await stream.has(1, 'usage');
  };
  /** By the server, without waiting for a refresh, and nothing is told from then on. */
  async function ends(): Promise<void> {
    expect(await stream.over).to.equal('ended');
    expect(feeds().followers).to.equal(0);
  }
  async function done(answer: Promise<{ status: number; text: string }>): Promise<void> {
    const { status, text } = await answer;
    expect(status, text).to.be.oneOf([200, 201, 204]);
  }
  /** A player in a game with a thread of it. */
  async function inGame(): Promise<Readonly<{ game: string; player: Client }>> {
    const player = await server.user('player');
    const game = (await client.post('/games', { name: 'The Mines' })).body.id;
    await done(client.post(`/games/${game}/members`, { user_id: await idOf(player), role_in_game: 'player' }));
    thread = (await client.post('/chat', { game_id: game })).body.id;
    return { game, player };
  }

  it('when its session is signed out, and no other one of the same user', async () => {
    const email = (await client.get('/auth/me')).body.user.email;
    const other = await server.client().signIn(email, 'sturdy-oak-table');
    await follow();
    const mine = stream;
    await follow(other);
    await done(client.post('/auth/logout'));
    expect(await mine.over).to.equal('ended');
    expect(feeds().followers).to.equal(1);
    await done(other.post(`/chat/${thread}`, { content: 'Still here.' }));
    await stream.has(1, 'message');
    expect(mine.seqs).to.deep.equal([]);
  });

  it('when its session is ended by its public id, and when its user is logged out everywhere', async () => {
    const email = (await client.get('/auth/me')).body.user.email;
    const other = await server.client().signIn(email, 'sturdy-oak-table');
    await follow();
    const { id } = (await client.get('/auth/me')).body.session;
    await done(other.delete(`/auth/sessions/${id}`));
    await ends();
    await follow(other);
    await done(other.post('/auth/logout-all'));
    await ends();
  });

  it('when an admin logs its user out, disables or deletes them', async () => {
    await follow();
    const id = await idOf(client);
    await done(admin.post(`/admin/users/${id}/logout-all`));
    await ends();
    const disabled = await server.user();
    thread = (await disabled.post('/chat', {})).body.id;
    await follow(disabled);
    await done(admin.change(`/admin/users/${await idOf(disabled)}`, { status: 'disabled' }));
    await ends();
    const deleted = await server.user();
    thread = (await deleted.post('/chat', {})).body.id;
    await follow(deleted);
    await done(admin.delete(`/admin/users/${await idOf(deleted)}`));
    await ends();
  });

  it('when its token is revoked, and when all tokens of its user are', async () => {
    const issued = (await client.post('/auth/tokens', { name: 'a', scopes: ['chat.use'] })).body;
    const bearer = server.client();
    bearer.bearer = issued.token;
    await follow(bearer);
    await done(client.delete(`/auth/tokens/${issued.id}`));
    await ends();
    bearer.bearer = await server.token(client, 'chat.use');
    await follow(bearer);
    await done(admin.delete(`/admin/users/${await idOf(client)}/tokens`));
    await ends();
  });

  it('when its user may not use conversations any more', async () => {
    await done(admin.post('/admin/roles', { name: 'guest', description: '', permissions: ['chat.use'] }));
    const guest = await server.user('guest');
    thread = (await guest.post('/chat', {})).body.id;
    await follow(guest);
    await done(admin.delete('/admin/roles/guest/permissions/chat.use'));
    await ends();
    await done(admin.put('/admin/roles/guest/permissions/chat.use', undefined));
    await follow(guest);
    await done(admin.delete(`/admin/users/${await idOf(guest)}/roles/guest`));
    await ends();
  });

  it('when its user leaves the game, is removed from it, or the game is deleted', async () => {
    const { game, player } = await inGame();
    await follow(player);
    const id = await idOf(player);
    await done(client.delete(`/games/${game}/members/${id}`));
    await ends();
    await done(client.post(`/games/${game}/members`, { user_id: id, role_in_game: 'player' }));
    await follow(player);
    await done(player.delete(`/games/${game}/members/${id}`));
    await ends();
    await done(client.post(`/games/${game}/members`, { user_id: id, role_in_game: 'player' }));
    await follow(player);
    await done(client.delete(`/games/${game}`));
    await ends();
  });

  it('when the conversation is deleted', async () => {
    const { player } = await inGame();
    await follow(player);
    await done(client.delete(`/chat/${thread}`));
    await ends();
  });

  it('at the next refresh where no event told of the end', async () => {
    await follow();
    const changes = server.application.container.get(tokens.accessChanges);
    const { publish } = changes;
    changes.publish = async () => undefined;
    try {
      await done(client.post('/auth/logout'));
    } finally {
      changes.publish = publish;
    }
    expect(feeds().followers).to.equal(1);
    await ThreadFeeds.prototype.refresh.call(feeds());
    await ends();
  });

  it('at the next refresh after its session has expired, which following has not kept alive', async () => {
    await follow();
    const { expires_at: expiresAt } = (await client.get('/auth/me')).body.session;
    const clock = useFakeTimers({ toFake: ['Date'], now: Date.parse(expiresAt) - 1_000 });
    try {
      await ThreadFeeds.prototype.refresh.call(feeds());
      expect(feeds().followers).to.equal(1);
      clock.tick(1_001);
      await ThreadFeeds.prototype.refresh.call(feeds());
      await ends();
    } finally {
      clock.restore();
    }
  });

  it('in no way when something else about its user or its game changes', async () => {
    const { game, player } = await inGame();
    await follow(player);
    await done(client.change(`/games/${game}`, { name: 'The Halls' }));
    await done(client.patch(`/games/${game}/members/${await idOf(player)}`, { role_in_game: 'gm' }));
    await done(player.patch('/auth/me', { display_name: 'Scanlan' }));
    await done(client.patch(`/chat/${thread}`, { title: 'Down there' }));
    await ThreadFeeds.prototype.refresh.call(feeds());
    await done(client.post(`/chat/${thread}`, { content: 'One.' }));
    await stream.has(1, 'message');
  });

  const dial = async (autoPong = true): Promise<WebSocket> => {
    const headers = { Cookie: client.cookie ?? '' };
    const webSocket = new WebSocket(`${server.url}/api/v1/chat/${thread}/ws`, { headers, autoPong });
    await once(webSocket, 'open');
    return webSocket;
  };

  it('broken, where it is a WebSocket that has not answered a ping by the next one, 15 s later', async () => {
    await follow();
    const clock = useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const [silent, alive] = [await dial(false), new FrameSocket(await dial())];
      const pinged = (webSocket: WebSocket) => once(webSocket, 'ping');
      const first = Promise.all([pinged(silent), pinged(alive.webSocket)]);
      clock.tick(15_000);
      await first;
      // What it sends after its pong comes after it.
      alive.send({ type: 'append', id: 'after the ping', content: 'Still here.' });
      await alive.answers(1);
      const [second, cutOff] = [pinged(alive.webSocket), once(silent, 'close')];
      clock.tick(15_000);
      expect((await cutOff)[0]).to.equal(1006);
      await second;
      expect(alive.webSocket.readyState).to.equal(WebSocket.OPEN);
      alive.webSocket.terminate();
    } finally {
      clock.restore();
    }
  });

  /** Connections that read nothing, once they are open. */
  const SLOW = {
    sse: async () => {
      const asked = request(`${server.url}/api/v1/chat/${thread}/live`, {
        headers: { Cookie: client.cookie ?? '' },
        agent: false,
      }).end();
      asked.on('error', () => undefined);
      const [slow] = await once(asked, 'response');
      slow.on('error', () => undefined).pause();
      return () => slow.destroy();
    },
    websocket: async () => {
      const slow = await dial();
      slow.pause();
      return () => slow.terminate();
    },
  };
  for (const [transport, open] of Object.entries(SLOW))
    it(`broken, where its reader leaves more than a megabyte unread (${transport}); whoever reads is told everything`, async () => {
      await follow();
      const leave = await open();
      const closed = async () =>
        new Scraped((await server.client().get('/metrics')).text).value('tavernkeep_live_streams_closed_total', {
          transport,
          why: 'too_slow',
        }) ?? 0;
      let said = 0;
      while ((await closed()) === 0) {
        said += 1;
        expect(said).to.be.below(200);
        await done(client.post(`/chat/${thread}`, { content: `${said} ${'x'.repeat(60_000)}` }));
      }
      await stream.has(said, 'message');
      expect(stream.seqs).to.deep.equal(stream.seqs.map((_, i) => i + 1));
      expect(feeds().followers).to.equal(1);
      leave();
    }).timeout(60_000);
});

describe('HTTP: a server that stops', () => {
  it('ends its streams, in time, with when to come back', async () => {
    const server = await startTestServer();
    try {
      const client = await server.user();
      const thread = (await client.post('/chat', {})).body.id;
      const streams = await Promise.all([1, 2, 3].map(() => EventStream.open(server.url, client, thread)));
      for (const stream of streams) await stream.has(1, 'usage');
      const closed = server.close();
      for (const stream of streams) {
        expect(await stream.over).to.equal('ended');
        expect(stream.retries.length).to.equal(2);
        expect(stream.retries[1]).to.be.within(1_000, 3_000);
      }
      await closed;
    } finally {
      await server.close();
    }
  }).timeout(5_000);
});
