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
  hashingBusy: refusal('unavailable', 'hashing_busy', 'Too many sign-ins at once. Try again in a moment.'),
};
