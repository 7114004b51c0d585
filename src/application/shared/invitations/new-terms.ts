/** Draws the code of a new invitation, and says what is stored of it. */
import type { UserActor } from '#domain/shared/actor.ts';
import { INVITATION_SECONDS, type InvitationTerms } from '#domain/shared/invitation.ts';
import type { Clock } from '../clock.ts';
import type { Ids } from '../ids.ts';

type Deps = Readonly<{
  secrets: Readonly<{ next(): string; digest(secret: string): string }>;
  clock: Clock;
  ids: Ids;
}>;

export type TermsInput = Readonly<{
  /** The normalised address of the only user who can accept; null if anyone with the code can. */
  email: string | null;
  maxUses: number;
  /** Seven days by default. */
  expiresInSeconds?: number;
}>;

/** The only place where `code` appears: afterwards only its digest is stored. */
export type NewTerms = Readonly<{ terms: InvitationTerms; code: string }>;

export function newTerms({ secrets, clock, ids }: Deps, actor: UserActor, input: TermsInput): NewTerms {
  const { email, maxUses, expiresInSeconds = INVITATION_SECONDS } = input;
  const code = secrets.next();
  const now = clock.now();
  const terms: InvitationTerms = {
    id: ids.next('invitation'),
    digest: secrets.digest(code),
    email,
    maxUses,
    uses: 0,
    createdByUserId: actor.userId,
    createdAt: now,
    expiresAt: new Date(now.getTime() + expiresInSeconds * 1_000),
    revokedAt: null,
  };
  return { terms, code };
}
