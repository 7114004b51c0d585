/** Invitations to games over HTTP. */
import { expect } from 'chai';
import type { GameId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { anInvitation, newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: invitations', () => {
  let server: TestServer;
  let [admin, gm, player]: Client[] = [];
  let playerId: UserId;
  let game: GameId;
  const as = (client: Client | undefined) => client as Client;
  const idOf = async (client: Client | undefined) => (await as(client).get('/auth/me')).body.user.id as UserId;
  const refused = ({ status, body }: Answer) => [status, body.code];

  before(async () => {
    server = await startTestServer();
    [admin, gm, player] = [await server.admin(), await server.user('gm'), await server.user('player')];
    playerId = await idOf(player);
  });
  after(() => server.close());
  beforeEach(async () => {
    game = (await as(gm).post('/games', { name: 'Vox Machina' })).body.id;
  });

  const invite = async (body: object = {}, by = gm) => (await as(by).post(`/games/${game}/invitations`, body)).body;
  const accept = (client: Client | undefined, code: string) => as(client).post(`/invitations/${code}/accept`);
  const listed = async () => (await as(gm).get(`/games/${game}/invitations`)).body.items;
  const members = async () => (await as(gm).get(`/games/${game}/members`)).body.items.length;

  /** The code of an invitation that has expired. */
  async function expired(): Promise<string> {
    const secrets = server.application.container.get(tokens.secrets);
    const code = secrets.next();
    const fields = {
      digest: secrets.digest(code),
      email: null,
      createdByUserId: await idOf(gm),
      expiresAt: new Date(0),
    };
    const unitOfWork = server.application.container.get(tokens.unitOfWork);
    await unitOfWork.run(({ invitations }) => invitations.add(anInvitation(game, fields)));
    return code;
  }

  describe('POST /games/{id}/invitations', () => {
    it('answers 201 with a code of 256 bits and a link, which the list does not show', async () => {
      const before = Date.now();
      const answer = await as(gm).post(`/games/${game}/invitations`);
      expect(answer.status).to.equal(201);
      const { code, url, ...invitation } = answer.body;
      expect(code).to.match(/^[\w-]{43}$/);
      expect(url).to.equal(`${server.url}/#/invitations/${code}`);
      expect(invitation).to.include({ role_in_game: 'player', email: null, max_uses: 1, uses: 0, revoked_at: null });
      const days = (new Date(invitation.expires_at).getTime() - before) / 86_400_000;
      expect(days).to.be.within(7, 7.01);
      expect(await listed()).to.deep.equal([invitation]);
    });

    it('replays the invitation with 201 under the same Idempotency-Key, without its code and link, and makes one', async () => {
      const post = () => as(gm).post(`/games/${game}/invitations`, { max_uses: 2 }, { 'Idempotency-Key': `k-${game}` });
      const [first, again] = [await post(), await post()];
      const { code: _, url: __, ...shown } = first.body;
      expect(again.status).to.equal(201);
      expect(again.body).to.deep.equal(shown);
      expect(await listed()).to.have.length(1);
    });

    it('replays to nobody who could not invite now: 404 once they have left the game, 403 `gm_required` as a player', async () => {
      const add = { user_id: playerId, role_in_game: 'gm' };
      expect((await as(gm).post(`/games/${game}/members`, add)).status).to.equal(201);
      const post = (body: object, key: string) =>
        as(player).post(`/games/${game}/invitations`, body, { 'Idempotency-Key': `${key}-${game}` });
      const first = await post({ role_in_game: 'player' }, 'player');
      expect([first.status, (await post({ role_in_game: 'gm' }, 'gm')).status]).to.deep.equal([201, 201]);
      await as(gm).patch(`/games/${game}/members/${playerId}`, { role_in_game: 'player' });
      expect(refused(await post({ role_in_game: 'player' }, 'player'))).to.deep.equal([403, 'gm_required']);
      await as(gm).delete(`/games/${game}/members/${playerId}`);
      for (const [body, key] of [
        [{ role_in_game: 'player' }, 'player'],
        [{ role_in_game: 'gm' }, 'gm'],
        [{ role_in_game: 'player' }, 'another key'],
      ] as const) {
        const answer = await post(body, key);
        expect(refused(answer), key).to.deep.equal([404, 'game_not_found']);
        expect(answer.headers.has('idempotent-replayed'), key).to.equal(false);
      }
      await as(gm).post(`/games/${game}/members`, add);
      const { code: _, url: __, ...shown } = first.body;
      expect((await post({ role_in_game: 'player' }, 'player')).body).to.deep.equal(shown);
      expect(await listed()).to.have.length(2);
    });

    it('answers 400 to an invalid number of uses, lifetime or e-mail, and to an unknown field', async () => {
      const tooLong = { expires_in_seconds: 365 * 86_400 + 1 };
      for (const body of [
        { max_uses: 0 },
        { max_uses: 1_001 },
        { expires_in_seconds: 0 },
        tooLong,
        { email: 'me' },
        { x: 1 },
      ])
        expect((await as(gm).post(`/games/${game}/invitations`, body)).status, JSON.stringify(body)).to.equal(400);
    });

    it('lives as long as it is told to, up to a year, and can be used so long', async () => {
      const seconds = 365 * 86_400;
      const before = Date.now();
      const { code, expires_at, id } = await invite({ expires_in_seconds: seconds });
      const ends = new Date(expires_at).getTime() - seconds * 1_000;
      expect(ends).to.be.within(before, Date.now());
      expect((await server.client().get(`/invitations/${code}`)).body.expires_at).to.equal(expires_at);
      const { invitations } = server.application.container.get(tokens.reads);
      expect((await invitations.find(game, id))?.expiresAt.toISOString()).to.equal(expires_at);
    });

    it('answers 403 `gm_required` to a manager of all games who invites a GM, and 201 when they invite a player', async () => {
      const answer = await as(admin).post(`/games/${game}/invitations`, { role_in_game: 'gm' });
      expect(refused(answer)).to.deep.equal([403, 'gm_required']);
      expect((await as(admin).post(`/games/${game}/invitations`, { role_in_game: 'player' })).status).to.equal(201);
    });
  });

  describe('GET /invitations/{code}', () => {
    it('answers 200 to anyone with the game’s name, the role and the expiry, and uses nothing up', async () => {
      const { code, expires_at } = await invite({ role_in_game: 'gm' });
      for (const client of [server.client(), as(player)]) {
        const answer = await client.get(`/invitations/${code}`);
        expect(answer.status).to.equal(200);
        expect(answer.body).to.deep.equal({ game_name: 'Vox Machina', role_in_game: 'gm', expires_at });
      }
      expect((await listed())[0].uses).to.equal(0);
      expect(await members()).to.equal(1);
    });

    it('answers 404 `invitation_not_found` for a malformed, unknown, used-up or revoked code', async () => {
      const used = await invite();
      await accept(player, used.code);
      const revoked = await invite();
      await as(gm).delete(`/games/${game}/invitations/${revoked.id}`);
      for (const code of ['A'.repeat(43), 'a.b', used.code, revoked.code])
        expect(refused(await server.client().get(`/invitations/${code}`))).to.deep.equal([404, 'invitation_not_found']);
    });
  });

  describe('POST /invitations/{code}/accept', () => {
    it('makes the caller a member in the invited role with 200, and uses nothing up when repeated (200)', async () => {
      const { code } = await invite({ role_in_game: 'gm', max_uses: 2 });
      for (let time = 1; time <= 2; time += 1) {
        const answer = await accept(player, code);
        expect(answer.status).to.equal(200);
        expect(answer.body).to.include({ user_id: playerId, role_in_game: 'gm' });
      }
      expect((await listed())[0]).to.include({ uses: 1, max_uses: 2 });
    });

    it('answers 200 to a member, leaves their role as it is, and uses nothing up', async () => {
      const { code } = await invite({ role_in_game: 'player' });
      expect((await accept(gm, code)).body.role_in_game).to.equal('gm');
      expect((await listed())[0].uses).to.equal(0);
    });

    it('answers 401 to an anonymous caller, and 404 for an unknown code', async () => {
      const { code } = await invite();
      expect((await accept(server.client(), code)).status).to.equal(401);
      expect(refused(await accept(player, 'A'.repeat(43)))).to.deep.equal([404, 'invitation_not_found']);
    });

    it('answers 404 `invitation_for_another` to all but the user of the invited e-mail (200), ignoring case', async () => {
      const email = (await as(player).get('/auth/me')).body.user.email as string;
      const { code } = await invite({ email: email.toUpperCase(), max_uses: 2 });
      const other = await server.user('player');
      expect(refused(await accept(other, code))).to.deep.equal([404, 'invitation_for_another']);
      expect(refused(await as(other).post(`/invitations/${code}/decline`))).to.deep.equal([
        404,
        'invitation_for_another',
      ]);
      expect((await accept(player, code)).status).to.equal(200);
    });

    it('answers 409 `invitation_used_up` after the last use', async () => {
      const { code } = await invite();
      await accept(player, code);
      expect(refused(await accept(await server.user(), code))).to.deep.equal([409, 'invitation_used_up']);
      expect(await members()).to.equal(2);
    });

    it('answers 410 `invitation_over` after the invitation has expired or was revoked', async () => {
      const old = await expired();
      expect(refused(await accept(player, old))).to.deep.equal([410, 'invitation_over']);
      expect((await server.client().get(`/invitations/${old}`)).status).to.equal(404);
      const revoked = await invite();
      expect((await as(gm).delete(`/games/${game}/invitations/${revoked.id}`)).status).to.equal(204);
      expect((await as(gm).delete(`/games/${game}/invitations/${revoked.id}`)).status).to.equal(204);
      expect(refused(await accept(player, revoked.code))).to.deep.equal([410, 'invitation_over']);
      expect(await members()).to.equal(1);
    });

    it('answers 410 `invitation_over` while the inviter is not a GM or is disabled, and 200 once they may invite again', async () => {
      const second = await server.user('player');
      const secondId = await idOf(second);
      await as(gm).post(`/games/${game}/members`, { user_id: secondId, role_in_game: 'gm' });
      const { code } = await invite({ max_uses: 5 }, second);
      await as(gm).patch(`/games/${game}/members/${secondId}`, { role_in_game: 'player' });
      expect(refused(await accept(player, code))).to.deep.equal([410, 'invitation_over']);
      await as(gm).patch(`/games/${game}/members/${secondId}`, { role_in_game: 'gm' });
      await as(admin).change(`/admin/users/${secondId}`, { status: 'disabled' });
      expect(refused(await accept(player, code))).to.deep.equal([410, 'invitation_over']);
      await as(admin).change(`/admin/users/${secondId}`, { status: 'active' });
      expect((await accept(player, code)).status).to.equal(200);
    });

    it('makes exactly three members of eight who race for three uses', async () => {
      const { code } = await invite({ max_uses: 3 });
      const racers: Client[] = [];
      for (let i = 0; i < 8; i++) racers.push(await server.user('player'));
      const answers = await Promise.all(racers.map((racer) => accept(racer, code)));
      expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, 200, 200, ...Array(5).fill(409)]);
      expect(await members()).to.equal(4);
    });
  });

  describe('POST /invitations/{code}/decline', () => {
    it('answers 204, and ends an invitation that is bound to the caller’s e-mail (410), and no other (200)', async () => {
      const email = (await as(player).get('/auth/me')).body.user.email;
      const [bound, open] = [await invite({ email }), await invite()];
      for (const { code } of [bound, open, bound])
        expect((await as(player).post(`/invitations/${code}/decline`)).status).to.equal(204);
      expect((await accept(player, bound.code)).status).to.equal(410);
      expect((await accept(player, open.code)).status).to.equal(200);
    });

    it('answers 401 to an anonymous caller, and 404 for an unknown code', async () => {
      const code = 'A'.repeat(43);
      expect((await server.client().post(`/invitations/${code}/decline`)).status).to.equal(401);
      expect((await as(player).post(`/invitations/${code}/decline`)).status).to.equal(404);
    });
  });

  describe('GET and DELETE /games/{id}/invitations', () => {
    it('answers 200 with all invitations in pages, newest first, and 400 to a malformed cursor', async () => {
      const made = [await invite(), await invite(), await invite()];
      // All live for seven days: which was made later expires later, and ids decide within a millisecond.
      const order = (a: Record<string, string>, b: Record<string, string>) =>
        `${b.expires_at} ${b.id}` < `${a.expires_at} ${a.id}` ? -1 : 1;
      const newestFirst = made.toSorted(order).map(({ id }) => id);
      const first = await as(gm).get(`/games/${game}/invitations?limit=2`);
      const next = await as(gm).get(`/games/${game}/invitations?limit=2&cursor=${first.body.next_cursor}`);
      const seen = [...first.body.items, ...next.body.items].map(({ id }) => id);
      expect(seen).to.deep.equal(newestFirst);
      expect((await as(gm).get(`/games/${game}/invitations?cursor=x`)).status).to.equal(400);
    });

    it('answers 404 `invitation_not_found` for an unknown invitation and for one of another game', async () => {
      const { id } = await invite();
      const other = (await as(gm).post('/games', { name: 'Other' })).body.id;
      for (const path of [`/games/${game}/invitations/${newId('invitation')}`, `/games/${other}/invitations/${id}`])
        expect(refused(await as(gm).delete(path))).to.deep.equal([404, 'invitation_not_found']);
    });
  });

  it('writes no invitation code into the audit or the log', async () => {
    const logged = await startTestServer();
    const [master, guest] = [await logged.user('gm'), await logged.user('player')];
    const id = (await master.post('/games', { name: 'Secret' })).body.id;
    const { code } = (await master.post(`/games/${id}/invitations`)).body;
    await logged.client().get(`/invitations/${code}`);
    await guest.post(`/invitations/${code}/decline`);
    await guest.post(`/invitations/${code}/accept`);
    await guest.post(`/invitations/${code}x/accept`);
    const { audit } = logged.application.container.get(tokens.reads);
    const { items } = await audit.list({}, { limit: 100 });
    await logged.close();
    expect(logged.logs.some((line) => line.includes('/invitations/{code}/accept'))).to.equal(true);
    expect(items.some((entry) => entry.action === 'invitations.accept')).to.equal(true);
    expect(logged.logs.join('') + JSON.stringify(items)).not.to.contain(code.slice(0, 20));
  });
});
