/** Who did what to what, when and from where: written in the unit of work of what it records, and never changed. */
import { type Actor, NO_ORIGIN, type Origin } from '#domain/shared/actor.ts';
import type { AuditEntryId, UserId } from '#domain/shared/ids.ts';
import type { Clock } from './clock.ts';
import type { Ids } from './ids.ts';

/**
 * What an entry shows of a thing before or after a change, under names in snake_case: never a secret, a message's text
 * or an e-mail address. Each context has its facts in `domain/<context>/audit-facts.ts`.
 */
export type AuditFacts = Readonly<Record<string, unknown>>;

export const ACTOR_KINDS = ['user', 'token', 'anonymous', 'system'] as const;
export const OUTCOMES = ['done', 'refused', 'failed'] as const;

/** Every action of which an entry can tell: `<things>.<verb>`. An action that is renamed is another one for good. */
export const AUDIT_ACTIONS = [
  'access.refuse',
  'audit.export',
  'audit.leave_out',
  'documents.create',
  'documents.delete',
  'documents.update',
  'games.create',
  'games.delete',
  'games.update',
  'invitations.accept',
  'invitations.create',
  'invitations.decline',
  'invitations.revoke',
  'jobs.cancel',
  'jobs.retry',
  'keys.rotate',
  'members.add',
  'members.leave',
  'members.remove',
  'members.update',
  'oauth_accounts.break',
  'oauth_accounts.link',
  'oauth_accounts.unlink',
  'roles.assign',
  'roles.create',
  'roles.delete',
  'roles.revoke',
  'roles.update',
  'sessions.end',
  'sessions.end_all',
  'sources.create',
  'sources.dedupe',
  'sources.delete',
  'sources.grant',
  'sources.rebuild',
  'sources.revoke',
  'sources.update',
  'threads.delete',
  'threads.update',
  'tokens.issue',
  'tokens.revoke',
  'tokens.revoke_all',
  'tokens.rotate',
  'users.change_password',
  'users.create',
  'users.delete',
  'users.password_link',
  'users.register',
  'users.set_password',
  'users.sign_in',
  'users.unlock',
  'users.update',
  'workspace_invitations.accept',
  'workspace_invitations.create',
  'workspace_invitations.decline',
  'workspace_invitations.revoke',
  'workspace_members.add',
  'workspace_members.leave',
  'workspace_members.remove',
  'workspace_members.update',
  'workspaces.create',
  'workspaces.delete',
  'workspaces.quotas',
  'workspaces.update',
] as const;
type AuditAction = (typeof AUDIT_ACTIONS)[number];

export type AuditEntry = Readonly<{
  id: AuditEntryId;
  at: Date;
  /** Who acted, or on whose behalf the system did; null where nobody was signed in, or the system acted for nobody. */
  actorId: UserId | null;
  actorKind: (typeof ACTOR_KINDS)[number];
  /** One of `AUDIT_ACTIONS`, or of those that an older version had. */
  action: string;
  /** `<kind>:<id>` of what was acted on, such as `user:usr_…`; null where there is nothing to name. */
  subject: string | null;
  outcome: (typeof OUTCOMES)[number];
  before: AuditFacts | null;
  after: AuditFacts | null;
  ip: string | null;
  requestId: string | null;
}>;

/** The audit log within a unit of work. */
export interface AuditLog {
  /** Appends an entry; it stands if and only if the unit of work does. */
  add(entry: AuditEntry): Promise<void>;
}

/** What a use case says about what it did. */
export type Audited = Readonly<{
  action: AuditAction;
  subject: string | null;
  outcome?: AuditEntry['outcome'];
  before?: AuditFacts | null;
  after?: AuditFacts | null;
}>;

/**
 * Makes entries. Ids and time are drawn here, outside the unit of work, which may run more than once; what the work
 * itself finds out is added there: `audit.add({ ...entry, before, after })`.
 */
export class AuditEntries {
  readonly #deps: Readonly<{ clock: Clock; ids: Ids }>;

  constructor(deps: Readonly<{ clock: Clock; ids: Ids }>) {
    this.#deps = deps;
  }

  /** What an actor did. */
  by(actor: Actor, audited: Audited): AuditEntry {
    if (actor.kind === 'system')
      return this.#entry({ actorId: actor.onBehalfOf, actorKind: 'system' }, NO_ORIGIN, audited);
    const actorKind = actor.tokenId === null ? 'user' : 'token';
    return this.#entry({ actorId: actor.userId, actorKind }, actor.origin, audited);
  }

  /** What was tried or done by somebody who is not signed in. */
  anonymous(origin: Origin, audited: Audited): AuditEntry {
    return this.#entry({ actorId: null, actorKind: 'anonymous' }, origin, audited);
  }

  #entry(who: Pick<AuditEntry, 'actorId' | 'actorKind'>, origin: Origin, audited: Audited): AuditEntry {
    const { clock, ids } = this.#deps;
    return {
      id: ids.next('auditEntry'),
      at: clock.now(),
      outcome: 'done',
      before: null,
      after: null,
      ...who,
      ...origin,
      ...audited,
    };
  }
}

/** What a change made different, before and after; null where it changed nothing. */
export function changedFacts(
  before: AuditFacts,
  after: AuditFacts,
): Readonly<{ before: AuditFacts; after: AuditFacts }> | null {
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  if (names.length === 0) return null;
  const only = (facts: AuditFacts) => Object.fromEntries(names.map((name) => [name, facts[name]]));
  return { before: only(before), after: only(after) };
}
