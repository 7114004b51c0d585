/** Sessions against a model of them that is too simple to be wrong: any interleaving of what can happen to one. */
import { expect } from 'chai';
import fc from 'fast-check';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { type User, withSessionsEnded } from '#domain/identity/user.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { invalidating } from '../../support/builders/invalidating.ts';
import { noTraces } from '../../support/builders/no-traces.ts';
import { at, aUser, newId } from '../../support/builders/records.ts';
import { SEEDERS } from '../../support/servers/temporary-database.ts';

const LIMITS = { idleMs: 100_000, absoluteMs: 300_000, touchMs: 10_000, perUser: 3 };

/** What a user of the product is told about sessions; times in seconds. */
class Model {
  now = 0;
  readonly disabled = new Set<number>();
  readonly #sessions: { user: number; begun: number; used: number; over: boolean }[] = [];

  login(user: number): void {
    const live = this.#sessions.filter((one) => one.user === user && this.#isLive(one));
    for (const one of live.slice(0, Math.max(0, live.length - LIMITS.perUser + 1))) one.over = true;
    this.#sessions.push({ user, begun: this.now, used: this.now, over: false });
  }

  /** Whether the session opens anything; if so it lives on. */
  use(index: number): boolean {
    const session = this.#sessions[index];
    if (session === undefined || !this.#isLive(session) || this.disabled.has(session.user)) return false;
    if (this.now - session.used >= LIMITS.touchMs / 1_000) session.used = this.now;
    return true;
  }

  revoke(index: number): void {
    const session = this.#sessions[index];
    if (session !== undefined) session.over = true;
  }

  revokeAll(user: number): void {
    for (const session of this.#sessions) if (session.user === user) session.over = true;
  }

  #isLive(session: Readonly<{ begun: number; used: number; over: boolean }>): boolean {
    const end = Math.min(session.used + LIMITS.idleMs / 1_000, session.begun + LIMITS.absoluteMs / 1_000);
    return !session.over && this.now < end;
  }
}

/** The same through the use cases, on memory. */
class Real {
  now = 0;
  readonly #clock = { now: () => at(this.now) };
  readonly #ids = { next: newId };
  readonly #database = new MemoryDatabase();
  readonly #sessions = new EmbeddedSessions({ file: new SpeedFile({ synchronous: 'normal' }), maxEntries: 2 });
  readonly #secrets = new RandomSecrets();
  readonly #cache = new EmbeddedCache({ clock: this.#clock });
  readonly #unitOfWork = invalidating(this.#database.unitOfWork, this.#cache);
  readonly #begun: string[] = [];
  readonly #users = [aUser({ roles: ['player'] }), aUser({ roles: ['player'] })];
  readonly #ended = new SessionRevoker({ sessions: this.#sessions, traces: noTraces, clock: this.#clock });

  async open(): Promise<this> {
    await new Seeder({ folder: SEEDERS, unitOfWork: this.#database.unitOfWork }).up();
    await this.#database.unitOfWork.run(async ({ users }) => {
      for (const user of this.#users) await users.add(user);
    });
    return this;
  }

  async login(user: number): Promise<void> {
    const audit = new AuditEntries({ clock: this.#clock, ids: this.#ids });
    const { unitOfWork } = this.#database;
    const stores = { sessions: this.#sessions, unitOfWork, audit };
    const begins = { ...stores, secrets: this.#secrets, clock: this.#clock, ids: this.#ids };
    const found = await this.#database.users.find(this.#user(user).id);
    const where = {
      origin: NO_ORIGIN,
      userAgent: null,
      presentedSecret: null,
      through: 'password',
      oauthAccountId: null,
    };
    const { secret } = await new SessionStarter({ ...begins, limits: LIMITS }).start(found as User, where);
    this.#begun.push(secret);
  }

  async use(index: number): Promise<boolean> {
    const principals = new Principals({ ...this.#database, cache: this.#cache });
    const deps = { sessions: this.#sessions, secrets: this.#secrets, principals, clock: this.#clock, limits: LIMITS };
    return (await new AuthenticateSession(deps).execute(this.#begun[index] ?? '', NO_ORIGIN)) !== null;
  }

  revoke(index: number): Promise<void> {
    return this.#sessions.end(this.#secrets.digest(this.#begun[index] ?? ''));
  }

  async revokeAll(user: number): Promise<void> {
    const audit = new AuditEntries({ clock: this.#clock, ids: this.#ids });
    const unitOfWork = this.#unitOfWork;
    const { id } = this.#user(user);
    const actor: UserActor = {
      kind: 'user',
      userId: id,
      permissions: [],
      workspaces: workspaceRights([], false),
      sessionId: null,
      tokenId: null,
      origin: NO_ORIGIN,
    };
    await new EndAllSessions({ unitOfWork, sessionRevoker: this.#ended, audit }).execute(actor, id, { tokens: false });
  }

  async setDisabled(user: number, disabled: boolean): Promise<void> {
    const { id } = this.#user(user);
    const changed = await this.#unitOfWork.run(async ({ users }) => {
      const found = (await users.find(id)) as User;
      const after: User = { ...withSessionsEnded(found), status: disabled ? 'disabled' : 'active' };
      await users.save(after);
      return after;
    });
    await this.#ended.revokeAll(changed);
  }

  close(): void {
    this.#sessions.close();
  }

  #user(index: number): User {
    return this.#users[index] as User;
  }
}

type Step = Readonly<{ does: (model: Model, real: Real) => Promise<void>; says: string }>;

const user = fc.integer({ min: 0, max: 1 });
const index = fc.integer({ min: 0, max: 11 });
const step = (says: string, does: Step['does']): Step => ({ says, does });

const login = user.map((who) =>
  step(`login ${who}`, async (model, real) => {
    if (model.disabled.has(who)) return;
    model.login(who);
    await real.login(who);
  }),
);
const use = index.map((which) =>
  step(`use ${which}`, async (model, real) => {
    expect(await real.use(which)).to.equal(model.use(which));
  }),
);
const revoke = index.map((which) =>
  step(`revoke ${which}`, async (model, real) => {
    model.revoke(which);
    await real.revoke(which);
  }),
);
const revokeAll = user.map((who) =>
  step(`revoke all of ${who}`, async (model, real) => {
    model.revokeAll(who);
    await real.revokeAll(who);
  }),
);
const switched = user.map((who) =>
  step(`disable or enable ${who}`, async (model, real) => {
    model.revokeAll(who);
    const disabled = !model.disabled.has(who);
    if (disabled) model.disabled.add(who);
    else model.disabled.delete(who);
    await real.setDisabled(who, disabled);
  }),
);
const wait = fc.constantFrom(1, 9, 10, 50, 99, 100, 101, 299).map((seconds) =>
  step(`wait ${seconds} s`, async (model, real) => {
    model.now += seconds;
    real.now += seconds;
  }),
);

describe('sessions', () => {
  it('behave as the model does, in any order of events', async function () {
    this.timeout(60_000);
    const steps = fc.array(
      fc.oneof({ arbitrary: login, weight: 3 }, { arbitrary: use, weight: 6 }, revoke, revokeAll, switched, wait),
      { maxLength: 40 },
    );
    const run = async (given: readonly Step[]) => {
      const [model, real] = [new Model(), await new Real().open()];
      try {
        for (const one of given) await one.does(model, real);
        for (let i = 0; i < 12; i++) expect(await real.use(i), `session ${i} at the end`).to.equal(model.use(i));
      } finally {
        real.close();
      }
    };
    await fc.assert(fc.asyncProperty(steps, run), { numRuns: 200 });
  });
});
