/** Sessions that race with their end: none that should be over ever opens anything again. */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { BcryptPasswordHasher } from '#adapters/security/password-hasher.ts';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import type { PasswordHasher, Turn } from '#application/identity/ports.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import { SignIn } from '#application/identity/sessions/sign-in.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import { SignOut } from '#application/identity/sessions/sign-out.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import type { User } from '#domain/identity/user.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { contract } from '../support/backends/backends.ts';
import { ON_RECORD_STORES, type RecordStores, recordStores } from '../support/backends/record-stores.ts';
import { invalidating } from '../support/builders/invalidating.ts';
import { noTraces } from '../support/builders/no-traces.ts';
import { at, aUser, newId } from '../support/builders/records.ts';
import { rounds } from '../support/reporting/rounds.ts';
import { until } from '../support/until.ts';

/** Identity as it is wired in the server, on some record stores. */
function identityOn(stores: RecordStores, hasher: PasswordHasher) {
  const clock = { now: () => at(0) };
  const ids = { next: newId };
  const limits = { idleMs: 60_000, absoluteMs: 60_000, touchMs: 0, perUser: 100 };
  const sessions = new EmbeddedSessions({ file: new SpeedFile({ synchronous: 'normal' }) });
  const [secrets, cache, audit] = [new RandomSecrets(), new EmbeddedCache({ clock }), new AuditEntries({ clock, ids })];
  const { users, roles, workspaceMembers, passwordHashes } = stores;
  const unitOfWork = invalidating(stores.unitOfWork, cache);
  const sessionStarter = new SessionStarter({ sessions, unitOfWork, audit, secrets, clock, ids, limits });
  const attempts = new SignInAttempts({ delays: new EmbeddedSignInDelays(), secrets, clock });
  const [failures, loginDigests] = [{ enqueue: () => {} }, { of: () => 'digest' }];
  const proving = { users, passwordHashes, attempts, failures, loginDigests };
  return {
    signIn: new SignIn({ ...proving, unitOfWork, audit, hasher, sessionStarter }),
    signOut: new SignOut({ unitOfWork, sessions, secrets, traces: noTraces, audit }),
    identify: new AuthenticateSession({
      sessions,
      secrets,
      principals: new Principals({ users, roles, workspaceMembers, cache }),
      clock,
      limits,
    }),
    endAllSessions: new EndAllSessions({
      unitOfWork,
      sessionRevoker: new SessionRevoker({ sessions, traces: noTraces, clock }),
      audit,
    }),
    close: () => sessions.close(),
  };
}

const PASSWORD = 'sturdy-oak-table';
const bcrypt = new BcryptPasswordHasher({ cost: 4 });

const turn = () => Math.floor(Math.random() * 8);

contract('sessions that race with their revocation', ON_RECORD_STORES, recordStores, (stores) => {
  let user: User;
  let identity: ReturnType<typeof identityOn>;
  let hashing: number;

  const signIn = async () => {
    const input = { login: user.email, password: PASSWORD, origin: NO_ORIGIN, address: null, userAgent: null };
    return (await identity.signIn.execute({ ...input, presentedSecret: null })).secret;
  };
  const alive = async (secret: string) => (await identity.identify.execute(secret, NO_ORIGIN)) !== null;
  const actor = (): UserActor => ({
    kind: 'user',
    userId: user.id,
    permissions: [],
    workspaces: workspaceRights([], false),
    sessionId: null,
    tokenId: null,
    origin: NO_ORIGIN,
  });

  beforeEach(async () => {
    user = aUser({ roles: ['player'] });
    const hash = await bcrypt.hash(PASSWORD);
    await stores().unitOfWork.run(async ({ users, passwordHashes }) => {
      await users.add(user);
      await passwordHashes.save(user.id, hash);
    });
    hashing = 0;
    const verify = (password: string, stored: string, turn?: Turn) => {
      hashing += 1;
      return bcrypt.verify(password, stored, turn);
    };
    const hasher: PasswordHasher = {
      hash: (password) => bcrypt.hash(password),
      verify,
      verifyNothing: (password, turn) => bcrypt.verifyNothing(password, turn),
      isOutdated: () => false,
      learn: () => {},
    };
    identity = identityOn(stores(), hasher);
  });
  afterEach(() => identity.close());

  it(`end with "log out everywhere" even if their 10 sign-ins are still in progress, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    for (let round = 1; round <= rounds(100); round += 1) {
      const before = await signIn();
      hashing = 0;
      const signIns = Promise.all(Array.from({ length: 10 }, signIn));
      // All ten have been looked up and prove their passwords: they are being created at this moment.
      await until(() => hashing >= 10, 'all ten prove their passwords');
      const destroyed = await identity.endAllSessions.execute(actor(), user.id, { tokens: false });
      // Those that were live, and however many of the ten had begun.
      const live = round === 1 ? 1 : 2;
      expect(destroyed, `round ${round}`).to.be.within(live, live + 10);
      for (const secret of [before, ...(await signIns)]) {
        expect(await alive(secret), `round ${round}`).to.equal(false);
      }
      expect(await alive(await signIn())).to.equal(true);
    }
  });

  it(`stay ended if they are signed out while in use, ${rounds(100)} times`, async function () {
    this.timeout(120_000);
    for (let round = 1; round <= rounds(100); round += 1) {
      const secret = await signIn();
      const uses = Array.from({ length: 5 }, async () => {
        for (let i = turn(); i > 0; i--) await new Promise(setImmediate);
        return alive(secret);
      });
      for (let i = turn(); i > 0; i--) await new Promise(setImmediate);
      await identity.signOut.execute(null, secret);
      expect(await alive(secret)).to.equal(false);
      await Promise.all(uses);
      expect(await alive(secret), `round ${round}`).to.equal(false);
    }
  });
});
