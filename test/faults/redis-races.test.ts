/**
 * Three servers on one PostgreSQL and one Redis: races between them, of identity and of games, have no wrong outcome.
 */
import { expect } from 'chai';
import { onBackends, type Plan } from '../support/backends/backends.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { answered, Installation, type Person } from '../support/servers/installation.ts';
import { hasRedisProgram } from '../support/servers/own-redis.ts';
import type { Answer, Client, Json } from '../support/servers/server.ts';

const ALONE = { skip: 'several servers need PostgreSQL and Redis' };
const PLAN: Plan = { memory: ALONE, sqlite: ALONE, embedded: ALONE, redis: ALONE, postgres: 'run' };
const SERVERS = [0, 1, 2];
const ROUNDS = rounds(100);

onBackends('Races of three servers', PLAN, () => {
  let installation: Installation;
  let admin: Person;

  before(async function () {
    this.timeout(180_000);
    if (!hasRedisProgram()) return this.skip();
    installation = await Installation.start(SERVERS.length);
    admin = await installation.admin();
  });
  after(() => installation?.remove());

  const at = (server: number, client: Client) => installation.at(server, client);
  const codeOf = ({ status, body, text }: Answer): string => (status < 300 ? 'done' : (body?.code ?? text));
  const codesOf = async (answers: readonly Promise<Answer>[]) => (await Promise.all(answers)).map(codeOf).toSorted();
  /** What each server says of the same request. */
  const everywhere = (client: Client, path: string) =>
    Promise.all(SERVERS.map(async (server) => (await at(server, client).get(path)).status));
  const allSay = (status: number) => SERVERS.map(() => status);

  it(`leave an admin where three demote each other in a circle, ${ROUNDS} times`, async function () {
    this.timeout(600_000);
    const admins = [admin, await installation.person('admin'), await installation.person('admin')];
    for (let round = 0; round < ROUNDS; round += 1) {
      const codes = await codesOf(
        admins.map(({ client }, i) => {
          const { id } = admins[(i + 1) % admins.length] as Person;
          return at(i + round, client).delete(`/admin/users/${id}/roles/admin`);
        }),
      );
      for (const code of codes) expect(['done', 'last_admin', 'permission_missing']).to.include(code);
      const said = await Promise.all(admins.map(({ client }) => everywhere(client, '/admin/users')));
      const left = admins.filter((_, i) => said[i]?.[0] === 200);
      expect(left.length).to.equal(admins.length - codes.filter((code) => code === 'done').length);
      expect(left).not.to.be.empty;
      for (const [i, one] of admins.entries()) expect(said[i]).to.deep.equal(allSay(left.includes(one) ? 200 : 403));
      const [remaining] = left as [Person];
      for (const one of admins.filter((one) => !left.includes(one)))
        await answered(200, at(round, remaining.client).post(`/admin/users/${one.id}/roles`, { role: 'admin' }));
    }
  });

  it(`let nobody use a right once it is taken, while they use it at every server, ${ROUNDS} times`, async function () {
    this.timeout(600_000);
    const { id, client } = await installation.person('player');
    for (let round = 0; round < ROUNDS; round += 1) {
      await answered(200, at(round, admin.client).post(`/admin/users/${id}/roles`, { role: 'admin' }));
      expect(await everywhere(client, '/admin/users')).to.deep.equal(allSay(200));
      let taken = false;
      const uses = SERVERS.map(async (server) => {
        const seen: number[] = [];
        for (let after = false; !after; ) {
          after = taken;
          seen.push((await at(server, client).get('/admin/users')).status);
        }
        return seen;
      });
      await answered(200, at(round + 1, admin.client).delete(`/admin/users/${id}/roles/admin`));
      taken = true;
      // Used as long as it was there, and never again.
      for (const seen of await Promise.all(uses)) expect(seen.join(' ')).to.match(/^(200 )*(403 )*403$/);
    }
  });

  it(`end all sessions by one request, those that begin at the same moment too, or none of these, ${ROUNDS} times`, async function () {
    this.timeout(600_000);
    const { client, email } = await installation.person('player');
    for (let round = 0; round < ROUNDS; round += 1) {
      const before = await Promise.all(SERVERS.map((server) => installation.signIn(server, email)));
      const beginning = SERVERS.map((server) => installation.signIn(server, email));
      const ending = at(round, before[0] as Client).post('/auth/logout-all');
      const during = await Promise.all(beginning);
      await answered(200, ending);
      for (const one of before) expect(await everywhere(one, '/auth/me')).to.deep.equal(allSay(401));
      for (const one of during) {
        const said = await everywhere(one, '/auth/me');
        expect(said).to.deep.equal(allSay(said[0] as number));
        expect(said[0]).to.be.oneOf([200, 401]);
      }
      client.cookie = (await installation.signIn(round, email)).cookie;
    }
  });

  async function aGame(gm: Client): Promise<string> {
    return (await answered(201, gm.post('/games', { name: 'Vox Machina' }))).id;
  }

  it(`leave a game a GM where both go at once, ${ROUNDS} times`, async function () {
    this.timeout(600_000);
    const [one, two] = [await installation.person('gm'), await installation.person('gm')];
    for (let round = 0; round < ROUNDS; round += 1) {
      const game = await aGame(at(round, one.client));
      const member = (who: Person) => `/games/${game}/members/${who.id}`;
      await answered(201, one.client.post(`/games/${game}/members`, { user_id: two.id, role_in_game: 'gm' }));
      const codes = await codesOf([
        at(round, one.client).delete(member(one)),
        at(round + 1, two.client).patch(member(two), { role_in_game: 'player' }),
      ]);
      expect(codes).to.deep.equal(['done', 'last_gm']);
      const [witness] = (await everywhere(one.client, `/games/${game}`))[0] === 200 ? [one] : [two];
      for (const server of SERVERS) {
        const { items } = await answered(200, at(server, witness.client).get(`/games/${game}/members`));
        expect(items.filter((member: Json) => member.role_in_game === 'gm')).to.have.length(1);
      }
    }
  });

  it(`admit one of 16 who accept the last use of an invitation, ${ROUNDS} times`, async function () {
    this.timeout(600_000);
    const gm = await installation.person('gm');
    const racers: Person[] = [];
    for (let i = 0; i < 16; i += 1) racers.push(await installation.person('player'));
    for (let round = 0; round < ROUNDS; round += 1) {
      const game = await aGame(gm.client);
      const { code } = await answered(201, gm.client.post(`/games/${game}/invitations`, { max_uses: 1 }));
      const codes = await codesOf(racers.map(({ client }, i) => at(i, client).post(`/invitations/${code}/accept`)));
      expect(codes).to.deep.equal(['done', ...Array(15).fill('invitation_used_up')]);
      const { items } = await answered(200, at(round, gm.client).get(`/games/${game}/members?limit=50`));
      expect(items).to.have.length(2);
    }
  });

  it(`agree who is a member where one joins and is removed at the same moment, ${ROUNDS} times`, async function () {
    this.timeout(600_000);
    const [gm, player] = [await installation.person('gm'), await installation.person('player')];
    for (let round = 0; round < ROUNDS; round += 1) {
      const game = await aGame(gm.client);
      const { code } = await answered(201, gm.client.post(`/games/${game}/invitations`, { max_uses: 1 }));
      const joining = at(round, player.client).post(`/invitations/${code}/accept`);
      const removed = await at(round + 1, gm.client).delete(`/games/${game}/members/${player.id}`);
      await answered(200, joining);
      expect(removed.status, removed.text).to.be.oneOf([204, 404]);
      const isMember = removed.status === 404;
      expect(await everywhere(player.client, `/games/${game}`)).to.deep.equal(allSay(isMember ? 200 : 404));
    }
  });
});
