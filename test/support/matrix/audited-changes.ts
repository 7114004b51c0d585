/** What the audit must have of every route that changes something: one entry, or a reason why none. */
import type { Json } from '../servers/server.ts';
import { conversationChanges } from './audited-conversations.ts';
import { workspaceChanges } from './audited-workspaces.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import type { Make, Params } from './fixture.ts';
import { aGame } from './games.ts';
import { aRole } from './users.ts';

/** The call that an entry must tell of. */
export type Called = Readonly<{ caller: Person; params: Params; body: Json }>;

export type AuditedChange = Readonly<{
  action: string;
  /** What the subject is or matches; null where there is nothing to name. */
  subject: null | RegExp | ((called: Called) => string);
  /** The names of the facts, in any order; null where there are none. */
  before: readonly string[] | null;
  after: readonly string[] | null;
  /** Which of the route's things it is called with; `own` where it has one, else the first. */
  thing?: string;
  /** Nobody is signed in when it is called. */
  actor?: 'anonymous' | 'whoever signs in';
  /** In place of the thing that the authorisation matrix makes. */
  make?: Make;
  /** In place of the body that the authorisation matrix sends. */
  sends?: unknown;
}>;

export type Unaudited = Readonly<{ unaudited: string; make?: Make; sends?: unknown }>;

const USER = ['status', 'roles'];
const TOKEN = ['name', 'prefix', 'scopes', 'workspace_id', 'expires_at', 'revoked_at'];
const ROLE = ['description', 'permissions'];
const GAME = ['name', 'description'];
const MEMBER = ['user_id', 'role_in_game'];
const INVITATION = ['invitation_id', 'role_in_game', 'for_one_email', 'max_uses', 'expires_at', 'revoked'];
const SOURCE = ['title', 'publisher', 'edition', 'description', 'included'];
const DOCUMENT = ['source_id', 'title', 'kind', 'audience', 'bytes', 'sha256'];
const LICENCE = ['user_id', 'type', 'valid_from', 'expires_at', 'revoked', 'has_license_key'];
const JOB = ['kind', 'status', 'cancel_requested'];

const caller = ({ caller }: Called) => `user:${caller.user.id}`;
const userInPath = ({ params }: Called) => `user:${params.id}`;
const gameInPath = ({ params }: Called) => `game:${params.id}`;
const sourceInPath = ({ params }: Called) => `source:${params.id}`;
const documentInPath = ({ params }: Called) => `document:${params.id}`;
const jobInPath = ({ params }: Called) => `job:${params.id}`;
const roleInPath = ({ params }: Called) => `role:${params.name}`;
/** An invitation for the caller's address alone, which declining ends. */
async function aPersonalInvitation(world: AuthorizationFixture, caller: Person): Promise<Params> {
  const { id, gm } = await aGame(world, caller, null);
  return { id, code: (await gm.client.post(`/games/${id}/invitations`, { email: caller.user.email })).body.code };
}

async function aUserWithToken(world: AuthorizationFixture): Promise<Params> {
  const { user } = await world.person('player');
  await world.token(user);
  return { id: user.id };
}

const nothing = { before: null, after: null };

