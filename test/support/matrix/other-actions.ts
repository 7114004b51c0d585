/** Actions of the audit that no route's row can have, with what tells of them. */
export const OTHER_ACTIONS: Readonly<Record<string, string>> = {
  'access.refuse': 'test/http/operations/audit.test.ts',
  'audit.leave_out': 'test/application/audit/audit-queue.test.ts',
  'keys.rotate': 'test/application/operations/rotate-keys.test.ts',
  'members.leave': 'test/http/operations/audited-changes.test.ts',
  'oauth_accounts.break': 'test/http/identity/oauth-accounts.test.ts',
  'oauth_accounts.link': 'test/http/identity/oauth-accounts.test.ts',
  'workspace_invitations.accept': 'test/http/workspaces/invitations.test.ts',
  'workspace_invitations.decline': 'test/http/workspaces/invitations.test.ts',
  'workspace_members.leave': 'test/http/workspaces/members.test.ts',
};
