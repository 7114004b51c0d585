/** Declares every refusal of the workspaces context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const workspaceErrors = {
  memberNotFound: refusal('not_found', 'workspace_member_not_found', 'This workspace has no such member.'),
  singleWorkspace: refusal(
    'forbidden',
    'single_workspace',
    'There is one workspace here. The operator has to set WORKSPACES=multi before others can be opened.',
  ),
  adminRequired: refusal(
    'forbidden',
    'workspace_admin_required',
    'Only an admin or an owner of this workspace may do that.',
  ),
  ownerRequired: refusal('forbidden', 'workspace_owner_required', 'Only an owner of this workspace may do that.'),
  alreadyMember: refusal('conflict', 'already_in_workspace', 'This user is a member of the workspace already.'),
  lastOwner: refusal(
    'conflict',
    'last_owner',
    'A workspace always has an owner. Make somebody else an owner of it first.',
  ),
  homeWorkspace: refusal(
    'conflict',
    'home_workspace',
    'Home belongs to everybody: it cannot be deleted, and nobody joins or leaves it.',
  ),
  homeOwner: refusal('conflict', 'home_owner', 'Whoever has the role "admin" is an owner of Home.'),
  quotaExceeded: refusal(
    'limited',
    'quota_exceeded',
    'The workspace has used up what it may have of this. Wait until `resets_at`, delete what is not needed where that is null, or ask the operator for more.',
  ),
  workspaceNotEmpty: refusal(
    'conflict',
    'workspace_not_empty',
    'This workspace still has games, sources or conversations. Delete them first.',
  ),
};
