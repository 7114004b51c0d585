/** A user's sessions: their own, and as an admin ends them. */
import { z } from 'zod';
import type { EndAllSessions } from '#application/identity/sessions/end-all-sessions.ts';
import type { EndSession } from '#application/identity/sessions/end-session.ts';
import type { ListSessions } from '#application/identity/sessions/list-sessions.ts';
import type { UnlockSignIn } from '#application/identity/sessions/unlock-sign-in.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { jsonBody } from '../declaration/body.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import { cursor, limit, pathId } from '../declaration/input.ts';
import { pageOf } from '../declaration/output.ts';
import { type Route, route } from '../declaration/route.ts';
import { timeCursor } from '../declaration/time-cursor.ts';
import { endsTokens } from './passwords.schemas.ts';
import { sessionSchema, toSessionJson } from './sessions.schemas.ts';

export type SessionUseCases = Readonly<{
  listSessions: ListSessions;
  endSession: EndSession;
  endAllSessions: EndAllSessions;
  unlockSignIn: UnlockSignIn;
}>;

const destroyed = z.strictObject({ destroyed: z.number().int() });
const session = { session_id: pathId('session', identityErrors.sessionNotFound) };
const sessionCursor = timeCursor(session.session_id.schema);
const user = { id: pathId('user', identityErrors.userNotFound) };

export function sessionRoutes(useCases: SessionUseCases): Route[] {
  return [list(useCases), end(useCases), endOwn(useCases), endOthers(useCases), unlock(useCases)];
}

function list({ listSessions }: SessionUseCases): Route {
  return route({
    method: 'get',
    path: '/auth/sessions',
    tag: 'Auth',
    summary: 'My sessions, the newest first.',
    access: 'session',
    query: z.strictObject({ limit, cursor }),
    returns: { 200: pageOf(sessionSchema) },
    errors: [httpErrors.malformedCursor],
    async handle({ actor, query }) {
      const { items, next } = await listSessions.execute(actor, sessionCursor.decode(query));
      const shown = items.map((session) => toSessionJson(session, session.id === actor.sessionId));
      return { status: 200, body: { items: shown, next_cursor: sessionCursor.encode(next) } };
    },
  });
}

function end({ endSession }: SessionUseCases): Route {
  return route({
    method: 'delete',
    path: '/auth/sessions/{session_id}',
    tag: 'Auth',
    summary: 'End one of my sessions.',
    access: 'session',
    params: session,
    returns: { 204: null },
    async handle({ actor, params }) {
      await endSession.execute(actor, params.session_id);
      return { status: 204, ...(params.session_id === actor.sessionId ? { cookie: 'clear' } : {}) };
    },
  });
}

function endOwn({ endAllSessions }: SessionUseCases): Route {
  return route({
    method: 'post',
    path: '/auth/logout-all',
    tag: 'Auth',
    summary: 'Log me out everywhere, here too; ends my API tokens where told to.',
    access: 'session',
    body: jsonBody(z.strictObject({ tokens: endsTokens }), { optional: true }),
    returns: { 200: destroyed },
    async handle({ actor, body }) {
      const destroyed = await endAllSessions.execute(actor, actor.userId, { tokens: body.tokens ?? false });
      return { status: 200, body: { destroyed }, cookie: 'clear' };
    },
  });
}

function endOthers({ endAllSessions }: SessionUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users/{id}/logout-all',
    tag: 'Administration',
    summary: 'Log a user out everywhere: all their sessions and API tokens end.',
    access: 'sessions.revoke',
    params: user,
    returns: { 200: destroyed },
    async handle({ actor, params }) {
      return { status: 200, body: { destroyed: await endAllSessions.execute(actor, params.id, { tokens: true }) } };
    },
  });
}

function unlock({ unlockSignIn }: SessionUseCases): Route {
  return route({
    method: 'post',
    path: '/admin/users/{id}/unlock',
    tag: 'Administration',
    summary: 'Let a user sign in at once, however often it has failed.',
    access: 'users.write',
    params: user,
    returns: { 204: null },
    errors: [identityErrors.editExceedsOwn],
    async handle({ actor, params }) {
      await unlockSignIn.execute(actor, params.id);
      return { status: 204 };
    },
  });
}
