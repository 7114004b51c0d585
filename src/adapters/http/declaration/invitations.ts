/** What requests about invitations hold, whatever these lead to. */
import { z } from 'zod';
import { normalizeEmail } from '#domain/identity/user.ts';
import { invitationErrors } from '#domain/shared/invitation.ts';
import { pathId } from './input.ts';
import type { Client, PathParameter } from './route.ts';
import { timeCursor } from './time-cursor.ts';

const MAX_USES = 1_000;
const MAX_SECONDS = 365 * 24 * 60 * 60;

export const invitation = pathId('invitation', invitationErrors.invitationNotFound);
export const invitationCursor = timeCursor(invitation.schema);

/** Anything that could be a code: what it is not is told by its digest alone. */
export const code: PathParameter<string> = {
  schema: z.string().regex(/^[\w-]{1,128}$/),
  missing: invitationErrors.invitationNotFound,
  description: 'Code of an invitation.',
};

export const terms = {
  email: z.email().max(254).transform(normalizeEmail).optional(),
  max_uses: z.int().min(1).max(MAX_USES).default(1),
  expires_in_seconds: z.int().min(1).max(MAX_SECONDS).optional().describe('Seven days unless told.'),
};

type Terms = z.output<z.ZodObject<typeof terms>>;

export function toTerms({ email, max_uses: maxUses, expires_in_seconds: expiresInSeconds }: Terms) {
  return { email: email ?? null, maxUses, ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }) };
}

/** What an answer shows once, beside the invitation. */
export const codeFields = { code: z.string().optional(), url: z.string().optional() };

/** The code, and the link behind the "#" of which no server is ever sent anything, nor writes it into a log. */
export function toCodeJson(code: string, { ownOrigin }: Client) {
  return { code, url: `${ownOrigin}/#/invitations/${code}` };
}
