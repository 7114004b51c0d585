/** Wires sign-in, authentication and the use cases on sessions, and their routes. */
import { ContainerModule } from 'inversify';
import { sessionRoutes } from '#adapters/http/identity/sessions.routes.ts';
import { signingInRoutes } from '#adapters/http/identity/signing-in.routes.ts';
import { ApiTokenLookup } from '#application/identity/api-tokens/api-token-lookup.ts';
import { AuthenticateApiToken } from '#application/identity/api-tokens/authenticate-api-token.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { Authenticate } from '#application/identity/sessions/authenticate.ts';
import { AuthenticateSession } from '#application/identity/sessions/authenticate-session.ts';
import { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import { EndSession } from '#application/identity/sessions/end-session.ts';
import { ListSessions } from '#application/identity/sessions/list-sessions.ts';
import { RecheckAuthentication } from '#application/identity/sessions/recheck-authentication.ts';
import { SessionRevoker } from '#application/identity/sessions/session-revoker.ts';
import { SessionStarter } from '#application/identity/sessions/session-starter.ts';
import { SignIn } from '#application/identity/sessions/sign-in.ts';
import { SignInAttempts } from '#application/identity/sessions/sign-in-attempts.ts';
import { SignOut } from '#application/identity/sessions/sign-out.ts';
import { UnlockSignIn } from '#application/identity/sessions/unlock-sign-in.ts';
import { UserTraces } from '#application/identity/sessions/user-traces.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, users, passwordHashes, hasher, secrets, sessions, signInDelays, sessionLimits } =
  tokens;
const { cache, contexts, loginDigests, failureLog } = tokens;
const audit = AuditEntries;

export const sessionsModule = new ContainerModule(({ bind }) => {
  wire(bind, SignInAttempts, { delays: signInDelays, secrets, clock });
  wire(bind, SessionStarter, { sessions, unitOfWork, audit, secrets, clock, ids, limits: sessionLimits });
  wire(bind, UserTraces, { cache, contexts });
  wire(bind, SessionRevoker, { sessions, traces: UserTraces, clock });
  wire(bind, AuthenticateSession, { sessions, secrets, principals: Principals, clock, limits: sessionLimits });
  wire(bind, RecheckAuthentication, { sessions, tokens: ApiTokenLookup, principals: Principals, clock });
  wire(bind, Authenticate, { bySession: AuthenticateSession, byApiToken: AuthenticateApiToken });
  wire(bind, SignIn, {
    users,
    unitOfWork,
    passwordHashes,
    attempts: SignInAttempts,
    failures: failureLog,
    loginDigests,
    audit,
    hasher,
    sessionStarter: SessionStarter,
  });
  wire(bind, SignOut, { unitOfWork, sessions, secrets, traces: UserTraces, audit });
  wire(bind, ListSessions, { sessions, principals: Principals, clock });
  wire(bind, EndSession, { unitOfWork, sessions, audit, clock });
  wire(bind, EndAllSessions, { unitOfWork, sessionRevoker: SessionRevoker, audit });
  wire(bind, UnlockSignIn, { unitOfWork, attempts: SignInAttempts, audit });
  routes(bind, signingInRoutes, { signIn: SignIn, signOut: SignOut });
  routes(bind, sessionRoutes, {
    listSessions: ListSessions,
    endSession: EndSession,
    endAllSessions: EndAllSessions,
    unlockSignIn: UnlockSignIn,
  });
});
