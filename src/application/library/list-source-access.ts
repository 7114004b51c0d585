/** Lists the licences to a source, with their keys decrypted. */
import type { SourceAccess } from '#domain/library/source-access.ts';
import type { UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Cipher } from '../shared/cipher.ts';
import type { Page, PageRequest } from '../shared/page.ts';
import type { AccessCursor, SourceAccesses, Sources } from './ports.ts';
import { sourceFor } from './source-access.ts';

type Deps = Readonly<{
  reads: Readonly<{ sources: Pick<Sources, 'find'>; sourceAccesses: Pick<SourceAccesses, 'list'> }>;
  cipher: Pick<Cipher, 'decrypt'>;
}>;

/** A licence with its key in plain text; null if it has none, or no configured key decrypts it. */
export type ShownAccess = Readonly<{ access: SourceAccess; licenseKey: string | null }>;

export class ListSourceAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * Returns a page, newest grant first, including licences that have expired or not begun, but no revoked ones. Throws
   * 403 without `sources.grant`; 404 `source_not_found`.
   */
  async execute(
    actor: UserActor,
    id: SourceId,
    page: PageRequest<AccessCursor>,
  ): Promise<Page<ShownAccess, AccessCursor>> {
    const { reads } = this.#deps;
    await sourceFor(reads.sources, actor, { id, permission: 'sources.grant' });
    const { items, next } = await reads.sourceAccesses.list(id, page);
    return { items: items.map((access) => ({ access, licenseKey: this.#decryptedKey(access) })), next };
  }

  /** One key that cannot be decrypted must not make the whole list unavailable. */
  #decryptedKey({ licenseKey }: SourceAccess): string | null {
    try {
      return licenseKey === null ? null : this.#deps.cipher.decrypt(licenseKey);
    } catch {
      return null;
    }
  }
}