/** By method and path. */
export const auditedChanges: Readonly<Record<string, AuditedChange | Unaudited>> = {
  'POST /auth/login': {
    action: 'users.sign_in',
    subject: caller,
    before: null,
    after: ['session_id', 'through'],
    actor: 'whoever signs in',
  },
  'POST /auth/logout': { action: 'sessions.end', subject: /^session:ses_/, ...nothing },
  'POST /auth/logout-all': { action: 'sessions.end_all', subject: caller, ...nothing },
  'POST /auth/register': {
    action: 'users.register',
    subject: ({ body }) => `user:${body.user.id}`,
    before: null,
    after: USER,
    actor: 'anonymous',
  },
  'PATCH /auth/me': {
    action: 'users.update',
    subject: caller,
    before: ['display_name_changed'],
    after: ['display_name_changed'],
    sends: { display_name: 'Renamed' },
  },
  'DELETE /auth/sessions/{session_id}': {
    action: 'sessions.end',
    subject: ({ params }) => `session:${params.session_id}`,
    ...nothing,
  },
  'POST /auth/password': { action: 'users.change_password', subject: caller, ...nothing },
  'POST /auth/password/set': { action: 'users.set_password', subject: caller, ...nothing, actor: 'anonymous' },
  'POST /auth/tokens': {
    action: 'tokens.issue',
    subject: ({ body }) => `token:${body.id}`,
    before: null,
    after: TOKEN,
  },
  'DELETE /auth/tokens/{id}': {
    action: 'tokens.revoke',
    subject: ({ params }) => `token:${params.id}`,
    before: TOKEN,
    after: TOKEN,
  },
  'POST /auth/tokens/{id}/rotate': {
    action: 'tokens.rotate',
    subject: ({ params }) => `token:${params.id}`,
    before: TOKEN,
    after: TOKEN,
  },
  'DELETE /auth/oauth-accounts/{id}': {
    action: 'oauth_accounts.unlink',
    subject: ({ params }) => `oauth_account:${params.id}`,
    before: ['user_id', 'provider', 'issuer', 'broken'],
    after: null,
  },
  'POST /admin/users': { action: 'users.create', subject: ({ body }) => `user:${body.id}`, before: null, after: USER },
  'PATCH /admin/users/{id}': {
    action: 'users.update',
    subject: userInPath,
    before: ['display_name_changed'],
    after: ['display_name_changed'],
  },
  'DELETE /admin/users/{id}': {
    action: 'users.delete',
    subject: userInPath,
    before: USER,
    after: null,
    thing: 'other',
  },
  'POST /admin/users/{id}/roles': {
    action: 'roles.assign',
    subject: userInPath,
    before: ['roles'],
    after: ['roles'],
    thing: 'other',
    sends: { role: 'developer' },
  },
  'DELETE /admin/users/{id}/roles/{role}': {
    action: 'roles.revoke',
    subject: userInPath,
    before: ['roles'],
    after: ['roles'],
    thing: 'other',
  },
  'POST /admin/users/{id}/password-link': { action: 'users.password_link', subject: userInPath, ...nothing },
  'POST /admin/users/{id}/logout-all': {
    action: 'sessions.end_all',
    subject: userInPath,
    ...nothing,
    thing: 'other',
  },
  'DELETE /admin/users/{id}/tokens': {
    action: 'tokens.revoke_all',
    subject: userInPath,
    before: null,
    after: ['tokens'],
    make: aUserWithToken,
  },
  'POST /admin/users/{id}/unlock': { action: 'users.unlock', subject: userInPath, ...nothing },
  'POST /admin/roles': {
    action: 'roles.create',
    subject: ({ body }) => `role:${body.name}`,
    before: null,
    after: ROLE,
  },
  'PATCH /admin/roles/{name}': {
    action: 'roles.update',
    subject: roleInPath,
    before: ['description'],
    after: ['description'],
    thing: 'other',
  },
  'DELETE /admin/roles/{name}': {
    action: 'roles.delete',
    subject: roleInPath,
    before: ROLE,
    after: null,
    thing: 'other',
  },
  'PUT /admin/roles/{name}/permissions/{permission}': {
    action: 'roles.update',
    subject: roleInPath,
    before: ['permissions'],
    after: ['permissions'],
    make: async (world) => ({ ...(await aRole(world)), permission: 'sources.read' }),
  },
  'DELETE /admin/roles/{name}/permissions/{permission}': {
    action: 'roles.update',
    subject: roleInPath,
    before: ['permissions'],
    after: ['permissions'],
    thing: 'other',
  },
  'GET /admin/audit/export': { action: 'audit.export', subject: null, before: null, after: ['filter'] },
  'POST /games': { action: 'games.create', subject: ({ body }) => `game:${body.id}`, before: null, after: GAME },
  'PATCH /games/{id}': { action: 'games.update', subject: gameInPath, before: ['name'], after: ['name'] },
  'DELETE /games/{id}': { action: 'games.delete', subject: gameInPath, before: GAME, after: null },
  'POST /games/{id}/members': { action: 'members.add', subject: gameInPath, before: null, after: MEMBER },
  'PATCH /games/{id}/members/{user_id}': {
    action: 'members.update',
    subject: gameInPath,
    before: MEMBER,
    after: MEMBER,
  },
  'DELETE /games/{id}/members/{user_id}': {
    action: 'members.remove',
    subject: gameInPath,
    before: MEMBER,
    after: null,
  },
  'POST /games/{id}/invitations': {
    action: 'invitations.create',
    subject: gameInPath,
    before: null,
    after: INVITATION,
  },
  'DELETE /games/{id}/invitations/{invitation_id}': {
    action: 'invitations.revoke',
    subject: gameInPath,
    before: INVITATION,
    after: INVITATION,
  },
  'POST /invitations/{code}/accept': {
    action: 'invitations.accept',
    subject: gameInPath,
    before: null,
    after: ['invitation_id', ...MEMBER],
  },
  'POST /invitations/{code}/decline': {
    action: 'invitations.decline',
    subject: gameInPath,
    before: INVITATION,
    after: INVITATION,
    make: aPersonalInvitation,
  },
  'POST /sources': {
    action: 'sources.create',
    subject: ({ body }) => `source:${body.id}`,
    before: null,
    after: SOURCE,
  },
  'PATCH /sources/{id}': {
    action: 'sources.update',
    subject: sourceInPath,
    before: ['publisher'],
    after: ['publisher'],
  },
  'DELETE /sources/{id}': { action: 'sources.delete', subject: sourceInPath, before: SOURCE, after: null },
  'POST /sources/{id}/documents': {
    action: 'documents.create',
    subject: ({ body }) => `document:${body.document.id}`,
    before: null,
    after: DOCUMENT,
  },
  'POST /sources/{id}/rebuild': { action: 'sources.rebuild', subject: sourceInPath, ...nothing },
  'POST /sources/{id}/dedupe': { action: 'sources.dedupe', subject: sourceInPath, ...nothing },
  'PATCH /documents/{id}': {
    action: 'documents.update',
    subject: documentInPath,
    before: ['title'],
    after: ['title'],
  },
  'DELETE /documents/{id}': { action: 'documents.delete', subject: documentInPath, before: DOCUMENT, after: null },
  'PUT /sources/{id}/access/{user_id}': {
    action: 'sources.grant',
    subject: sourceInPath,
    before: LICENCE,
    after: LICENCE,
    sends: { type: 'included', valid_from: '2026-01-01T00:00:00.000Z' },
  },
  'DELETE /sources/{id}/access/{user_id}': {
    action: 'sources.revoke',
    subject: sourceInPath,
    before: LICENCE,
    after: LICENCE,
  },
  'POST /jobs/{id}/cancel': { action: 'jobs.cancel', subject: jobInPath, before: JOB, after: JOB },
  'POST /jobs/{id}/retry': { action: 'jobs.retry', subject: jobInPath, before: JOB, after: JOB },
  ...workspaceChanges,
  ...conversationChanges,
};
