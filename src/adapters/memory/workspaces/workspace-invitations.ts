/** Invitations to workspaces in memory. */
import type { WorkspaceInvitations } from '#application/workspaces/ports.ts';
import { known } from '#domain/shared/vocabulary.ts';
import { WORKSPACE_ROLES } from '#domain/shared/workspace-rights.ts';
import { MemoryInvitations } from '../shared/invitations.ts';
import type { Changes, MemoryTables } from '../shared/tables.ts';

type Deps = Readonly<{ tables: MemoryTables; changes: Changes }>;

export function workspaceInvitations({ tables, changes }: Deps): WorkspaceInvitations {
  return new MemoryInvitations({
    changes,
    invitations: tables.workspaceInvitations,
    idByDigest: tables.workspaceInvitationIdByDigest,
    targetOf: ({ workspaceId }) => workspaceId,
    check({ workspaceId, role }) {
      if (!changes.has(tables.workspaces, workspaceId)) throw new Error('There is no such workspace.');
      known(WORKSPACE_ROLES, role);
    },
  });
}
