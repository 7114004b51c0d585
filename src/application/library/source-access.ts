/** Finds a source or refuses: the first step of every use case on a source. */
import { libraryErrors } from '#domain/library/errors.ts';
import type { Source } from '#domain/library/source.ts';
import { isMemberOf, requirePermission, requirePermissionIn, type UserActor } from '#domain/shared/actor.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Sources } from './ports.ts';

/**
 * Returns the source if it is in a workspace of the actor. Throws 404 `source_not_found` otherwise, whether or not the
 * source exists.
 */
export async function visibleSource(sources: Pick<Sources, 'find'>, actor: UserActor, id: SourceId): Promise<Source> {
  const source = await sources.find(id);
  if (source === undefined || !isMemberOf(actor, source.workspaceId)) throw libraryErrors.sourceNotFound();
  return source;
}

/**
 * Returns the source for whoever holds the permission in its workspace, by a role here or there. Throws 403 without it;
 * 404 `source_not_found`.
 */
export async function sourceFor(
  sources: Pick<Sources, 'find'>,
  actor: UserActor,
  { id, permission }: Readonly<{ id: SourceId; permission: 'sources.write' | 'sources.grant' }>,
): Promise<Source> {
  requirePermission(actor, permission);
  const source = await visibleSource(sources, actor, id);
  requirePermissionIn(actor, source.workspaceId, permission);
  return source;
}
