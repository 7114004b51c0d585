/**
 * Passwords, links and tokens under a clock that moves: what ends when, and what a change made at the same time keeps.
 */
import { expect } from 'chai';
import { EmbeddedCache } from '#adapters/embedded/cache.ts';
import { EmbeddedSessions } from '#adapters/embedded/sessions.ts';
import { EmbeddedSignInDelays } from '#adapters/embedded/sign-in-delays.ts';
import { SpeedFile } from '#adapters/embedded/speed-file.ts';
import { EmbeddedTokenUses } from '#adapters/embedded/token-use-log.ts';
import { MemoryDatabase } from '#adapters/memory/database.ts';
import { RandomApiTokenSecrets } from '#adapters/security/api-token-secrets.ts';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { Seeder } from '#adapters/system/seeder.ts';
import { ApiTokenLookup } from '#application/identity/api-tokens/api-token-lookup.ts';
import { AuthenticateApiToken } from '#application/identity/api-tokens/authenticate-api-token.ts';
import { IssueApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import { RotateApiToken } from '#application/identity/api-tokens/rotate-api-token.ts';
import { PasswordLinkCodes } from '#application/identity/passwords/password-link-codes.ts';
import { SetPassword } from '#application/identity/passwords/set-password.ts';
import type { PasswordHasher } from '#application/identity/ports.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SessionStarter, type SignedIn } from '#application/identity/sessions/session-starter.ts';
import { SignIn } from '#application/identity/sessions/sign-in.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { FREE_FAILURES } from '#domain/identity/sign-in-delay.ts';
import type { User } from '#domain/identity/user.ts';
import { NO_ORIGIN, type UserActor } from '#domain/shared/actor.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import { invalidating } from '../../support/builders/invalidating.ts';
import { noTraces } from '../../support/builders/no-traces.ts';
import { at, aUser, newId } from '../../support/builders/records.ts';
import { refusalOf } from '../../support/reporting/refusals.ts';
import { SEEDERS } from '../../support/servers/temporary-database.ts';

const DAY_SECONDS = 86_400;

describe('the lifetime of credentials', () => {
  let now: Date;
  let user: User;
  let database: MemoryDatabase;
  let sessions: EmbeddedSessions;
  const clock = { now: () => now };
  const ids = { next: newId };
  const audit = new AuditEntries({ clock, ids });
  const secrets = new RandomSecrets();
  const tokenSecrets = new RandomApiTokenSecrets();
  const hasher: PasswordHasher = {
    hash: async (password) => `new hash of ${password}`,
    verify: async (_password, hash) => hash.startsWith('old'),
    verifyNothing: async () => false,
    isOutdated: (hash) => hash.startsWith('old'),
    learn: () => {},
  };

  beforeEach(async () => {
    now = at(0);
    user = aUser({ roles: ['player'] });
    database = new MemoryDatabase();
    sessions = new EmbeddedSessions({ file: new SpeedFile({ synchronous: 'normal' }) });
    await new Seeder({ folder: SEEDERS, unitOfWork: database.unitOfWork }).up();
    await database.unitOfWork.run(async ({ users, passwordHashes }) => {
      await users.add(user);
      await passwordHashes.save(user.id, 'old hash');
    });
  });
  afterEach(() => sessions.close());

  const attempts = () => new SignInAttempts({ delays: new EmbeddedSignInDelays(), secrets, clock });

  it('ends a password link after exactly 24 hours', async () => {
    const { unitOfWork, reads } = database;
    const { code, link } = new PasswordLinkCodes({ secrets, clock, ids }).next(user.id);
    await unitOfWork.run(({ passwordLinks }) => passwordLinks.add(link));
    const sessionRevoker = new SessionRevoker({ sessions, traces: noTraces, clock });
    const commonPasswords = { include: async () => false };
    const deps = { unitOfWork, reads, secrets, hasher, commonPasswords, sessionRevoker, attempts: attempts() };
    const setPassword = new SetPassword({ ...deps, audit, clock });
    const set = () => setPassword.execute({ code, newPassword: 'sturdy-oak-table', origin: NO_ORIGIN });
    now = at(DAY_SECONDS);
    expect(await refusalOf(set())).to.equal('password_link_ended');
    expect(await database.passwordHashes.find(user.id)).to.equal('old hash');
    now = at(DAY_SECONDS - 0.001);
    await set();
    expect(await database.passwordHashes.find(user.id)).to.equal('new hash of sturdy-oak-table');
  });

  it('lets a user sign in at once who has set a password by a link, under each of their names', async () => {
    const { unitOfWork, reads } = database;
    const named = { ...user, username: 'vex' };
    const { code, link } = new PasswordLinkCodes({ secrets, clock, ids }).next(user.id);
    await unitOfWork.run(async ({ users, passwordLinks }) => {
      await users.save(named);
      await passwordLinks.add(link);
    });
    const tries = attempts();
    const subjects = [user.email, 'vex'].map((name) => tries.subject(name, null));
    for (const subject of subjects) {
      for (let failures = 0; failures < FREE_FAILURES.account; failures += 1) await tries.admission(subject)();
      expect(await refusalOf(tries.check(subject))).to.equal('sign_in_delayed');
    }
    const sessionRevoker = new SessionRevoker({ sessions, traces: noTraces, clock });
    const commonPasswords = { include: async () => false };
    const deps = { unitOfWork, reads, secrets, hasher, commonPasswords, sessionRevoker, attempts: tries };
    const input = { code, newPassword: 'sturdy-oak-table', origin: NO_ORIGIN };
    await new SetPassword({ ...deps, audit, clock }).execute(input);
    for (const subject of subjects) await tries.check(subject);
    expect(await refusalOf(new SetPassword({ ...deps, audit, clock }).execute(input))).to.equal('password_link_ended');
  });

  /** The sign-in with a hasher of the test's own. */
  function signInBy(ownHasher: PasswordHasher): (login: string) => Promise<SignedIn> {
    const { users, unitOfWork, passwordHashes } = database;
    const limits = { idleMs: 1_000, absoluteMs: 1_000, touchMs: 0, perUser: 9 };
    const sessionStarter = new SessionStarter({ sessions, unitOfWork, audit, secrets, clock, ids, limits });
    const failures = { enqueue: () => {} };
    const loginDigests = { of: () => 'digest' };
    const proving = { users, passwordHashes, attempts: attempts(), failures, loginDigests };
    const signIn = new SignIn({ ...proving, unitOfWork, audit, sessionStarter, hasher: ownHasher });
    const input = { password: 'old', origin: NO_ORIGIN, address: null, userAgent: null, presentedSecret: null };
    return (login) => signIn.execute({ ...input, login });
  }

  it('does not overwrite a password that was changed while a sign-in rehashed the old one', async () => {
    const { unitOfWork, passwordHashes } = database;
    const signIn = signInBy({
      ...hasher,
      hash: async (password) => {
        await unitOfWork.run((repos) => repos.passwordHashes.save(user.id, 'changed meanwhile'));
        return hasher.hash(password);
      },
    });
    await signIn(user.email);
    expect(await passwordHashes.find(user.id)).to.equal('changed meanwhile');
  });

  it('refuses who must wait before they take a place among those who wait for the hasher', async () => {
    let asked = 0;
    const refusing: PasswordHasher['verifyNothing'] = async (_password, turn) => {
      asked += 1;
      await turn?.admit?.();
      return false;
    };
    const signIn = signInBy({
      ...hasher,
      verify: (password, _hash, turn) => refusing(password, turn),
      verifyNothing: refusing,
    });
    for (const login of [user.email, 'nobody@example.org']) {
      asked = 0;
      for (let failures = 0; failures < FREE_FAILURES.account; failures += 1)
        expect(await refusalOf(signIn(login))).to.equal('sign_in_failed');
      expect(await refusalOf(signIn(login))).to.equal('sign_in_delayed');
      expect(asked, login).to.equal(FREE_FAILURES.account);
    }
  });

  it('ends a token at its expiry and a rotated one after its grace period, and counts each use', async () => {
    const { reads, users, roles, workspaceMembers } = database;
    const cache = new EmbeddedCache({ clock });
    const unitOfWork = invalidating(database.unitOfWork, cache);
    const lookup = new ApiTokenLookup({ reads, cache });
    const tokenUses = new EmbeddedTokenUses({ unitOfWork });
    const principals = new Principals({ users, roles, workspaceMembers, cache });
    const identify = new AuthenticateApiToken({ lookup, tokenSecrets, tokenUses, principals, clock });
    const opens = async (token: string) => (await identify.execute(token, NO_ORIGIN)) !== null;
    const issues = { unitOfWork, tokenSecrets, audit, clock, ids };
    const actor: UserActor = {
      kind: 'user',
      userId: user.id,
      permissions: ['chat.use'],
      workspaces: workspaceRights([], false),
      sessionId: newId('session'),
      tokenId: null,
      origin: NO_ORIGIN,
    };
    const input = {
      name: 'bot',
      scopes: ['chat.use'] as const,
      sessionEpoch: user.sessionEpoch,
      expiresInSeconds: 100,
    };
    const first = await new IssueApiToken(issues).execute(actor, input);
    now = at(99.999);
    expect(await opens(first.secret)).to.equal(true);
    const rotation = { id: first.token.id, graceSeconds: 0.0005, sessionEpoch: user.sessionEpoch };
    const second = await new RotateApiToken(issues).execute(actor, rotation);
    now = at(100);
    expect([await opens(first.secret), await opens(second.secret)]).to.deep.equal([false, true]);
    now = at(199.999);
    expect(await opens(second.secret)).to.equal(false);
    await tokenUses.flush();
    expect(await reads.apiTokens.find(first.token.id)).to.include({ usageCount: 1 });
    expect((await reads.apiTokens.find(second.token.id))?.lastUsedAt).to.deep.equal(at(100));
  });
});
