/** The ports of the games context: repositories of games, memberships, invitations and history. */
import type { Game, GameRole, Member, Membership } from '#domain/games/game.ts';
import type { GameEvent, NamedGameEvent } from '#domain/games/game-event.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import type { GameEventId, GameId, UserId, WorkspaceId } from '#domain/shared/ids.ts';
import type { InvitationStore } from '../shared/invitations/ports.ts';
import type { Page, PageRequest } from '../shared/page.ts';

/** The keyset of the last item of a page: time of creation or joining, and id. The next page starts after it. */
export type GameCursor = Readonly<{ at: Date; id: GameId }>;
export type MemberCursor = Readonly<{ at: Date; id: UserId }>;
export type GameEventCursor = Readonly<{ at: Date; id: GameEventId }>;

/** Games. Only a unit of work may call the methods that change something. */
export interface Games {
  find(id: GameId): Promise<Game | undefined>;
  add(game: Game): Promise<void>;
  /** Updates every field of an existing game. */
  save(game: Game): Promise<void>;
  /** Removes the game with its memberships, invitations and history. Its threads remain, without a game. */
  remove(id: GameId): Promise<void>;
  /** Returns the viewer's games of a workspace, or all of it, newest first, each with the viewer's role in it. */
  list(
    viewer: UserId,
    page: Readonly<{ workspaceId: WorkspaceId; all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>>;
}

/** Memberships as they are read outside a unit of work, on the hot path of every request to a game's thread. */
export interface MembershipReads {
  /** Returns the user's role in the game; undefined for a non-member. */
  findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined>;
}

export interface Memberships extends MembershipReads {
  /**
   * Returns the workspace of a game for a member of it, where it is one of `among`. Throws 404 `game_not_found`
   * otherwise, whether or not the game exists.
   */
  getWorkspace(gameId: GameId, userId: UserId, among: readonly WorkspaceId[]): Promise<WorkspaceId>;
  find(gameId: GameId, userId: UserId): Promise<Member | undefined>;
  /** Returns a page of the members in the order in which they joined. */
  list(gameId: GameId, page: PageRequest<MemberCursor>): Promise<Page<Member, MemberCursor>>;
  countGms(gameId: GameId): Promise<number>;
  /** Counts the GMs who are not disabled. */
  countActiveGms(gameId: GameId): Promise<number>;
  /** Throws 409 `already_member`; 404 `user_not_found`. */
  add(membership: Membership): Promise<void>;
  /** Updates the role of an existing member. */
  save(membership: Membership): Promise<void>;
  /** Does nothing for a non-member. */
  remove(gameId: GameId, userId: UserId): Promise<void>;
  /**
   * Removes every membership of a user before they are deleted. Throws 409 `last_gm` if they are the only GM of a game.
   */
  removeByUser(userId: UserId): Promise<void>;
  /** The same for the games of a workspace, before the user leaves it. */
  removeFromWorkspace(userId: UserId, workspaceId: WorkspaceId): Promise<void>;
}

export type Invitations = InvitationStore<GameId, Invitation>;

/** What games need of the conversations in them. */
export interface ThreadsOfGames {
  /** Passes on what a user owns in a game to the GM who joined first; of those who joined at once, the smaller id. */
  transferOwnership(from: UserId, gameId: GameId): Promise<void>;
}

/** What happened in games. It ends with the game, and names nobody who is deleted. */
export interface GameEvents {
  add(event: GameEvent): Promise<void>;
  /** Returns a page of a game's events, newest first. */
  list(gameId: GameId, page: PageRequest<GameEventCursor>): Promise<Page<NamedGameEvent, GameEventCursor>>;
}
