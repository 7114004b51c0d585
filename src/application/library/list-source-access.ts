/** Lists who has a licence to a source, with the licence keys. */
import type { SourceAccess } from '#domain/library/source-access.ts';
import { requirePermission, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Cipher } from '../shared/cipher.ts';
import type { Page } from '../shared/page.ts';
import type { AccessCursor, SourceAccesses, Sources } from './ports.ts';
import { getSource } from './source-access.ts';

type Deps = Readonly<{
  reads: Readonly<{ sources: Pick<Sources, 'find'>; sourceAccesses: Pick<SourceAccesses, 'list'> }>;
  cipher: Pick<Cipher, 'decrypt'>;
}>;

/** A licence, and its key as it was given; null where there is none, or none that a configured key opens. */
export type ShownAccess = Readonly<{ access: SourceAccess; licenseKey: string | null }>;

export class ListSourceAccess {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The newest grant first; those that have expired or not begun are told by their dates. Throws 403 without `sources.grant`; 404 `source_not_found`. */
  async execute(
    actor: UserActor,
    id: SourceId,
    page: Readonly<{ limit: number; cursor?: AccessCursor }>,
  ): Promise<Page<ShownAccess, AccessCursor>> {
    requirePermission(actor, 'sources.grant');
    const { reads } = this.#deps;
    await getSource(reads.sources, id);
    const { items, next } = await reads.sourceAccesses.list(id, page);
    return { items: items.map((access) => ({ access, licenseKey: this.#opened(access) })), next };
  }

  #opened({ licenseKey }: SourceAccess): string | null {
    try {
      return licenseKey === null ? null : this.#deps.cipher.decrypt(licenseKey);
    } catch {
      return null;
    }
  }
}
