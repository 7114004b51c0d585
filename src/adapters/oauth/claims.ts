/** What is taken over of an issuer's claims: its data, held to the rules for what clients of ours send. */
import { z } from 'zod';
import type { OauthIdentity } from '#application/identity/oauth/ports.ts';

/** As OpenID Connect has it: at most 255 ASCII characters; here none that cannot be seen, and not spaces alone. */
const SUBJECT = /^(?! *$)[\x20-\x7e]{1,255}$/;
/** The schema of the API for e-mail addresses. */
const EMAIL = z.email().max(254);
/** More of a name is dropped before it is looked at. */
const NAME_MAX_UNITS = 1_000;

type Claims = Readonly<Record<string, unknown>>;

/** Whether a subject is one by which an account can be known. */
export function isSubject(subject: string): boolean {
  return SUBJECT.test(subject);
}

/** The profile in claims; what is not as it must be counts as absent. */
export function profileFrom(claims: Claims): Pick<OauthIdentity, 'email' | 'emailVerified' | 'name'> {
  const { email_verified: verified, name } = claims;
  const email = EMAIL.safeParse(claims.email);
  return {
    email: email.success ? email.data : null,
    // Some issuers send the boolean as text.
    emailVerified: verified === true || verified === 'true' ? true : verified === undefined ? null : false,
    name: typeof name === 'string' ? name.slice(0, NAME_MAX_UNITS) : null,
  };
}
