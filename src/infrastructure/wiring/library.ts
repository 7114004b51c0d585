/** Wires the use cases of the library context, and their routes. */
import { ContainerModule } from 'inversify';
import { sourceAccessRoutes } from '#adapters/http/library/source-access.routes.ts';
import { sourceRoutes } from '#adapters/http/library/sources.routes.ts';
import { AddSource } from '#application/library/add-source.ts';
import { ChangeSource } from '#application/library/change-source.ts';
import { DeleteSource } from '#application/library/documents/delete-source.ts';
import { GrantSourceAccess } from '#application/library/grant-source-access.ts';
import { ListReadableSources } from '#application/library/list-readable-sources.ts';
import { ListSourceAccess } from '#application/library/list-source-access.ts';
import { ListSources } from '#application/library/list-sources.ts';
import { ReadSource } from '#application/library/read-source.ts';
import { ReadableSources } from '#application/library/readable-sources.ts';
import { RevokeSourceAccess } from '#application/library/revoke-source-access.ts';
import { AuditEntries } from '#application/shared/audit-log.ts';
import { tokens } from './tokens.ts';
import { routes, wire } from './wire.ts';

const { clock, ids, unitOfWork, reads, cache, cipher } = tokens;
const audit = AuditEntries;

export const libraryModule = new ContainerModule(({ bind }) => {
  wire(bind, AddSource, { unitOfWork, audit, clock, ids });
  wire(bind, ListSources, { reads });
  wire(bind, ReadSource, { reads });
  wire(bind, ChangeSource, { unitOfWork, audit });
  wire(bind, DeleteSource, { unitOfWork, audit, clock, ids });
  wire(bind, ReadableSources, { reads, cache, clock });
  wire(bind, ListReadableSources, { readableSources: ReadableSources });
  wire(bind, ListSourceAccess, { reads, cipher });
  wire(bind, GrantSourceAccess, { unitOfWork, audit, cipher, clock });
  wire(bind, RevokeSourceAccess, { unitOfWork, audit, clock });
  routes(bind, sourceRoutes, {
    addSource: AddSource,
    listSources: ListSources,
    readSource: ReadSource,
    changeSource: ChangeSource,
    deleteSource: DeleteSource,
    listReadableSources: ListReadableSources,
  });
  routes(bind, sourceAccessRoutes, {
    listSourceAccess: ListSourceAccess,
    grantSourceAccess: GrantSourceAccess,
    revokeSourceAccess: RevokeSourceAccess,
  });
});
