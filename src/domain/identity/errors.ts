/** Declares every refusal of the identity context: kind, code and message. */
import { refusal } from '#domain/shared/domain-error.ts';

export const identityErrors = {
  signInFailed: refusal(
    'unauthenticated',
    'sign_in_failed',
    'The login or the password is wrong, or this account may not sign in.',
  ),
  userNotFound: refusal('not_found', 'user_not_found', 'There is no such user.'),
  roleNotFound: refusal('not_found', 'role_not_found', 'There is no such role.'),
  emailTaken: refusal('conflict', 'email_taken', 'Another user has this e-mail address.'),
  usernameTaken: refusal('conflict', 'username_taken', 'Another user has this username.'),
  usernameInvalid: refusal(
    'invalid',
    'username_invalid',
    'A username has no "@", no space and no invisible character, and its letters are of one script.',
  ),
  displayNameInvalid: refusal(
    'invalid',
    'display_name_invalid',
    'A display name can be seen, and has no control or format characters.',
  ),
  passwordRejected: refusal('invalid', 'password_rejected', 'This password is not good enough.'),
  grantExceedsOwn: refusal(
    'forbidden',
    'grant_exceeds_own',
    'You cannot give permissions that you do not hold yourself.',
  ),
  editExceedsOwn: refusal(
    'forbidden',
    'edit_exceeds_own',
    'You cannot change somebody, or a role, that holds permissions which you do not hold yourself.',
  ),
  lastAdmin: refusal('conflict', 'last_admin', 'This is the last active admin. Make another one first.'),
  builtinRole: refusal(
    'conflict',
    'builtin_role',
    'Built-in roles cannot be changed. Make a role of your own instead.',
  ),
  roleInUse: refusal('conflict', 'role_in_use', 'Users still hold this role. Take it from them first.'),
  roleNameTaken: refusal('conflict', 'role_name_taken', 'There is a role with this name already.'),
  rolesFull: refusal(
    'conflict',
    'roles_full',
    'There are as many roles as there can be. Delete one that nobody needs.',
  ),
  userRolesFull: refusal(
    'conflict',
    'user_roles_full',
    'This user holds as many roles as a user can hold. Take one from them first.',
  ),
  permissionNotFound: refusal('not_found', 'permission_not_found', 'There is no such permission.'),
  signInDelayed: refusal(
    'limited',
    'sign_in_delayed',
    'Too many sign-ins have failed here or for this account. Wait, then try again.',
  ),
  passwordWrong: refusal('unauthenticated', 'password_wrong', 'This is not your current password.'),
  passwordLinkNotFound: refusal('not_found', 'password_link_not_found', 'There is no such link to set a password.'),
  passwordLinkEnded: refusal(
    'gone',
    'password_link_ended',
    'This link was used or has expired. Ask an admin for a new one.',
  ),
  registrationClosed: refusal(
    'forbidden',
    'registration_closed',
    'Nobody can register here. Ask an admin for an account.',
  ),
  sessionRequired: refusal('forbidden', 'session_required', 'This needs a session. Sign in; a token will not do.'),
  sessionNotFound: refusal('not_found', 'session_not_found', 'You have no such session.'),
  tokenNotFound: refusal('not_found', 'token_not_found', 'You have no such token.'),
  tokenEnded: refusal('conflict', 'token_ended', 'This token was revoked or has expired. Issue a new one.'),
  scopesOutsideWorkspace: refusal(
    'invalid',
    'scopes_outside_workspace',
    'A token of one workspace can only have scopes that are about what a workspace owns.',
  ),
  tokensFull: refusal(
    'conflict',
    'tokens_full',
    'You have as many API tokens as a user can have. Revoke one that you no longer use first.',
  ),
  oauthProviderNotFound: refusal('not_found', 'oauth_provider_not_found', 'Nobody can sign in through this provider.'),
  oauthProviderUnavailable: refusal(
    'unavailable',
    'oauth_provider_unavailable',
    'The provider does not answer. Try again in a moment, or sign in another way.',
  ),
  oauthFlowInvalid: refusal(
    'invalid',
    'oauth_flow_invalid',
    'This sign-in was not begun in this browser, is over, or took too long. Start again.',
  ),
  oauthFailed: refusal('unauthenticated', 'oauth_failed', 'The provider did not sign you in. Start again.'),
  oauthEmailMissing: refusal(
    'forbidden',
    'oauth_email_missing',
    'The provider does not vouch for an e-mail address of yours, and an account here needs one.',
  ),
  oauthAccountTaken: refusal('conflict', 'oauth_account_taken', 'This account is linked to another user.'),
  oauthAccountsFull: refusal('conflict', 'oauth_accounts_full', 'You have linked too many accounts. Unlink one first.'),
  oauthAccountNotFound: refusal('not_found', 'oauth_account_not_found', 'You have no such linked account.'),
  lastSignIn: refusal(
    'conflict',
    'last_sign_in',
    'This is your last way to sign in. Set a password or link another account first.',
  ),
  hashingBusy: refusal('unavailable', 'hashing_busy', 'Too many sign-ins at once. Try again in a moment.'),
};
