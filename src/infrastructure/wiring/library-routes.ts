/** The routes of the library, on their use cases. */
import type { Container } from 'inversify';
import type { Route } from '#adapters/http/declaration/route.ts';
import { sourceAccessRoutes } from '#adapters/http/library/source-access.routes.ts';
import { sourceRoutes } from '#adapters/http/library/sources.routes.ts';
import { AddSource } from '#application/library/add-source.ts';
import { ChangeSource } from '#application/library/change-source.ts';
import { DeleteSource } from '#application/library/delete-source.ts';
import { GrantSourceAccess } from '#application/library/grant-source-access.ts';
import { ListReadableSources } from '#application/library/list-readable-sources.ts';
import { ListSourceAccess } from '#application/library/list-source-access.ts';
import { ListSources } from '#application/library/list-sources.ts';
import { ReadSource } from '#application/library/read-source.ts';
import { RevokeSourceAccess } from '#application/library/revoke-source-access.ts';

export function libraryRoutesOf(container: Container): readonly Route[] {
  return [
    ...sourceRoutes({
      addSource: container.get(AddSource),
      listSources: container.get(ListSources),
      readSource: container.get(ReadSource),
      changeSource: container.get(ChangeSource),
      deleteSource: container.get(DeleteSource),
      listReadableSources: container.get(ListReadableSources),
    }),
    ...sourceAccessRoutes({
      listSourceAccess: container.get(ListSourceAccess),
      grantSourceAccess: container.get(GrantSourceAccess),
      revokeSourceAccess: container.get(RevokeSourceAccess),
    }),
  ];
}
