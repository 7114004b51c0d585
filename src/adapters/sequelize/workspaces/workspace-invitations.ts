/** Invitations to workspaces: the model, and the mapping of a row. */
import type { Model, ModelStatic, Sequelize } from 'sequelize';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { WORKSPACE_ROLES, type WorkspaceRole } from '#domain/shared/workspace-rights.ts';
import type { WorkspaceInvitation } from '#domain/workspaces/invitation.ts';
import { reference, text } from '../shared/columns.ts';
import { type InvitationKind, type TermsRow, termsColumns, termsFrom, termsRowOf } from '../shared/invitations.ts';

type WorkspaceInvitationRow = TermsRow & { workspace_id: string; role: string };

export function defineWorkspaceInvitations(sequelize: Sequelize): ModelStatic<Model<WorkspaceInvitationRow>> {
  return sequelize.define<Model<WorkspaceInvitationRow>>(
    'workspaceInvitation',
    { ...termsColumns(), workspace_id: reference('workspaces'), role: text() },
    { tableName: 'workspace_invitations', timestamps: false },
  );
}

export const WORKSPACE_INVITATIONS: InvitationKind<WorkspaceInvitation, WorkspaceInvitationRow> = {
  targetColumn: 'workspace_id',
  from: (row) => ({
    ...termsFrom(row),
    workspaceId: row.workspace_id as WorkspaceId,
    role: row.role as WorkspaceRole,
  }),
  rowOf: (invitation) => ({
    ...termsRowOf(invitation),
    workspace_id: invitation.workspaceId,
    role: known(WORKSPACE_ROLES, invitation.role),
  }),
};
