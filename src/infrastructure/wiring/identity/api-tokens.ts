/** Wires the use cases on API tokens, and their routes. */
import { ContainerModule } from 'inversify';
import { apiTokenRoutes } from '#adapters/http/identity/api-tokens.routes.ts';
import { ApiTokenLookup } from '#application/identity/api-tokens/api-token-lookup.ts';
import { AuthenticateApiToken } from '#application/identity/api-tokens/authenticate-api-token.ts';
import { EndApiTokens } from '#application/identity/api-tokens/end-api-tokens.ts';
import { IssueApiToken } from '#application/identity/api-tokens/issue-api-token.ts';
import { ListApiTokens } from '#application/identity/api-tokens/list-api-tokens.ts';
import { RevokeApiToken } from '#application/identity/api-tokens/revoke-api-token.ts';
import { RotateApiToken } from '#application/identity/api-tokens/rotate-api-token.ts';
import { Principals } from '#application/identity/roles/principals.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { runInBackground } from '../run-in-background.ts';
import { tokens } from '../tokens.ts';
import { routes, wire } from '../wire.ts';

const { clock, ids, unitOfWork, reads, tokenSecrets, tokenUses, cache } = tokens;
const audit = AuditEntries;

/** How late a use of a token may be written. */
const TOKEN_USES_INTERVAL_MS = 1_000;

export const apiTokensModule = new ContainerModule(({ bind }) => {
  wire(bind, ApiTokenLookup, { reads, cache });
  wire(bind, AuthenticateApiToken, { lookup: ApiTokenLookup, tokenSecrets, tokenUses, principals: Principals, clock });
  runInBackground(bind, tokenUses, (uses) => ({
    name: 'write uses of API tokens',
    everyMs: TOKEN_USES_INTERVAL_MS,
    run: () => uses.flush(),
    finish: () => uses.flush(),
  }));
  wire(bind, IssueApiToken, { unitOfWork, tokenSecrets, audit, clock, ids });
  wire(bind, ListApiTokens, { reads, tokenUses });
  wire(bind, RotateApiToken, { unitOfWork, tokenSecrets, audit, clock, ids });
  wire(bind, RevokeApiToken, { unitOfWork, audit, clock });
  wire(bind, EndApiTokens, { unitOfWork, audit });
  routes(bind, apiTokenRoutes, {
    issueApiToken: IssueApiToken,
    listApiTokens: ListApiTokens,
    revokeApiToken: RevokeApiToken,
    rotateApiToken: RotateApiToken,
    endApiTokens: EndApiTokens,
  });
});
