/**
 * What the audit log records of users, roles, tokens and OAuth accounts. Entries outlive the users whom they are about,
 * so a fact is never a secret, and never an e-mail address, a name or an id at a provider.
 */
import type { ApiToken } from './api-token.ts';
import type { OauthAccount } from './oauth-account.ts';
import type { Role } from './permissions.ts';
import type { User } from './user.ts';

/** What can be told of a user without a name: the subject of the entry has the id. */
export function userFacts({ status, roles }: User) {
  return { status, roles };
}

/** As `userFacts`, before and after a change. Of a name or an address they tell only whether it changed. */
export function changedUserFacts(before: User, after: User) {
  const unchanged = { email_changed: false, username_changed: false, display_name_changed: false };
  const changed = {
    email_changed: before.email !== after.email,
    username_changed: before.username !== after.username,
    display_name_changed: before.displayName !== after.displayName,
  };
  return { before: { ...userFacts(before), ...unchanged }, after: { ...userFacts(after), ...changed } };
}

export function roleFacts({ description, permissions }: Role) {
  return { description, permissions };
}

export function tokenFacts({ name, prefix, scopes, workspaceId: workspace_id, expiresAt, revokedAt }: ApiToken) {
  const [expires_at, revoked_at] = [expiresAt.toISOString(), revokedAt?.toISOString() ?? null];
  return { name, prefix, scopes, workspace_id, expires_at, revoked_at };
}

export function oauthAccountFacts({ userId, provider, issuer, brokenAt }: OauthAccount) {
  return { user_id: userId, provider, issuer, broken: brokenAt !== null };
}
