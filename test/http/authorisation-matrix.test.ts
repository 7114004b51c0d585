/** Every route, called by everybody, with things that are their own, another's and nobody's: as it was reviewed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Route } from '#adapters/http/declaration/route.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { AuthorizationFixture } from '../support/matrix/authorization-fixture.ts';
import { CALLER_NAMES, SIGNED_IN, TURNED_AWAY } from '../support/matrix/callers.ts';
import { nameOf, type Row, readPage, reviewable, rowsOf, UNREVIEWED, writePage } from '../support/matrix/matrix.ts';
import { routeFixtures } from '../support/matrix/route-fixtures.ts';
import { currentStore, onEveryStore } from '../support/servers/stores.ts';

const PAGE = join(import.meta.dirname, 'authorisation-matrix.md');
const REVIEW =
  'Run `node test/support/matrix/review-matrix.ts`, read every changed row, and say in its last cell why it is right.';

/** What any token of a user may read: who they are, where they are members, and the jobs that they asked for. */
const FOR_EVERY_TOKEN = [
  'GET /auth/me',
  'GET /jobs',
  'GET /jobs/live',
  'GET /jobs/{id}',
  'GET /workspaces',
  'GET /workspaces/{id}',
  'GET /workspaces/{id}/usage',
];

/** Stores are asked for a token's user and scopes alone, which their contract covers: what these open is the same. */
const hasTokens = () => currentStore() === 'memory';

onEveryStore('HTTP: the authorisation matrix', () => {
  const reviewed = readPage(readFileSync(PAGE, 'utf8'));
  const seen: Row[] = [];
  const byToken: Row[] = [];
  let world: AuthorizationFixture;
  let routes: readonly Route[];

  before(async function () {
    this.timeout(600_000);
    world = await AuthorizationFixture.open();
    routes = routesOf(world.container);
    for (const route of routes) {
      const fixture = routeFixtures[nameOf(route)];
      if (fixture === undefined) continue;
      seen.push(...(await rowsOf(world, route, fixture)));
      if (hasTokens()) byToken.push(...(await rowsOf(world, route, fixture, 'token')));
    }
  });
  after(function () {
    // What the matrix has deleted is removed behind the requests, and the end waits for that.
    this.timeout(120_000);
    return world.server.close();
  });

  it('has a fixture for every route, and none for a route that is gone', () => {
    const names = routes.map(nameOf);
    const without = names.filter((name) => routeFixtures[name] === undefined);
    expect(without, `Say in test/support/matrix/route-fixtures.ts how to call these. ${REVIEW}`).to.deep.equal([]);
    expect(names, 'These fixtures call no route: remove them.').to.include.members(Object.keys(routeFixtures));
    for (const route of routes) {
      const fixture = routeFixtures[nameOf(route)];
      const things = Object.keys(route.params).length > 0;
      expect(fixture?.things !== undefined, `${nameOf(route)}: things that its path can name`).to.equal(things);
    }
  });

  it('is what was reviewed', () => {
    for (const row of seen) {
      const { key, statuses } = reviewable(row);
      const was = reviewed.get(key);
      expect(was, `${key} is not in ${PAGE}. ${REVIEW}`).not.to.equal(undefined);
      expect(statuses, `${key}: ${CALLER_NAMES.join(', ')}. ${REVIEW}`).to.equal(was?.statuses);
      expect(was?.why, `${key}: nobody has said why this is right.`).not.to.be.oneOf(['', UNREVIEWED]);
    }
    const gone = [...reviewed.keys()].filter((key) => !seen.some((row) => reviewable(row).key === key));
    expect(gone, `These rows are of no route. ${REVIEW}`).to.deep.equal([]);
  });

  it('lets nobody tell what is another’s from what is not there', () => {
    for (const { route, thing, answers } of seen.filter((row) => row.thing === 'other')) {
      const missing = seen.find((row) => row.route === route && row.thing === 'missing');
      for (const caller of CALLER_NAMES) {
        const [foreign, nothing] = [answers[caller], missing?.answers[caller]];
        if (foreign.status < 400 || nothing === undefined) continue;
        // An admin sees every game by `games.manage`, and may be told why something is not done to it.
        if (caller === 'admin' && / \/games\/\{id\}/.test(route)) continue;
        const withoutId = (body: object) => ({ ...body, request_id: null });
        const where = `${route}, ${thing}, ${caller}`;
        expect(withoutId(foreign.body), where).to.deep.equal(withoutId(nothing.body));
        expect([...foreign.headers.keys()].sort(), where).to.deep.equal([...nothing.headers.keys()].sort());
      }
    }
  });

  it('lets nobody in whose credentials are good no longer: they are all answered as one who has none', () => {
    const open = new Set(routes.filter(({ access }) => access === 'public').map(nameOf));
    for (const { route, thing, answers } of seen) {
      for (const caller of TURNED_AWAY) {
        const where = `${route}, ${thing}, ${caller}`;
        // Where anybody may call, a body may still name the account: by its password, or by the code of a link.
        if (caller !== 'disabled' || !open.has(route))
          expect(answers[caller].status, where).to.equal(answers.anonymous.status);
      }
    }
  });

  it('answers an API token of all scopes as a session, but where only a session will do: 403', function () {
    if (!hasTokens()) this.skip();
    expect(byToken).to.have.length(seen.length);
    const accessOf = new Map(routes.map((route) => [nameOf(route), route.access]));
    for (const { row, caller, answer, where } of eachAnswer(byToken)) {
      const bySession = seen.find(({ route, thing }) => route === row.route && thing === row.thing);
      const needsSession = accessOf.get(row.route) === 'session' && SIGNED_IN.some((name) => name === caller);
      if (needsSession) expect(answer.body, where).to.include({ status: 403, code: 'session_required' });
      else expect(answer.status, `${where} by token`).to.equal(bySession?.answers[caller].status);
    }
  });

  it('lets a token with one foreign scope in nowhere but where anybody may call, and to what its owner asked for: 403', () => {
    const open = new Set(routes.filter(({ access }) => access === 'public').map(nameOf));
    for (const { route, thing, answers } of seen) {
      if (open.has(route) || FOR_EVERY_TOKEN.includes(route)) continue;
      const { status, body } = answers.foreign;
      expect([status, (body.error ?? body).code], `${route}, ${thing}`).to.be.deep.oneOf([
        [403, 'permission_missing'],
        [403, 'session_required'],
      ]);
    }
  });

  it('answers no caller with a fault of ours', () => {
    for (const { route, thing, answers } of seen) {
      for (const caller of CALLER_NAMES)
        expect(answers[caller].status, `${route}, ${thing}, ${caller}`).to.be.below(500);
    }
  });

  it('reads a page as it writes it', () => {
    expect(readPage(writePage([...reviewed.values()]))).to.deep.equal(reviewed);
  });
});

function* eachAnswer(rows: readonly Row[]) {
  for (const row of rows) {
    for (const caller of CALLER_NAMES) {
      yield { row, caller, answer: row.answers[caller], where: `${row.route}, ${row.thing}, ${caller}` };
    }
  }
}
