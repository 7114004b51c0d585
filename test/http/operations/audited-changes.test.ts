/**
 * Every route that changes something, as an admin by a session and by a token: it adds its one entry, changes nothing
 * where the audit fails, and adds none where it changed nothing.
 */
import { expect } from 'chai';
import { BODY_KINDS } from '#adapters/http/declaration/body.ts';
import type { Route } from '#adapters/http/declaration/route.ts';
import { AuditQueue } from '#application/audit/audit-queue.ts';
import { AUDIT_ACTIONS, type AuditEntry } from '#application/shared/audit-log.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { withoutAudit } from '../../support/builders/broken-audit.ts';
import { factFaults } from '../../support/invariants/audit-facts.ts';
import { type AuditedChange, auditedChanges } from '../../support/matrix/audited-changes.ts';
import { AuthorizationFixture, type Person } from '../../support/matrix/authorization-fixture.ts';
import { finishBackgroundWork } from '../../support/matrix/background-work.ts';
import type { Make, Params } from '../../support/matrix/fixture.ts';
import { nameOf, pathOf } from '../../support/matrix/matrix.ts';
import { OTHER_ACTIONS } from '../../support/matrix/other-actions.ts';
import { routeFixtures } from '../../support/matrix/route-fixtures.ts';
import { type ModelServer, says, startModelServer } from '../../support/model/model-server.ts';
import type { Answer } from '../../support/servers/server.ts';

const ADD_A_ROW =
  'Say in test/support/matrix/audited-changes.ts which action this route adds to the audit, with its subject and facts, or why it adds none.';

type By = 'session' | 'token' | 'nobody';
/** One call that is ready to be sent, and again. */
type Prepared = Readonly<{ caller: Person; params: Params; send: () => Promise<Answer> }>;

