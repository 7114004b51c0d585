/**
 * The administration of users and roles as use cases, in memory, with a clock that the test moves and every table to
 * look into.
 */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { Changes, MemoryTables } from '#adapters/memory/shared/tables.ts';
import { MemoryUnitOfWork, repositories } from '#adapters/memory/unit-of-work.ts';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import { PasswordLinkCodes } from '#application/identity/passwords/password-link-codes.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import type { Repos } from '#application/repos.ts';
import { AuditEntries, type AuditEntry, type AuditLog } from '#application/shared/audit-log.ts';
import { KeyedMutex } from '#application/shared/turns/keyed-mutex.ts';
import type { UnitOfWork } from '#application/shared/unit-of-work.ts';
import { PERMISSIONS, type Permission } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { failureOf, refusalOf } from '../reporting/refusals.ts';
import { SEEDERS } from '../servers/temporary-database.ts';
import { invalidating } from './invalidating.ts';
import { late } from './late.ts';
import { noTraces } from './no-traces.ts';
import { outsideUnits } from './outside-units.ts';
import { at, aUser, newId } from './records.ts';

const LIMITS = { idleMs: 60_000, absoluteMs: 60_000, touchMs: 0, perUser: 9 };
const ORIGIN = { ip: '192.0.2.7', requestId: 'request-7' };

/** Somebody who comes with these permissions alone, whatever is stored of them. */
export function actorWith(userId: UserId, ...permissions: readonly Permission[]): UserActor {
  const workspaces = workspaceRights([], false);
  return { kind: 'user', userId, permissions, workspaces, sessionId: null, tokenId: null, origin: ORIGIN };
}

type Noted = Omit<AuditEntry, 'id' | 'at'>;

/** What the audit must have of what an actor did. */
export function noted(by: UserActor, action: string, subject: string, changed: Pick<Noted, 'before' | 'after'>): Noted {
  return { actorId: by.userId, actorKind: 'user', action, subject, outcome: 'done', ...changed, ...by.origin };
}

export class Administration {
  now = at(0);
  readonly sessions = new EmbeddedSessions({ file: new SpeedFile({ synchronous: 'normal' }) });
  readonly secrets = new RandomSecrets();
  readonly clock = { now: () => this.now };
  readonly #tables = new MemoryTables();
  readonly #turns = new KeyedMutex();
  readonly reads = repositories(this.#tables, new Changes());
  readonly #cache = new EmbeddedCache({ clock: this.clock });
  readonly #outside = outsideUnits<Repos>(
    late(new MemoryUnitOfWork({ tables: this.#tables, turn: (work) => this.#turns.run('', work) })),
  );
  readonly unitOfWork: UnitOfWork<Repos> = invalidating(this.#outside.unitOfWork, this.#cache);
  readonly principals = new Principals({ ...this.reads, cache: this.#cache });

  /** With the built-in roles, and nobody. */
  static async open(): Promise<Administration> {
    const opened = new Administration();
    await new Seeder({ folder: SEEDERS, unitOfWork: opened.unitOfWork }).up();
    return opened;
  }

  close(): void {
    this.sessions.close();
  }

  /** All that any use case of administration needs. */
  get deps() {
    const [clock, { ids }, secrets] = [this.clock, this.#outside, this.secrets];
    return {
      unitOfWork: this.unitOfWork,
      reads: this.reads,
      secrets,
      clock,
      ids,
      attempts: new SignInAttempts({ delays: new EmbeddedSignInDelays(), secrets, clock }),
      audit: new AuditEntries({ clock, ids }),
      codes: new PasswordLinkCodes({ secrets, clock, ids }),
      sessionRevoker: new SessionRevoker({ sessions: this.sessions, traces: noTraces, clock }),
      commonPasswords: { include: async (password: string) => password === 'password' },
      hasher: {
        hash: async (password: string) => `hash of ${password.length} characters`,
        verify: async () => false,
        verifyNothing: async () => false as const,
        isOutdated: () => false,
        learn: () => {},
      },
    };
  }

  /** The same, except that nothing can be written into the audit. */
  get depsWithoutAudit() {
    const audit: AuditLog = { add: () => Promise.reject(new Error('no audit')) };
    const broken: UnitOfWork<Omit<Repos, 'audit'> & Readonly<{ audit: AuditLog }>> = {
      run: (work) => this.unitOfWork.run((repos) => work({ ...repos, audit })),
    };
    return { ...this.deps, unitOfWork: broken };
  }

  async user(fields: Partial<User> = {}): Promise<User> {
    const user = aUser({ roles: ['player'], ...fields });
    await this.unitOfWork.run(({ users }) => users.add(user));
    return user;
  }

  /** A stored user with the role `admin`, as who they come in. */
  async admin(): Promise<Readonly<{ user: User; actor: UserActor }>> {
    const user = await this.user({ roles: ['admin'] });
    return { user, actor: actorWith(user.id, ...(Object.keys(PERMISSIONS) as Permission[])) };
  }

  /** A stored role of somebody's own making. */
  async role(name: string, ...permissions: readonly Permission[]): Promise<string> {
    const role = { name, description: 'Said of it.', builtin: false, permissions };
    await this.unitOfWork.run(({ roles }) => roles.save(role));
    return name;
  }

  /** Begins a session of a user as they were read some time ago; answers its secret. */
  async begin(user: User): Promise<string> {
    const { clock, sessions, secrets, unitOfWork } = this;
    const ids = { next: newId };
    const deps = { sessions, secrets, clock, ids, unitOfWork, audit: new AuditEntries({ clock, ids }) };
    const where = { origin: ORIGIN, userAgent: null, presentedSecret: null, through: 'password', oauthAccountId: null };
    return (await new SessionStarter({ ...deps, limits: LIMITS }).start(user, where)).secret;
  }

  /** Whether the session of a secret is anybody's. */
  async opens(secret: string): Promise<boolean> {
    const { sessions, secrets, principals, clock } = this;
    const identify = new AuthenticateSession({ sessions, secrets, principals, clock, limits: LIMITS });
    return (await identify.execute(secret, ORIGIN)) !== null;
  }

  /** What a user may do from their next request on. */
  async permissionsOf(id: UserId): Promise<readonly string[]> {
    return (await this.principals.findActive(id))?.permissions ?? [];
  }

  /** All that the audit has, the newest first, without ids and times. */
  async audited(): Promise<readonly Noted[]> {
    const { items } = await this.reads.audit.list({}, { limit: 100 });
    return items.map(({ id, at, ...noted }) => noted);
  }

  /** Every row of every table that is stored now, and every session. */
  async everything(): Promise<string> {
    const tables = Object.entries(this.#tables).map(([name, table]) => [name, [...(table.rows ?? table)]]);
    const users = [...this.#tables.users.rows.values()];
    const sessions = await Promise.all(users.map(({ id }) => this.sessions.listByUser(id, this.now)));
    return JSON.stringify([tables, sessions], null, 1);
  }

  /** The code that the work is refused with; fails where it left anything behind. */
  async refusal(work: () => Promise<unknown>): Promise<string> {
    const before = await this.everything();
    const code = await refusalOf(work());
    expect(await this.everything(), `left behind by ${code}`).to.equal(before);
    return code;
  }

  /** Fails where work of `depsWithoutAudit` did anything all the same. */
  async expectUndone(work: () => Promise<unknown>): Promise<void> {
    const before = await this.everything();
    expect(((await failureOf(work())) as Error).message).to.equal('no audit');
    expect(await this.everything()).to.equal(before);
  }
}
