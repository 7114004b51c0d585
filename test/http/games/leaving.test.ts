/** Leaving a game over HTTP, and being removed from it: what one owned there, and what one reads afterwards. */
import { expect } from 'chai';
import type { ThreadId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: leaving a game', () => {
  let server: TestServer;
  let [gm, player, other]: Client[] = [];
  let ids: Readonly<Record<'gm' | 'player' | 'other', UserId>>;
  let game: string;
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;

  before(async () => {
    server = await startTestServer();
    [gm, player, other] = [await server.user('gm'), await server.user('player'), await server.user('player')];
    ids = { gm: await idOf(gm), player: await idOf(player), other: await idOf(other) };
  });
  after(() => server.close());

  beforeEach(async () => {
    game = (await as(gm).post('/games', { name: 'Vox Machina' })).body.id;
    for (const user_id of [ids.player, ids.other])
      await as(gm).post(`/games/${game}/members`, { user_id, role_in_game: 'player' });
  });

  const start = async () => (await as(player).post('/chat', { title: 'Notes', game_id: game })).body.id as ThreadId;
  const remove = (by: Client | undefined) => as(by).delete(`/games/${game}/members/${ids.player}`);
  const say = (thread: ThreadId, content: string, headers = {}) =>
    as(player).post(`/chat/${thread}`, { content }, headers);
  const stored = (thread: ThreadId) => server.application.container.get(tokens.threads).find(thread);

  for (const [how, by] of [
    ['who leaves', () => player],
    ['who is removed', () => gm],
  ] as const) {
    it(`answers 404 to a member ${how} on every thread of the game, which they owned or not, and passes theirs to the GM`, async () => {
      const [own, theirs] = [await start(), (await as(gm).post('/chat', { game_id: game })).body.id as ThreadId];
      const privateOne = (await as(player).post('/chat', {})).body.id as ThreadId;
      const key = { 'Idempotency-Key': `said-in-${game}` };
      expect((await say(own, 'Mine.', key)).status).to.equal(201);
      expect((await as(player).get(`/chat/${own}/messages`)).body.items).to.have.length(1);
      expect((await remove(by())).status).to.equal(204);
      await as(other).post(`/chat/${own}`, { content: 'They are gone.' });
      for (const thread of [own, theirs]) {
        const answers = [
          await as(player).get(`/chat/${thread}`),
          await as(player).get(`/chat/${thread}/messages`),
          await as(player).get(`/chat/${thread}/messages/1`),
          await as(player).get(`/chat/${thread}/context-usage`),
          await as(player).get(`/chat/${thread}/events`),
          await say(thread, 'Am I?'),
        ];
        for (const { status, body } of answers) expect([status, body.code]).to.deep.equal([404, 'thread_not_found']);
      }
      expect((await say(own, 'Mine.', key)).status).to.equal(404);
      const listed = (await as(player).get('/chat')).body.items.map(({ id }: { id: string }) => id);
      expect(listed).to.include(privateOne).and.not.include.members([own]).and.not.include.members([theirs]);
      expect(await stored(own)).to.include({ ownerId: ids.gm, gameId: game, lastSeq: 2 });
      expect(await stored(privateOne)).to.include({ ownerId: ids.player });
      const read = await as(gm).get(`/chat/${own}/messages`);
      expect(read.body.items.map((one: { author_id: string }) => one.author_id)).to.deep.equal([ids.player, ids.other]);
    });
  }

  it('keeps what was acknowledged when an owner is removed while they append, and nothing comes after', async function () {
    this.timeout(10_000 * rounds(3));
    for (let round = 0; round < rounds(3); round++) {
      const thread = await start();
      const said = Array.from({ length: 8 }, (_, i) => say(thread, `Line ${i}`));
      const gone = remove(round % 2 === 0 ? gm : player);
      const answers = await Promise.all(said);
      expect((await gone).status).to.equal(204);
      expect((await say(thread, 'Later.')).status).to.equal(404);
      const { items } = (await as(gm).get(`/chat/${thread}/messages`)).body;
      const kept = items.map(({ seq, content }: { seq: number; content: string }) => `${seq} ${content}`);
      const acknowledged = answers
        .filter(({ status }) => status === 201)
        .map(({ body }) => `${body.message.seq} ${body.message.content}`);
      expect(kept).to.have.members(acknowledged);
      expect(answers.every(({ status }) => [201, 404, 503].includes(status))).to.equal(true);
      expect(await stored(thread)).to.include({ ownerId: ids.gm, lastSeq: kept.length });
      await as(gm).post(`/games/${game}/members`, { user_id: ids.player, role_in_game: 'player' });
    }
  });
});
