/**
 * The clock of a server moves by an hour and by a year, forth and back: nobody stays in for longer, nobody shut out.
 */
import { expect } from 'chai';
import { restore, type SinonFakeTimers, useFakeTimers } from 'sinon';
import { hasRedisProgram, OwnRedis } from '../support/servers/own-redis.ts';
import { type Client, type Settings, startTestServer, type TestServer } from '../support/servers/server.ts';

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const STRANGERS = 30;
const LIMITS = { RATE_LIMIT_ANONYMOUS_PER_MINUTE: String(STRANGERS) };
const JUMPS = { 'an hour': HOUR_MS, 'a year': YEAR_MS } as const;
const EMBEDDED = 'embedded';

for (const layer of [EMBEDDED, 'redis']) {
  describe(`faults: the clock moves, with the speed layer ${layer}`, function () {
    this.timeout(60_000);
    let redis: OwnRedis | undefined;
    let clock: SinonFakeTimers;
    let server: TestServer;
    let began: number;

    before(function () {
      if (layer !== EMBEDDED && !hasRedisProgram()) this.skip();
    });
    beforeEach(async () => {
      redis = layer === EMBEDDED ? undefined : await OwnRedis.start();
      const settings: Settings = redis === undefined ? LIMITS : { ...LIMITS, REDIS_URL: redis.url };
      clock = useFakeTimers({ now: Date.now(), toFake: ['Date'] });
      began = Date.now();
      server = await startTestServer(settings);
    });
    afterEach(async () => {
      await server?.close();
      restore();
      await redis?.remove();
    });

    const move = (ms: number) => clock.setSystemTime(began + ms);
    const me = async (client: Client) => (await client.get('/auth/me')).status;

    for (const [name, ms] of Object.entries(JUMPS)) {
      it(`ends by ${name} ahead what ends in that time, and nothing else`, async () => {
        const client = await server.user();
        move(ms);
        expect(await me(client)).to.equal(ms === HOUR_MS ? 200 : 401);
      });

      it(`leaves nobody signed in who began or went on by a clock ${name} ahead, once it is right again`, async () => {
        const before = await server.user();
        move(ms);
        const ahead = await server.user();
        expect([await me(ahead), await me(before)]).to.deep.equal([200, ms === HOUR_MS ? 200 : 401]);
        move(1_000);
        expect(await me(ahead)).to.equal(401);
        // In a year it was not used, because it had ended.
        if (ms === HOUR_MS) expect(await me(before)).to.equal(401);
        expect(await me(await server.user())).to.equal(200);
      });

      it(`ends by the time that is allowed what began by a clock ${name} behind`, async () => {
        move(-ms);
        const client = await server.user();
        expect(await me(client)).to.equal(200);
        move(0);
        expect(await me(client)).to.equal(ms === HOUR_MS ? 200 : 401);
      });

      it(`shuts nobody out by limits for more than a minute after a clock ${name} ahead or behind is right again`, async () => {
        for (const ahead of [ms, -ms]) {
          move(ahead);
          const stranger = server.client();
          while ((await me(stranger)) === 401);
          move(0);
          expect(await me(stranger)).to.equal(ahead > 0 ? 429 : 401);
          move(60_000);
          for (let n = 0; n < STRANGERS; n += 1) expect(await me(stranger)).to.equal(401);
          move(120_000);
        }
      });

      it(`delays a sign-in for no longer than the rule says after a clock ${name} ahead is right again`, async () => {
        const guess = () => server.client().post('/auth/login', { login: 'vex', password: 'wrong-heron-lantern' });
        move(ms);
        for (let n = 0; n < 5; n += 1) expect((await guess()).status).to.equal(401);
        move(60_000);
        const delayed = await guess();
        expect([delayed.status, delayed.headers.get('retry-after')]).to.deep.equal([429, '1']);
        move(61_000);
        expect((await guess()).status).to.equal(401);
      });
    }
  });
}
