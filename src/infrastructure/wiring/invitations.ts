/** Wires the routes by which invitations are answered, to whatever they lead. */
import { ContainerModule } from 'inversify';
import { invitationRoutes } from '#adapters/http/invitations/invitations.routes.ts';
import { AnswerInvitation } from '#application/games/answer-invitation.ts';
import { PreviewInvitation } from '#application/games/preview-invitation.ts';
import { AnswerWorkspaceInvitation } from '#application/workspaces/answer-workspace-invitation.ts';
import { PreviewWorkspaceInvitation } from '#application/workspaces/preview-workspace-invitation.ts';
import { routes } from './wire.ts';

export const invitationsModule = new ContainerModule(({ bind }) => {
  routes(bind, invitationRoutes, {
    previewInvitation: PreviewInvitation,
    previewWorkspaceInvitation: PreviewWorkspaceInvitation,
    answerInvitation: AnswerInvitation,
    answerWorkspaceInvitation: AnswerWorkspaceInvitation,
  });
});
