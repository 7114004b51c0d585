/** What passwords may look like, and how a link to set one looks to clients. */
import { z } from 'zod';
import type { NewPasswordLink } from '#application/identity/passwords/password-link-codes.ts';
import { text } from '../declaration/input.ts';
import { time } from '../declaration/output.ts';

/** What is good enough is the domain's to say; this bounds what is looked at. */
export const password = text(1, 1_000);

/** Whether what ends my sessions also ends my API tokens: not unless told. */
export const endsTokens = z.boolean().optional().describe('Whether all my API tokens end, too; not unless told.');

/** `code` and `url` appear once. */
export const passwordLinkSchema = z.strictObject({ code: z.string(), url: z.string(), expires_at: time });

/** The code stands after the `#`, which browsers send to no server and no other page. */
export function toPasswordLinkJson(
  { code, link }: NewPasswordLink,
  ownOrigin: string,
): z.input<typeof passwordLinkSchema> {
  return { code, url: `${ownOrigin}/#set-password=${code}`, expires_at: link.expiresAt.toISOString() };
}
