/** Lists, all of them: pages by `limit` and `cursor`, and what is answered to a cursor that nobody was given. */
import { expect } from 'chai';
import { z } from 'zod';
import type { Route } from '#adapters/http/declaration/route.ts';
import { ID_PREFIXES } from '#domain/shared/ids.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { AuthorizationFixture, type Person } from '../../support/matrix/authorization-fixture.ts';
import { nameOf, pathOf } from '../../support/matrix/matrix.ts';
import { routeFixtures } from '../../support/matrix/route-fixtures.ts';
import type { Answer, Json } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** Some have the form of another list's cursor, some hold what no database takes. */
const FORGED: readonly string[] = [
  'x',
  '%00',
  base64url('"'),
  base64url('""'),
  base64url('null'),
  base64url('{"at":1}'),
  base64url('{"at":"2024-01-01T00:00:00.000Z"}'),
  base64url('{"at":"+275760-09-13T00:00:00.001Z","id":"usr_1"}'),
  base64url('"a\\u0000"'),
  base64url('{"before":1,"after":1,"limit":-1}'),
  ...Object.values(ID_PREFIXES).flatMap((prefix) => [
    base64url(`"${prefix}_\\u0000"`),
    base64url(`{"at":"2024-01-01T00:00:00.000Z","id":"${prefix}_\\u0000"}`),
  ]),
];

onEveryStore('HTTP: lists', () => {
  let world: AuthorizationFixture;
  let admin: Person;
  let lists: readonly Route[];
  before(async () => {
    world = await AuthorizationFixture.open();
    admin = await world.person('admin');
    lists = routesOf(world.container).filter(({ method, returns }) => method === 'get' && hasItems(returns[200]));
  });
  after(() => world.server.close());

  const hasItems = (schema: unknown) => schema instanceof z.ZodObject && 'items' in schema.shape;

  /** Asks for pages of a list of the admin's own things, or of others' where they can own none. */
  async function pagesOf(route: Route): Promise<(query: string) => Promise<Answer>> {
    const things = Object.entries(routeFixtures[nameOf(route)]?.things ?? {}).filter(([thing]) => thing !== 'missing');
    const [, make] = things.find(([thing]) => thing === 'own') ?? things[0] ?? [];
    const params = (await make?.(world, admin)) ?? {};
    const path = `${pathOf(route.path, params)}${routeFixtures[nameOf(route)]?.query ?? '?'}`;
    return (query) => admin.client.get(`${path}&${query}`);
  }

  it('are all found: every GET whose answer has items, with `limit`, `cursor` and `next_cursor` declared', () => {
    expect(lists.map(nameOf)).to.include.members(['GET /auth/tokens', 'GET /admin/permissions', 'GET /games']);
    for (const route of lists) {
      const query = route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [];
      expect(query, nameOf(route)).to.include.members(['limit', 'cursor']);
      const answer = route.returns[200] as z.ZodObject;
      expect(Object.keys(answer.shape), nameOf(route)).to.include.members(['items', 'next_cursor']);
      expect(
        route.errors.map(({ code }) => code),
        nameOf(route),
      ).to.include('malformed_cursor');
    }
  });

  it('answer 400 `malformed_cursor` to a cursor that no list gave, and 400 to a limit outside of 1 to 200', async () => {
    for (const route of lists) {
      const page = await pagesOf(route);
      for (const cursor of FORGED) {
        const { status, body } = await page(`cursor=${cursor}`);
        expect([status, body.code], `${nameOf(route)} ${cursor}`).to.be.deep.oneOf([
          [400, 'malformed_cursor'],
          [400, 'malformed_text'],
        ]);
      }
      for (const limit of ['0', '201', '-1', 'all'])
        expect((await page(`limit=${limit}`)).body.code, nameOf(route)).to.equal('invalid_input');
    }
  });

  it('give each item once, in the same order, in pages of one as on one page', async () => {
    await admin.client.post('/admin/roles', { name: 'scribe' });
    for (let more = 0; more < 3; more += 1) {
      await admin.client.post('/auth/tokens', { name: `bot ${more}`, scopes: ['chat.use'] });
      await world.session(admin.user);
      await admin.client.post('/chat', { title: `Thread ${more}` });
      await admin.client.post('/games', { name: `Game ${more}` });
      await admin.client.post('/sources', { title: `Source ${more}`, included: true });
    }
    // The audit grows with each sign-in and refusal, so it is not among them.
    for (const path of ['/auth/tokens', '/auth/sessions', '/admin/roles', '/admin/permissions', '/chat', '/games']) {
      const all: Json[] = (await admin.client.get(`${path}?limit=200`)).body.items;
      expect(all.length, path).to.be.greaterThan(2);
      const single: Json[] = [];
      let cursor: string | null = '';
      while (cursor !== null && single.length <= all.length) {
        const { body }: Answer = await admin.client.get(`${path}?limit=1${cursor && `&cursor=${cursor}`}`);
        expect(body.items, path).to.have.length(1);
        single.push(...body.items);
        cursor = body.next_cursor;
      }
      expect(single, path).to.deep.equal(all);
    }
  });
});
