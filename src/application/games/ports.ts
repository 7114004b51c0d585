/** What games need of the outside. */
import type { Game, GameRole, Member, Membership } from '#domain/games/game.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import type { GameId, InvitationId, UserId } from '#domain/shared/ids.ts';
import type { Page } from '../shared/page.ts';

/** Where a list goes on: after what has this time and id. */
export type GameCursor = Readonly<{ at: Date; id: GameId }>;
export type MemberCursor = Readonly<{ at: Date; id: UserId }>;
export type InvitationCursor = Readonly<{ at: Date; id: InvitationId }>;

export interface Games {
  find(id: GameId): Promise<Game | undefined>;
  add(game: Game): Promise<void>;
  /** Stores every field of a game that is there. */
  save(game: Game): Promise<void>;
  /** Removes the game with its memberships and invitations; its threads are in no game any more. */
  remove(id: GameId): Promise<void>;
  /** Games that the viewer is a member of, or all of them, newest first, each with their role in it. */
  list(
    viewer: UserId,
    page: Readonly<{ all: boolean; limit: number; cursor?: GameCursor }>,
  ): Promise<Page<SeenGame, GameCursor>>;
}

/** Memberships as they are looked up on the hot path, outside a unit of work. */
export interface MembershipReads {
  /** What the user is in the game; undefined where they are no member. */
  findRole(gameId: GameId, userId: UserId): Promise<GameRole | undefined>;
}

export interface Memberships extends MembershipReads {
  /**
   * What the user is in the game. Throws 404 `game_not_found` where they are no member, whether or not there is the
   * game.
   */
  getRole(gameId: GameId, userId: UserId): Promise<GameRole>;
  find(gameId: GameId, userId: UserId): Promise<Member | undefined>;
  /** Members in the order in which they joined. */
  list(gameId: GameId, page: Readonly<{ limit: number; cursor?: MemberCursor }>): Promise<Page<Member, MemberCursor>>;
  countGms(gameId: GameId): Promise<number>;
  /** Throws 409 `already_member`; 404 `user_not_found`. */
  add(membership: Membership): Promise<void>;
  /** Stores the role of a member who is there. */
  save(membership: Membership): Promise<void>;
  remove(gameId: GameId, userId: UserId): Promise<void>;
  /**
   * Ends every membership of a user who is about to be deleted. Throws 409 `last_gm` where they are the last GM of a
   * game.
   */
  removeByUser(userId: UserId): Promise<void>;
}

export interface Invitations {
  find(gameId: GameId, id: InvitationId): Promise<Invitation | undefined>;
  findByDigest(digest: string): Promise<Invitation | undefined>;
  /** Invitations to a game, newest first. */
  list(
    gameId: GameId,
    page: Readonly<{ limit: number; cursor?: InvitationCursor }>,
  ): Promise<Page<Invitation, InvitationCursor>>;
  add(invitation: Invitation): Promise<void>;
  /** Counts one use by one conditional write; false, with nothing changed, where none is left or it was taken back. */
  use(id: InvitationId): Promise<boolean>;
  /** Takes it back; an invitation that was taken back before keeps its time. */
  revoke(id: InvitationId, at: Date): Promise<void>;
}
