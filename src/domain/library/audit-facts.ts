/** What the audit log records of sources, their documents and licences: never a licence key, nor a text. */
import type { Document } from './document.ts';
import type { Source } from './source.ts';
import type { SourceAccess } from './source-access.ts';

export function sourceFacts({ title, publisher, edition, description, included }: Source) {
  return { title, publisher, edition, description, included };
}

export function documentFacts({ sourceId, title, kind, audience, bytes, sha256 }: Document) {
  return { source_id: sourceId, title, kind, audience, bytes, sha256 };
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
