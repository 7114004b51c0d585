/** What the audit must have of the routes that change workspaces, their members and invitations. */
import type { AuditedChange, Called } from './audited-changes.ts';

const WORKSPACE = ['name'];
const MEMBER = ['user_id', 'role'];
const INVITATION = ['invitation_id', 'role', 'for_one_email', 'max_uses', 'expires_at', 'revoked'];

const inPath = ({ params }: Called) => `workspace:${params.id}`;

export const workspaceChanges: Readonly<Record<string, AuditedChange>> = {
  'POST /workspaces': {
    action: 'workspaces.create',
    subject: ({ body }) => `workspace:${body.id}`,
    before: null,
    after: WORKSPACE,
  },
  'PATCH /workspaces/{id}': { action: 'workspaces.update', subject: inPath, before: ['name'], after: ['name'] },
  'PATCH /workspaces/{id}/quotas': {
    action: 'workspaces.quotas',
    subject: inPath,
    before: ['sources'],
    after: ['sources'],
  },
  'DELETE /workspaces/{id}': { action: 'workspaces.delete', subject: inPath, before: WORKSPACE, after: null },
  'POST /workspaces/{id}/members': {
    action: 'workspace_members.add',
    subject: inPath,
    before: null,
    after: MEMBER,
  },
  'PATCH /workspaces/{id}/members/{user_id}': {
    action: 'workspace_members.update',
    subject: inPath,
    before: MEMBER,
    after: MEMBER,
  },
  'DELETE /workspaces/{id}/members/{user_id}': {
    action: 'workspace_members.remove',
    subject: inPath,
    before: MEMBER,
    after: null,
  },
  'POST /workspaces/{id}/invitations': {
    action: 'workspace_invitations.create',
    subject: inPath,
    before: null,
    after: INVITATION,
  },
  'DELETE /workspaces/{id}/invitations/{invitation_id}': {
    action: 'workspace_invitations.revoke',
    subject: inPath,
    before: INVITATION,
    after: INVITATION,
  },
};
