/** Looks API tokens up by their digest, and caches them until they change. */

import type { ReadThroughCache } from '#application/shared/cache.ts';
import type { ApiToken } from '#domain/identity/api-token.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { apiTokenArea } from '../cached-rights.ts';
import type { ApiTokenReads } from '../ports.ts';

type Deps = Readonly<{ reads: Readonly<{ apiTokens: ApiTokenReads }>; cache: Pick<ReadThroughCache, 'get'> }>;

export class ApiTokenLookup {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The counts of uses may be old. Absence is not cached: made-up tokens must not push out what is in use. */
  async find(digest: string): Promise<ApiToken | undefined> {
    try {
      return await this.#deps.cache.get(apiTokenArea, digest, () => this.#load(digest));
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'not_found') return undefined;
      throw error;
    }
  }

  async #load(digest: string): Promise<ApiToken> {
    const token = await this.#deps.reads.apiTokens.findByDigest(digest);
    if (token === undefined) throw identityErrors.tokenNotFound();
    return token;
  }
}
