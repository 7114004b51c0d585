/** Every refusal of the identity context. */
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
  usernameInvalid: refusal('invalid', 'username_invalid', 'A username must not contain "@".'),
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
  permissionNotFound: refusal('not_found', 'permission_not_found', 'There is no such permission.'),
  hashingBusy: refusal('unavailable', 'hashing_busy', 'Too many sign-ins at once. Try again in a moment.'),
};
