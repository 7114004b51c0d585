/** Invitations as whoever has the code looks at them and answers them, whether they lead to a game or a workspace. */
import { z } from 'zod';
import type { AnswerInvitation } from '#application/games/answer-invitation.ts';
import type { PreviewInvitation } from '#application/games/preview-invitation.ts';
import type { AnswerWorkspaceInvitation } from '#application/workspaces/answer-workspace-invitation.ts';
import type { PreviewWorkspaceInvitation } from '#application/workspaces/preview-workspace-invitation.ts';
import { gameErrors } from '#domain/games/errors.ts';
import type { Member } from '#domain/games/game.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { invitationErrors } from '#domain/shared/invitation.ts';
import type { WorkspaceMember } from '#domain/workspaces/workspace.ts';
import { code } from '../declaration/invitations.ts';
import { type Route, route } from '../declaration/route.ts';
import { memberSchema, previewSchema, toMemberJson } from '../games/schemas.ts';
import { toWorkspaceMemberJson, workspaceMemberSchema, workspacePreviewSchema } from '../workspaces/schemas.ts';

export type InvitationUseCases = Readonly<{
  previewInvitation: PreviewInvitation;
  previewWorkspaceInvitation: PreviewWorkspaceInvitation;
  answerInvitation: AnswerInvitation;
  answerWorkspaceInvitation: AnswerWorkspaceInvitation;
}>;

const tag = 'Invitations';
const access = 'games.use';
const params = { code };

export function invitationRoutes(useCases: InvitationUseCases): Route[] {
  return [previewInvitation(useCases), acceptInvitation(useCases), declineInvitation(useCases)];
}

function previewInvitation({ previewInvitation, previewWorkspaceInvitation }: InvitationUseCases): Route {
  return route({
    method: 'get',
    path: '/invitations/{code}',
    tag,
    summary: 'What an invitation would lead to, a game or a workspace. Changes nothing.',
    access: 'public',
    params,
    returns: { 200: z.union([previewSchema, workspacePreviewSchema]) },
    async handle({ params }) {
      const body = await ofEither(
        async () => {
          const { game, invitation } = await previewInvitation.execute(params.code);
          const expires_at = invitation.expiresAt.toISOString();
          return { game_name: game.name, role_in_game: invitation.roleInGame, expires_at };
        },
        async () => {
          const { workspace, invitation } = await previewWorkspaceInvitation.execute(params.code);
          const expires_at = invitation.expiresAt.toISOString();
          return { workspace_name: workspace.name, role: invitation.role, expires_at };
        },
      );
      return { status: 200, body };
    },
  });
}

function acceptInvitation(useCases: InvitationUseCases): Route {
  return route({
    method: 'post',
    path: '/invitations/{code}/accept',
    tag,
    summary: 'Join the game or the workspace. Who is a member already stays what they are, and uses nothing.',
    access,
    params,
    returns: { 200: z.union([memberSchema, workspaceMemberSchema]) },
    errors: [
      invitationErrors.invitationForAnother,
      gameErrors.invitationForMembers,
      gameErrors.selfMembership,
      invitationErrors.invitationUsedUp,
      invitationErrors.invitationOver,
      identityErrors.sessionRequired,
    ],
    async handle({ actor, params }) {
      const { ofGame, ofWorkspace } = answering(useCases, actor, { code: params.code, answer: 'accept' });
      const body = await ofEither(
        async () => toMemberJson((await ofGame()) as Member),
        async () => toWorkspaceMemberJson((await ofWorkspace()) as WorkspaceMember),
      );
      return { status: 200, body };
    },
  });
}

function declineInvitation(useCases: InvitationUseCases): Route {
  return route({
    method: 'post',
    path: '/invitations/{code}/decline',
    tag,
    summary: 'Decline. Ends an invitation that is for me alone; any other stays for those who want it.',
    access,
    params,
    returns: { 204: null },
    errors: [invitationErrors.invitationForAnother, gameErrors.invitationForMembers, identityErrors.sessionRequired],
    async handle({ actor, params }) {
      const { ofGame, ofWorkspace } = answering(useCases, actor, { code: params.code, answer: 'decline' });
      await ofEither(ofGame, ofWorkspace);
      return { status: 204 };
    },
  });
}

type Answer = Readonly<{ code: string; answer: 'accept' | 'decline' }>;

/** Tokens act in the workspaces of their owner; into others they bring nobody. */
function answering(
  { answerInvitation, answerWorkspaceInvitation, previewWorkspaceInvitation }: InvitationUseCases,
  actor: UserActor,
  answer: Answer,
) {
  return {
    ofGame: () => answerInvitation.execute(actor, answer),
    ofWorkspace: async () => {
      if (actor.tokenId !== null) {
        // What is no invitation at all is answered as it is to a session.
        await previewWorkspaceInvitation.execute(answer.code);
        throw identityErrors.sessionRequired();
      }
      return answerWorkspaceInvitation.execute(actor, answer);
    },
  };
}

/** Which kind a code is of, its digest alone tells: what is no invitation to a game may be one to a workspace. */
async function ofEither<Game, Workspace>(
  ofGame: () => Promise<Game>,
  ofWorkspace: () => Promise<Workspace>,
): Promise<Game | Workspace> {
  try {
    return await ofGame();
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== invitationErrors.invitationNotFound.code) throw error;
    return ofWorkspace();
  }
}
