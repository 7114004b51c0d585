/** Finds a source or refuses: the first step of every use case on a source. */
import { libraryErrors } from '#domain/library/errors.ts';
import type { Source } from '#domain/library/source.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import type { Sources } from './ports.ts';

/** Returns the source. Throws 404 `source_not_found`. */
export async function getSource(sources: Pick<Sources, 'find'>, id: SourceId): Promise<Source> {
  const source = await sources.find(id);
  if (source === undefined) throw libraryErrors.sourceNotFound();
  return source;
}
