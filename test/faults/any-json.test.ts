/** Any JSON at any route: what is refused is refused with a problem, changes nothing, and breaks nothing. */
import { expect } from 'chai';
import fc from 'fast-check';
import { z } from 'zod';
import { BODY_KINDS } from '#adapters/http/declaration/body.ts';
import type { Route } from '#adapters/http/declaration/route.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { WatchedFile } from '../support/backends/watched-file.ts';
import { nearlyValid } from '../support/builders/near-valid.ts';
import { AuthorizationFixture, type Person } from '../support/matrix/authorization-fixture.ts';
import { finishBackgroundWork } from '../support/matrix/background-work.ts';
import { NOTHING, type Params } from '../support/matrix/fixture.ts';
import { nameOf, pathOf } from '../support/matrix/matrix.ts';
import { routeFixtures } from '../support/matrix/route-fixtures.ts';
import { type ModelServer, says, startModelServer } from '../support/model/model-server.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { type Answer, sqliteSettings } from '../support/servers/server.ts';

const CASES = 300;
const SHOWN_CHARACTERS = 500;
/** Parts of addresses, as they are sent. */
const ODD_PARTS = [
  '%00',
  '%ff',
  '%ED%A0%80',
  '%',
  '%2e%2e',
  '-1',
  '0',
  '1e999',
  '9'.repeat(400),
  'x'.repeat(2_000),
  '%7B%7D',
];

/** What failed, without hundreds of kilobytes of it. */
function reporter({ failed, seed, counterexamplePath, counterexample, errorInstance }: fc.RunDetails<[string]>): void {
  if (!failed) return;
  const body = counterexample?.[0].slice(0, SHOWN_CHARACTERS);
  const why = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`${why}\nbody ${body}\nseed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
}

describe('faults: any JSON at any route', function () {
  this.timeout(600_000);
  let model: ModelServer;
  let files: Awaited<ReturnType<typeof sqliteSettings>>;
  let world: AuthorizationFixture;
  let routes: ReadonlyMap<string, Route>;
  let stored: WatchedFile;

  before(async () => {
    model = await startModelServer(says('Well.'));
    files = await sqliteSettings();
    const settings = { REGISTRATION: 'open', LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b' };
    world = await AuthorizationFixture.open({ ...files.settings, ...settings });
    routes = new Map(routesOf(world.container).map((route) => [nameOf(route), route]));
    stored = new WatchedFile(`${files.folder}/app.db`);
  });
  after(async () => {
    stored[Symbol.dispose]();
    await world.server.close();
    await model.close();
    await files.remove();
  });

  function expectRefusedOrDone({ status, body, text }: Answer, what: string): void {
    expect(status, `${what}: ${text}`).to.be.below(500);
    if (status < 400 || body?.jsonrpc === '2.0') return;
    if (body?.error === undefined) expect(body?.status, what).to.equal(status);
    expect(typeof (body?.error ?? body)?.code, what).to.equal('string');
  }

  type Called = Readonly<{ person: Person; params: Params; example: unknown }>;

  /** Everything new: whoever may call, the thing in the path, and a body that is taken. */
  async function newCall(name: string): Promise<Called> {
    const person = await world.person('admin');
    const { things, body } = routeFixtures[name] ?? NOTHING;
    const [make] = Object.values(things ?? {});
    const params = make === undefined ? {} : await make(world, person);
    const example = await body?.(person, params, world);
    // What was accepted before goes on behind its answer: deleted threads are purged, replies appended.
    await finishBackgroundWork(world.container);
    return { person, params, example };
  }

  const accepted = new Set<string>();
  const withBodies = Object.keys(routeFixtures).filter((name) => !name.startsWith('GET '));

  it('is every route that takes a body', () => {
    const declared = [...routes.values()].filter(({ method }) => method !== 'get').map(nameOf);
    expect(withBodies).to.have.members(declared);
  });

  for (const name of withBodies) {
    it(name, async () => {
      const route = routes.get(name) as Route;
      let called = await newCall(name);
      const tag: Record<string, string> = route.etag ? { 'If-Match': '*' } : {};
      const send = async (body: string): Promise<void> => {
        const { person, params } = called;
        stored.changedTables();
        const headers = { 'Content-Type': BODY_KINDS[route.body?.kind ?? 'json'].contentType, ...tag };
        const answer = await person.client.send(route.method.toUpperCase(), pathOf(route.path, params), body, headers);
        expectRefusedOrDone(answer, name);
        if (answer.status >= 400) {
          expect(stored.changedTables(), `${answer.status} ${answer.text}`).to.deep.equal([]);
          return;
        }
        accepted.add(name);
        called = await newCall(name);
      };
      const { body } = route;
      const schema = body?.kind === 'lines' ? body.line : body?.schema;
      const bodies = nearlyValid(schema ?? z.strictObject({}), called.example);
      await fc.assert(fc.asyncProperty(bodies, send), { numRuns: rounds(CASES), endOnFailure: true, reporter });
    });
  }

  it('is what routes take, too', () => {
    expect(accepted.size, [...accepted].join(', ')).to.be.greaterThan(10);
  });

  it('takes any path and any query without a fault', async () => {
    const { client } = await world.person('admin');
    for (const [name, route] of routes) {
      const described =
        route.query === null ? {} : z.toJSONSchema(route.query, { io: 'input', unrepresentable: 'any' });
      const names = [...Object.keys((described as { properties?: object }).properties ?? {}), '__proto__'];
      for (const part of ODD_PARTS) {
        const path = route.path.replaceAll(/\{\w+\}/g, part);
        const query = names.map((one) => `${one}=${part}`).join('&');
        const answer = await client.send(route.method.toUpperCase(), `${path}?${query}`, undefined, {});
        expectRefusedOrDone(answer, `${name} ${path}?${query}`);
      }
    }
  });
});
