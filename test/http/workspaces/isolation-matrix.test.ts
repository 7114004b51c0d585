/**
 * Every route, called by members of another workspace with things of this one: they are answered as about what is not
 * there, and change nothing.
 */
import { expect } from 'chai';
import { BODY_KINDS } from '#adapters/http/declaration/body.ts';
import type { Route } from '#adapters/http/declaration/route.ts';
import type { WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { AuthorizationFixture, type Person } from '../../support/matrix/authorization-fixture.ts';
import type { Make, Params, RouteFixture } from '../../support/matrix/fixture.ts';
import {
  aForeignPassage,
  BY_CODE,
  type Foreign,
  MARK,
  OF_THE_INSTALLATION,
  OWNED_BY_NO_WORKSPACE,
  openForeign,
} from '../../support/matrix/isolation.ts';
import { call, nameOf } from '../../support/matrix/matrix.ts';
import { routeFixtures } from '../../support/matrix/route-fixtures.ts';
import type { Answer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

/** Members of a workspace of their own, who may do there whatever can be done. */
const OUTSIDERS = ['player', 'gm', 'admin'] as const;

onEveryStore('HTTP: the isolation of workspaces', () => {
  let world: AuthorizationFixture;
  let foreign: Foreign;
  let routes: readonly Route[];

  before(async function () {
    this.timeout(120_000);
    world = await AuthorizationFixture.open();
    foreign = await openForeign(world);
    routes = routesOf(world.container);
  });
  after(function () {
    this.timeout(120_000);
    return world.server.close();
  });

  const isOwned = (route: Route) => !OWNED_BY_NO_WORKSPACE.some((start) => route.path.startsWith(start));
  const withThings = () => routes.filter((route) => isOwned(route) && Object.keys(route.params).length > 0);
  const without = () => routes.filter((route) => isOwned(route) && Object.keys(route.params).length === 0);
  const fixtureOf = (route: Route): RouteFixture => routeFixtures[nameOf(route)] as RouteFixture;

  /** What was asked for outside of any workspace is of whoever asked. */
  const isOfUser = ({ path }: Route) => path.startsWith('/jobs');

  async function outsider(role: string): Promise<Person> {
    const person = await world.person(role);
    const host = await world.person('admin');
    const { id } = (await host.client.post('/workspaces', { name: 'The South' })).body;
    const membership: { user_id: string; role: WorkspaceRole } = { user_id: person.user.id, role: 'owner' };
    await host.client.post(`/workspaces/${id}/members`, membership);
    return person;
  }

  /** By session and, where a route takes one, by a token of all scopes. */
  async function answersOf(route: Route, person: Person, params: Params): Promise<readonly Answer[]> {
    const fixture = fixtureOf(route);
    const calling = { world, route, fixture, person, params };
    const answers = [await call({ ...calling, credentials: (_, user) => world.session(user) })];
    if (['session', 'public'].includes(route.access)) return answers;
    return [...answers, await call({ ...calling, credentials: (_, user) => world.token(user) })];
  }

  const shown = ({ status, text, body }: Answer) =>
    typeof body === 'object' && body !== null ? { status, body: { ...body, request_id: null } } : { status, text };

  /** What is done to a thing is in the audit, newest first; what is said in a thread is not, and counted. */
  async function state() {
    const { audit, statistics } = world.container.get(tokens.reads);
    const { items } = await audit.list({}, { limit: 1 });
    const { users: _, ...counts } = await statistics.count();
    return { latest: items[0]?.id, counts };
  }

  async function expectUnchanged(before: Awaited<ReturnType<typeof state>>, where: string): Promise<void> {
    const { audit } = world.container.get(tokens.reads);
    const { items } = await audit.list({}, { limit: 50 });
    const since = items.slice(
      0,
      items.findIndex(({ id }) => id === before.latest),
    );
    expect(
      since.filter(({ outcome }) => outcome === 'done').map(({ action }) => action),
      where,
    ).to.deep.equal([]);
    expect((await state()).counts, where).to.deep.equal(before.counts);
  }

  /** Each route with each of the outsiders for whom nothing of another workspace may be told. */
  const casesOf = (some: readonly Route[]) =>
    some.flatMap((route) => {
      const roles = OUTSIDERS.filter((role) => role !== 'admin' || OF_THE_INSTALLATION[nameOf(route)] === undefined);
      return roles.map((role) => ({ route, role, where: `${nameOf(route)}, ${role}` }));
    });

  /** The things that a route's path can name: somebody's own, which is made in the foreign workspace, and none. */
  function thingsOf(route: Route) {
    const { missing, own, any, licensed }: Readonly<Record<string, Make>> = fixtureOf(route).things ?? {};
    const make = own ?? any ?? licensed;
    if (missing === undefined || make === undefined) throw new Error(`${nameOf(route)}: say what its path can name.`);
    return { missing, make };
  }

  it('answers about a thing of another workspace as about one that is not there, and changes nothing', async function () {
    this.timeout(600_000);
    for (const { route, role, where } of casesOf(withThings().filter((one) => BY_CODE[nameOf(one)] === undefined))) {
      const { missing, make } = thingsOf(route);
      const params = await make(foreign.world, await foreign.world.person('admin'));
      const person = await outsider(role);
      const nothing = await answersOf(route, person, await missing(world, person));
      const before = await state();
      const found = await answersOf(route, person, params);
      expect(found.map(shown), where).to.deep.equal(nothing.map(shown));
      for (const { status, text } of found) {
        expect(status, where).to.be.oneOf([403, 404]);
        expect(text, where).not.to.include(MARK);
      }
      await expectUnchanged(before, where);
    }
  });

  it('answers whoever has left the workspace about what is still theirs there as about what is not there', async function () {
    this.timeout(600_000);
    const [unitOfWork, reads] = [world.container.get(tokens.unitOfWork), world.container.get(tokens.reads)];
    for (const route of withThings().filter((one) => BY_CODE[nameOf(one)] === undefined && !isOfUser(one))) {
      const { missing, make } = thingsOf(route);
      const person = await foreign.world.person('gm');
      const params = await make(foreign.world, person);
      const rows = await reads.workspaceMembers.listByUser(person.user.id);
      // The row alone: what they own there, and the games that they are in, are left as they are.
      await unitOfWork.run(async ({ workspaceMembers }) => {
        for (const { workspaceId, userId } of rows) await workspaceMembers.remove(workspaceId, userId);
      });
      const nothing = await answersOf(route, person, await missing(world, person));
      const found = await answersOf(route, person, params);
      expect(found.map(shown), nameOf(route)).to.deep.equal(nothing.map(shown));
      for (const { text } of found) expect(text, nameOf(route)).not.to.include(MARK);
    }
  });

  it('finds nothing of another workspace in any list, and lets nobody name it there', async function () {
    this.timeout(600_000);
    const insider = await foreign.world.person('admin');
    const { id: game } = (await insider.client.post('/games', { name: 'A game' })).body;
    await insider.client.post('/sources', { title: 'A source', included: true });
    for (const place of [{}, { game_id: game }]) {
      const { id } = (await insider.client.post('/chat', { title: 'A thread', ...place })).body;
      await insider.client.post(`/chat/${id}`, { content: 'One and all.' });
    }
    expect((await insider.client.get(`/chat/search?query=one&workspace_id=${foreign.id}`)).text).to.include(MARK);
    await aForeignPassage(foreign, insider.user.id);
    expect((await insider.client.get(`/sources/search?query=prone&workspace_id=${foreign.id}`)).text).to.include(MARK);
    for (const { route, role, where } of casesOf(without())) {
      const person = await outsider(role);
      await aForeignPassage(foreign, person.user.id);
      for (const { text } of await answersOf(route, person, {})) {
        expect(text, where).not.to.include(MARK);
        expect(text, where).not.to.include(foreign.id);
      }
      const named = await namingForeign(route, person);
      if (named !== null && named.status !== 403)
        expect([named.status, named.body.code], where).to.deep.equal([404, 'workspace_not_found']);
    }
  });

  /** The answer where the route takes a workspace, in its body or its query; null where it takes none. */
  async function namingForeign(route: Route, person: Person): Promise<Answer | null> {
    const { body: makeBody, query = '?limit=9' } = fixtureOf(route);
    const body = (await makeBody?.(person, {}, world)) as object | undefined;
    const headers = await world.session(person.user);
    if (takesWorkspace(route.query)) {
      const type = { 'Content-Type': BODY_KINDS[route.body?.kind ?? 'json'].contentType };
      const path = `${route.path}${body === undefined ? query : '?'}&workspace_id=${foreign.id}`;
      const text = body === undefined ? undefined : JSON.stringify(body);
      return world.server.client().send(route.method.toUpperCase(), path, text, { ...headers, ...(body && type) });
    }
    if (!takesWorkspace(route.body?.schema ?? null)) return null;
    return world.server.client().post(route.path, { ...body, workspace_id: foreign.id }, headers);
  }

  it('takes a workspace wherever a thing of one is listed or made', () => {
    const taking = without().filter(({ query, body }) => takesWorkspace(query) || takesWorkspace(body?.schema ?? null));
    expect(taking.map(nameOf).toSorted()).to.deep.equal([
      'GET /chat',
      'GET /chat/search',
      'GET /games',
      'GET /me/sources',
      'GET /sources',
      'GET /sources/search',
      'POST /ask',
      'POST /chat',
      'POST /chat/import',
      'POST /games',
      'POST /sources',
    ]);
  });

  it('leads nobody from another workspace into a game by its invitation, while its code shows what it is for', async () => {
    const gm = await foreign.world.person('gm');
    const { id } = (await gm.client.post('/games', { name: 'A game' })).body;
    const { code } = (await gm.client.post(`/games/${id}/invitations`, {})).body;
    for (const role of OUTSIDERS) {
      const { client } = await outsider(role);
      for (const answer of ['accept', 'decline']) {
        const { status, body } = await client.post(`/invitations/${code}/${answer}`);
        expect([status, body.code]).to.deep.equal([404, 'invitation_for_members']);
      }
    }
    expect((await gm.client.get(`/games/${id}/members`)).body.items).to.have.length(1);
    expect((await world.server.client().get(`/invitations/${code}`)).body.game_name).to.include(MARK);
  });

  it('lets a token act in the workspace alone to which it is bound, and in none once its owner has left', async () => {
    const owner = await foreign.world.person('admin');
    const scopes = ['games.use', 'games.create', 'sources.read', 'sources.write', 'chat.use'];
    const issued = await owner.client.post('/auth/tokens', { name: 'bound', scopes, workspace_id: foreign.id });
    const bound = world.server.client();
    bound.bearer = issued.body.token;
    const { id: home } = (await (await world.person('gm')).client.post('/games', { name: 'At home' })).body;
    expect((await bound.get('/workspaces')).body.items.map(({ id }: { id: string }) => id)).to.deep.equal([foreign.id]);
    expect((await bound.post('/games', { name: 'Mine' })).body.workspace_id).to.equal(foreign.id);
    expect((await bound.get('/games?workspace_id=wsp_home')).status).to.equal(404);
    expect((await bound.get(`/games/${home}`)).status).to.equal(404);
    expect((await bound.get('/auth/me')).body.token.workspace_id).to.equal(foreign.id);
    const { user } = owner;
    await world.container
      .get(tokens.unitOfWork)
      .run(({ workspaceMembers }) => workspaceMembers.remove(foreign.id, user.id));
    expect((await bound.get('/games')).body.code).to.equal('workspace_not_found');
    expect((await bound.get('/workspaces')).body.items).to.deep.equal([]);
  });

  it('knows every exception by its route', () => {
    const names = routes.map(nameOf);
    expect(names).to.include.members([...Object.keys(OF_THE_INSTALLATION), ...Object.keys(BY_CODE)]);
  });
});

/** Of an object, or of one that is made of nothing where there is none. */
function takesWorkspace(schema: unknown): boolean {
  const { shape, def } = (schema ?? {}) as { shape?: object; def?: Readonly<Record<string, unknown>> };
  if (shape !== undefined) return 'workspace_id' in shape;
  return [def?.out, def?.innerType].some((inner) => inner !== undefined && takesWorkspace(inner));
}
