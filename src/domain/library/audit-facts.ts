/** What the audit log records of sources and licences: never a licence key. */
import type { Source } from './source.ts';
import type { SourceAccess } from './source-access.ts';

export function sourceFacts({ title, publisher, edition, description, included }: Source) {
  return { title, publisher, edition, description, included };
}

export function accessFacts({ userId, type, validFrom, expiresAt, revokedAt, licenseKey }: SourceAccess) {
  return {
    user_id: userId,
    type,
    valid_from: validFrom.toISOString(),
    expires_at: expiresAt?.toISOString() ?? null,
    revoked: revokedAt !== null,
    has_license_key: licenseKey !== null,
  };
}
