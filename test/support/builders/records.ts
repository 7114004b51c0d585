/** Users, games, sources, threads, messages and sessions with every field filled, for tests to vary. */
import type { AuditEntry } from '#application/shared/audit-log.ts';
import type { StoredResponse } from '#application/shared/idempotency.ts';
import type { MessageDraft } from '#domain/conversations/message.ts';
import type { Revision } from '#domain/conversations/revision.ts';
import type { Thread } from '#domain/conversations/thread.ts';
import type { Game, Membership } from '#domain/games/game.ts';
import type { GameEvent } from '#domain/games/game-event.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import type { OauthAccount } from '#domain/identity/oauth-account.ts';
import type { PasswordLink } from '#domain/identity/password-link.ts';
import type { Session } from '#domain/identity/session.ts';
import type { User } from '#domain/identity/user.ts';
import type { Source } from '#domain/library/source.ts';
import type { SourceAccess } from '#domain/library/source-access.ts';
import {
  type GameId,
  ID_PREFIXES,
  type IdKind,
  type IdOf,
  type OauthAccountId,
  type SourceId,
  type ThreadId,
  type UserId,
} from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';

let counted = 0;

/** An id that no other call gives. */
export function newId<Kind extends IdKind>(kind: Kind): IdOf<Kind> {
  counted++;
  return `${ID_PREFIXES[kind]}_${String(counted).padStart(8, '0')}` as IdOf<Kind>;
}

/** Noon, and so many seconds. */
export function at(seconds: number): Date {
  return new Date(Date.UTC(2026, 10, 21, 12, 0, 0, 7) + seconds * 1_000);
}

export function aUser(fields: Partial<User> = {}): User {
  const id = fields.id ?? newId('user');
  return {
    id,
    email: `${id}@example.org`,
    username: `Name-${id}`,
    displayName: 'Élise “Lis” 🐉',
    status: 'active',
    roles: ['gm', 'player'],
    sessionEpoch: 3,
    createdAt: at(0),
    ...fields,
  };
}

export function anAuditEntry(fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id: newId('auditEntry'),
    at: at(0),
    actorId: 'usr_of-the-audit' as UserId,
    actorKind: 'user',
    action: 'users.update',
    subject: 'user:usr_somebody',
    outcome: 'done',
    before: { displayName: 'Élise “Lis” 🐉', roles: ['gm'] },
    after: { displayName: 'Élise', roles: [], nested: { b: null, a: 1.5 } },
    ip: '127.0.0.1',
    requestId: 'request-1',
    ...fields,
  };
}

export function aThread(ownerId: UserId, fields: Partial<Thread> = {}): Thread {
  return {
    id: newId('thread'),
    title: 'The Sunken Crypt',
    ownerId,
    workspaceId: HOME_ID,
    gameId: null,
    systemPrompt: 'You are the narrator.\nBe brief.',
    createdAt: at(0),
    lastMessageAt: null,
    archived: false,
    version: 1,
    lastSeq: 0,
    revision: 0,
    windowSize: 31,
    windowEntries: 0,
    estimator: 'chars_div_4',
    ...fields,
  };
}

export function aMessage(threadId: ThreadId, fields: Partial<MessageDraft> = {}): MessageDraft {
  const content = fields.content ?? 'The door creaks — “who goes there?” 🐉';
  return {
    id: newId('message'),
    threadId,
    role: 'user',
    authorId: null,
    name: null,
    content,
    toolCalls: null,
    toolCallId: null,
    createdAt: at(1),
    metadata: {},
    size: content.length,
    ...fields,
  };
}

export function aRevision(fields: Partial<Revision> = {}): Revision {
  const id = fields.id ?? 1;
  return {
    id,
    parentId: id - 1,
    uptoSeq: 0,
    entries: [],
    size: 0,
    estimator: 'chars_div_4',
    madeBy: 'compaction',
    event: {
      id,
      kind: 'compacted',
      trigger: 'auto',
      beforeTokens: 900,
      afterTokens: 500,
      beforeMessages: 40,
      afterMessages: 20,
      strategiesUsed: [{ name: 'window', tokensFreed: 400, entriesRemoved: 20, ms: 1.5 }],
      summariesAdded: 1,
      by: null,
      at: at(9),
    },
    ...fields,
  };
}