describe('HTTP: the audit of changes', () => {
  let model: ModelServer;
  let world: AuthorizationFixture;
  let routes: readonly Route[];
  const seen = new Set<string>();

  before(async () => {
    model = await startModelServer(says('Well.'));
    world = await AuthorizationFixture.open({
      REGISTRATION: 'open',
      LLM_BASE_URL: model.url,
      LLM_MODEL: 'narrator-7b',
    });
    routes = routesOf(world.container);
  });
  after(async () => {
    await world.server.close();
    await model.close();
  });

  const entriesOf = async (answer: Answer): Promise<readonly AuditEntry[]> => {
    const { items } = await world.container.get(tokens.reads).audit.list({}, { limit: 100 });
    return items.filter(({ requestId }) => requestId === answer.headers.get('x-request-id'));
  };
  const routeOf = (name: string): Route => {
    const route = routes.find((one) => nameOf(one) === name);
    if (route === undefined) throw new Error(`${name} is gone: remove its row.`);
    return route;
  };
  const sessionsOf = async ({ user }: Person) =>
    (await world.container.get(tokens.sessions).listByUser(user.id, new Date())).map(({ id }) => id);

  async function prepare(name: string, change: AuditedChange, by: By): Promise<Prepared> {
    const [route, fixture] = [routeOf(name), routeFixtures[name] ?? {}];
    const caller = await world.person('admin');
    const things: Readonly<Record<string, Make>> = fixture.things ?? {};
    const make = change.make ?? things[change.thing ?? 'own'] ?? Object.values(things)[0];
    const params = (await make?.(world, caller)) ?? {};
    const body = change.sends ?? (await fixture.body?.(caller, params, world));
    const credentials = {
      session: () => world.session(caller.user),
      token: () => world.token(caller.user),
      nobody: async () => ({}),
    };
    const headers = {
      ...(body === undefined ? {} : { 'Content-Type': BODY_KINDS[route.body?.kind ?? 'json'].contentType }),
      ...(route.etag ? { 'If-Match': '*' } : {}),
      ...(await credentials[by]()),
    };
    const path = pathOf(route.path, params) + (fixture.query ?? '');
    const text = body === undefined ? undefined : JSON.stringify(body);
    return { caller, params, send: () => world.server.client().send(route.method.toUpperCase(), path, text, headers) };
  }

  const changes = Object.entries(auditedChanges).flatMap(([name, change]) =>
    'unaudited' in change ? [] : [{ name, change }],
  );
  /** By what a route can be called: a token where it takes one. */
  const credentialsFor = (name: string, { actor }: AuditedChange): readonly By[] => {
    if (actor !== undefined) return ['nobody'];
    return ['session', 'public'].includes(routeOf(name).access) ? ['session'] : ['session', 'token'];
  };

  it('has a row for every route that changes something, and none for a route that is gone', () => {
    const changing = routes.filter(({ method }) => method !== 'get').map(nameOf);
    expect(
      changing.filter((name) => auditedChanges[name] === undefined),
      ADD_A_ROW,
    ).to.deep.equal([]);
    for (const name of Object.keys(auditedChanges)) routeOf(name);
  });

  for (const { name, change } of changes) {
    it(`${name}: one entry of ${change.action}, and none of the same again`, async () => {
      for (const by of credentialsFor(name, change)) {
        const { caller, params, send } = await prepare(name, change, by);
        const answer = await send();
        expect(answer.status, `${by}: ${answer.text}`).to.be.within(200, 299);
        const entries = await entriesOf(answer);
        expect(
          entries.map(({ action }) => action),
          by,
        ).to.deep.equal([change.action]);
        checkEntry(entries[0] as AuditEntry, change, { caller, params, answer, by });
        seen.add(change.action);
        if (!/^(PATCH|PUT|DELETE)|roles$/.test(name)) continue;
        expect(await entriesOf(await send()), `${by}, again`).to.deep.equal([]);
      }
    });
  }

  for (const { name, change } of changes) {
    it(`${name}: changes nothing where the audit fails`, async () => {
      const by = credentialsFor(name, change)[0] as By;
      const { caller, send } = await prepare(name, change, by);
      // What the background has to write would be among the changes.
      await finishBackgroundWork(world.container);
      const sessions = await sessionsOf(caller);
      let answer: Answer | undefined;
      const committed = await withoutAudit(async () => {
        answer = await send();
      });
      expect(answer?.status).to.equal(500);
      expect(committed).to.deep.equal([]);
      expect(await sessionsOf(caller)).to.deep.equal(sessions);
    });
  }

  for (const [name, change] of Object.entries(auditedChanges)) {
    if (!('unaudited' in change)) continue;
    it(`${name}: no entry. ${change.unaudited}`, async () => {
      const nothing = { ...change, action: '', subject: null, before: null, after: null };
      const answer = await (await prepare(name, nothing, 'session')).send();
      expect(answer.status, answer.text).to.be.within(200, 299);
      expect(await entriesOf(answer)).to.deep.equal([]);
    });
  }

  it('DELETE /games/{id}/members/{user_id}: members.leave where members remove themselves', async () => {
    const name = 'DELETE /games/{id}/members/{user_id}';
    const change = { ...(auditedChanges[name] as AuditedChange), action: 'members.leave', thing: 'themselves' };
    const { caller, params, send } = await prepare(name, change, 'session');
    const answer = await send();
    const [entry] = await entriesOf(answer);
    checkEntry(entry as AuditEntry, change, { caller, params, answer, by: 'session' });
    expect(entry?.before).to.deep.equal({ user_id: caller.user.id, role_in_game: 'player' });
  });

  it('POST /auth/password: a failed entry of who is signed in, where the password is wrong', async () => {
    const name = 'POST /auth/password';
    const sends = { current_password: 'not-the-password', new_password: 'a-sturdier-oak-table' };
    const { caller, send } = await prepare(name, { ...(auditedChanges[name] as AuditedChange), sends }, 'session');
    const answer = await send();
    expect(answer.body.code).to.equal('password_wrong');
    await world.container.get(AuditQueue).flush();
    const [entry, ...others] = await entriesOf(answer);
    expect(others).to.deep.equal([]);
    const what = { action: 'users.change_password', subject: `user:${caller.user.id}`, outcome: 'failed' };
    expect(entry).to.deep.include({ actorId: caller.user.id, actorKind: 'user', ...what, before: null, after: null });
  });

  it('have seen every action, but for those that have tests of their own', () => {
    const unseen = AUDIT_ACTIONS.filter((action) => !seen.has(action));
    expect(unseen).to.deep.equal(Object.keys(OTHER_ACTIONS).toSorted());
  });
});

function checkEntry(
  entry: AuditEntry,
  change: AuditedChange,
  { caller, params, answer, by }: Readonly<{ caller: Person; params: Params; answer: Answer; by: By }>,
): void {
  const userId = change.actor === 'anonymous' ? null : caller.user.id;
  const actorKind = change.actor === 'anonymous' ? 'anonymous' : by === 'token' ? 'token' : 'user';
  expect(entry).to.deep.include({ actorId: userId, actorKind, action: change.action, outcome: 'done' });
  expect(entry.ip).to.match(/127\.0\.0\.1$/);
  const { subject } = change;
  if (subject instanceof RegExp) expect(entry.subject).to.match(subject);
  else expect(entry.subject).to.equal(subject?.({ caller, params, body: answer.body }) ?? null);
  for (const side of ['before', 'after'] as const) {
    const names = entry[side] === null ? null : Object.keys(entry[side]).toSorted();
    expect(names, side).to.deep.equal(change[side]?.toSorted() ?? null);
    expect(factFaults(entry[side]), side).to.deep.equal([]);
  }
  if (entry.before !== null) expect(entry.before).not.to.deep.equal(entry.after);
}
