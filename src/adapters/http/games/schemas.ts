/** How games, members and invitations look to clients. */
import { z } from 'zod';
import { GAME_ROLES, type Member } from '#domain/games/game.ts';
import { GAME_EVENT_KINDS, type NamedGameEvent } from '#domain/games/game-event.ts';
import type { Invitation } from '#domain/games/invitation.ts';
import type { SeenGame } from '#domain/games/policy.ts';
import { time } from '../declaration/output.ts';

export const gameSchema = z
  .strictObject({
    id: z.string(),
    workspace_id: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    created_by_user_id: z.string().nullable(),
    created_at: time,
    my_role: z.enum(GAME_ROLES).nullable().describe('Null for a manager of all games who is no member.'),
  })
  .meta({ id: 'Game' });

export const memberSchema = z
  .strictObject({
    user_id: z.string(),
    display_name: z.string(),
    role_in_game: z.enum(GAME_ROLES),
    joined_at: time,
  })
  .meta({ id: 'Member' });

export const invitationSchema = z
  .strictObject({
    id: z.string(),
    role_in_game: z.enum(GAME_ROLES),
    email: z.string().nullable().describe('Set where it is for the user with this address alone.'),
    max_uses: z.int().min(1),
    uses: z.int().min(0),
    expires_at: time,
    revoked_at: time.nullable(),
  })
  .meta({ id: 'Invitation' });

export const gameEventSchema = z
  .strictObject({
    id: z.string(),
    kind: z.enum(GAME_EVENT_KINDS).describe('`game_changed`: its name or description.'),
    user_id: z.string().nullable().describe('The member; null where it is about none, or they are deleted.'),
    display_name: z.string().nullable(),
    role_in_game: z.enum(GAME_ROLES).nullable(),
    by: z.string().nullable().describe('Who did it; of an invitation that was accepted, the inviter.'),
    by_display_name: z.string().nullable(),
    by_manager: z.boolean().describe('Done by a manager of all games, not by a GM of this one or by the member.'),
    at: time,
  })
  .meta({ id: 'GameEvent' });

export const previewSchema = z
  .strictObject({ game_name: z.string(), role_in_game: z.enum(GAME_ROLES), expires_at: time })
  .meta({ id: 'InvitationPreview' });

export function toGameJson({ game, myRole }: SeenGame): z.input<typeof gameSchema> {
  return {
    id: game.id,
    workspace_id: game.workspaceId,
    name: game.name,
    description: game.description,
    created_by_user_id: game.createdByUserId,
    created_at: game.createdAt.toISOString(),
    my_role: myRole,
  };
}

export function toMemberJson(member: Member): z.input<typeof memberSchema> {
  return {
    user_id: member.userId,
    display_name: member.displayName,
    role_in_game: member.roleInGame,
    joined_at: member.joinedAt.toISOString(),
  };
}

export function toInvitationJson(invitation: Invitation): z.input<typeof invitationSchema> {
  return {
    id: invitation.id,
    role_in_game: invitation.roleInGame,
    email: invitation.email,
    max_uses: invitation.maxUses,
    uses: invitation.uses,
    expires_at: invitation.expiresAt.toISOString(),
    revoked_at: invitation.revokedAt?.toISOString() ?? null,
  };
}

export function toGameEventJson(event: NamedGameEvent): z.input<typeof gameEventSchema> {
  return {
    id: event.id,
    kind: event.kind,
    user_id: event.userId,
    display_name: event.displayName,
    role_in_game: event.roleInGame,
    by: event.byUserId,
    by_display_name: event.byDisplayName,
    by_manager: event.byManager,
    at: event.at.toISOString(),
  };
}