export function aSession(userId: UserId, fields: Partial<Session> = {}): Session {
  const id = fields.id ?? newId('session');
  return {
    id,
    digest: `digest-of-${id}`,
    userId,
    epoch: 2,
    createdAt: at(0),
    lastSeenAt: at(0),
    idleEndAt: at(100),
    absoluteEndAt: at(1_000),
    ip: '127.0.0.1',
    userAgent: 'Tests',
    oauthAccountId: 'oac_of-the-session' as OauthAccountId,
    ...fields,
  };
}

export function aStoredResponse(fields: Partial<StoredResponse> = {}): StoredResponse {
  return {
    key: `digest-of-${newId('message')}`,
    actorId: newId('user'),
    subjectId: null,
    bodyDigest: 'digest-of-a-body',
    answer: { status: 201, body: { title: 'Élise “Lis” 🐉', nested: [null, { n: 1 }] } },
    createdAt: at(0),
    expiresAt: at(100),
    ...fields,
  };
}

export function anOauthAccount(userId: UserId, fields: Partial<OauthAccount> = {}): OauthAccount {
  const id = fields.id ?? newId('oauthAccount');
  return {
    id,
    userId,
    provider: 'guild',
    issuer: 'https://guild.example',
    subject: `subject-of-${id}`,
    email: 'lis@guild.example',
    refreshToken: `sealed-for-${id}`,
    linkedAt: at(0),
    lastUsedAt: at(1),
    checkedAt: at(2),
    brokenAt: null,
    ...fields,
  };
}

export function aGame(createdByUserId: UserId | null, fields: Partial<Game> = {}): Game {
  return {
    id: newId('game'),
    workspaceId: HOME_ID,
    name: 'Kraghammer — “the mines” ⚒',
    description: 'Below the city.\nFar below.',
    createdByUserId,
    createdAt: at(0),
    ...fields,
  };
}

export function aMembership(gameId: GameId, userId: UserId, fields: Partial<Membership> = {}): Membership {
  return { gameId, userId, roleInGame: 'player', joinedAt: at(0), ...fields };
}

export function aGameEvent(gameId: GameId, fields: Partial<GameEvent> = {}): GameEvent {
  return {
    id: newId('gameEvent'),
    gameId,
    at: at(0),
    kind: 'joined',
    userId: null,
    roleInGame: 'player',
    byUserId: null,
    byManager: false,
    ...fields,
  };
}

export function anInvitation(gameId: GameId, fields: Partial<Invitation> = {}): Invitation {
  const id = fields.id ?? newId('invitation');
  return {
    id,
    gameId,
    digest: `digest-of-${id}`,
    roleInGame: 'player',
    email: 'vex@example.org',
    maxUses: 3,
    uses: 1,
    createdByUserId: null,
    createdAt: at(0),
    expiresAt: at(1_000),
    revokedAt: null,
    ...fields,
  };
}

export function aSource(fields: Partial<Source> = {}): Source {
  const id = fields.id ?? newId('source');
  return {
    id,
    workspaceId: HOME_ID,
    title: `Bestiary ${id} 🐉`,
    publisher: 'Gilmore’s',
    edition: '2nd',
    description: 'Beasts, mostly.',
    included: false,
    createdAt: at(0),
    ...fields,
  };
}

export function anAccess(sourceId: SourceId, userId: UserId, fields: Partial<SourceAccess> = {}): SourceAccess {
  return {
    sourceId,
    userId,
    type: 'alacarte',
    validFrom: at(0),
    expiresAt: at(1_000),
    grantedAt: at(0),
    revokedAt: null,
    trialUsed: false,
    licenseKey: 'encrypted',
    ...fields,
  };
}

export function anApiToken(userId: UserId, fields: Partial<ApiToken> = {}): ApiToken {
  const id = fields.id ?? newId('apiToken');
  return {
    id,
    userId,
    name: 'Dice bot 🎲',
    prefix: `tk_${id}`,
    digest: `digest-of-${id}`,
    scopes: ['chat.use', 'sources.read'],
    workspaceId: null,
    createdAt: at(0),
    expiresAt: at(1_000),
    lastUsedAt: at(5),
    usageCount: 7,
    revokedAt: at(9),
    revokedBy: userId,
    ...fields,
  };
}

export function aPasswordLink(userId: UserId, fields: Partial<PasswordLink> = {}): PasswordLink {
  const id = fields.id ?? newId('passwordLink');
  return { id, userId, digest: `digest-of-${id}`, createdAt: at(0), expiresAt: at(100), endedAt: null, ...fields };
}
