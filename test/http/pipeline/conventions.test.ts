/** What every call has in common, tried on every route as it is declared. */
import { expect } from 'chai';
import type { Route } from '#adapters/http/declaration/route.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { AuthorizationFixture } from '../../support/matrix/authorization-fixture.ts';
import { CALLERS } from '../../support/matrix/callers.ts';
import type { RouteFixture } from '../../support/matrix/fixture.ts';
import { call, nameOf, standing } from '../../support/matrix/matrix.ts';
import { routeFixtures } from '../../support/matrix/route-fixtures.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

/** In the form of a cursor of a list by time, with an id that no database would have given. */
const UNCLEAN_CURSOR = Buffer.from('{"at":"2024-01-01T00:00:00Z","id":"aud_\\u0000"}').toString('base64url');

onEveryStore('HTTP: conventions', () => {
  let world: AuthorizationFixture;
  let routes: readonly Route[];
  before(async () => {
    world = await AuthorizationFixture.open();
    // What leads to a provider takes whatever the provider sends; what is not below the base path follows another API.
    const isOwn = ({ basePath, path }: Route) => basePath !== '' && !path.startsWith('/auth/oauth/');
    routes = routesOf(world.container).filter(isOwn);
  });
  after(() => world.server.close());

  /** An admin's call on the first of the things that the route's path can name. */
  async function asAdmin(route: Route, changed: Partial<RouteFixture>) {
    const fixture = { ...routeFixtures[nameOf(route)], ...changed };
    const make = Object.values(fixture.things ?? {})[0] ?? (async () => ({}));
    const stands = await standing(world, make, 'admin');
    return call({ world, route, fixture, ...stands, credentials: CALLERS.admin.session });
  }

  /** Beside what the route cannot do without. */
  const withQuery = (route: Route, added: string) => {
    const { query = '' } = routeFixtures[nameOf(route)] ?? {};
    return { query: query === '' ? `?${added}` : `${query}&${added}` };
  };

  const queryOf = async (route: Route, name: string, value: string) => {
    const declared = await route.query?.safeParseAsync({ [name]: value });
    return declared?.error?.issues.some(({ code }) => code === 'unrecognized_keys') === false || declared?.success;
  };

  it('answers 400 `malformed_cursor` to a bad cursor on every list with cursors, of which there are more than five', async () => {
    let lists = 0;
    for (const route of routes) {
      if (!(await queryOf(route, 'cursor', 'x'))) continue;
      lists += 1;
      for (const cursor of ['x', 'eyJhIjoxfQ', 'bnVsbA', UNCLEAN_CURSOR]) {
        const answer = await asAdmin(route, withQuery(route, `cursor=${cursor}`));
        expect(answer.body, `${nameOf(route)}: ${cursor}`).to.include({ status: 400, code: 'malformed_cursor' });
      }
    }
    expect(lists).to.be.above(5);
  });

  it('answers 400 `invalid_input` to a limit outside 1 to 200 on every route that takes one', async () => {
    for (const route of routes) {
      if (!(await queryOf(route, 'limit', '1'))) continue;
      for (const limit of ['0', '201', '1e2']) {
        const answer = await asAdmin(route, withQuery(route, `limit=${limit}`));
        expect(answer.body, `${nameOf(route)}: ${limit}`).to.include({ status: 400, code: 'invalid_input' });
      }
    }
  });

  it('answers 200 with no more than the limit, from 1 to 200, on every route that takes one', async () => {
    for (const route of routes) {
      if (!(await queryOf(route, 'limit', '1'))) continue;
      for (const limit of [1, 200]) {
        const answer = await asAdmin(route, withQuery(route, `limit=${limit}`));
        expect(answer.status, `${nameOf(route)}: ${limit}`).to.equal(200);
        const { items = answer.body.passages } = answer.body;
        expect(items.length, nameOf(route)).to.be.at.most(limit);
      }
    }
  });

  it('shows an ETag with what is edited by one, and with nothing else that it shows', async () => {
    let tagged = 0;
    for (const route of routes.filter(({ method }) => method === 'get')) {
      const { status, headers } = await asAdmin(route, {});
      if (status !== 200) continue;
      expect(headers.get('etag') !== null, nameOf(route)).to.equal(route.etag);
      if (route.etag) tagged += 1;
    }
    expect(tagged).to.equal(5);
  });

  it('answers 400 `invalid_input` to an unknown query parameter or body field on every route', async () => {
    for (const route of routes) {
      const query = await asAdmin(route, { query: '?no_such_parameter=1' });
      expect(query.body, nameOf(route)).to.include({ status: 400, code: 'invalid_input' });
      if (route.body === null) continue;
      const known = routeFixtures[nameOf(route)]?.body;
      const body: RouteFixture['body'] = async (...given) => ({
        ...((await known?.(...given)) as object),
        no_such_field: 1,
      });
      const field = await asAdmin(route, { body });
      expect(field.body, nameOf(route)).to.include({ status: 400, code: 'invalid_input' });
    }
  });

  it('answers every call with the given request id, `Cache-Control: no-store` and `nosniff`', async () => {
    for (const route of routes) {
      const credentials = async () => ({ 'X-Request-Id': 'trace:1' });
      const things = Object.values(routeFixtures[nameOf(route)]?.things ?? {})[0] ?? (async () => ({}));
      const fixture = routeFixtures[nameOf(route)] ?? {};
      const stands = await standing(world, things, 'admin');
      const { headers } = await call({ world, route, fixture, ...stands, credentials });
      expect(headers.get('x-request-id'), nameOf(route)).to.equal('trace:1');
      expect(headers.get('cache-control'), nameOf(route)).to.equal('no-store');
      expect(headers.get('x-content-type-options'), nameOf(route)).to.equal('nosniff');
    }
  });

  it('declares an ETag for users, roles, games, sources and documents alone, and an Idempotency-Key where something is made', () => {
    const patched = routes.filter(({ method }) => method === 'patch').map(({ path }) => path);
    const tagged = new Set([
      '/admin/users/{id}',
      '/admin/roles/{name}',
      '/games/{id}',
      '/sources/{id}',
      '/documents/{id}',
    ]);
    for (const path of tagged) expect(patched).to.include(path);
    for (const route of routes) {
      const expected = tagged.has(route.path) && ['get', 'patch'].includes(route.method);
      expect(route.etag, nameOf(route)).to.equal(expected);
    }
    const keyed = routes.filter(({ idempotent }) => idempotent).map(nameOf);
    expect(keyed).to.include.members([
      'POST /chat',
      'POST /chat/{thread}',
      'POST /admin/users',
      'POST /games',
      'POST /sources',
      'POST /auth/tokens',
      'POST /games/{id}/invitations',
    ]);
  });
});
