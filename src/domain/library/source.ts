/** A source: a rule book, an adventure, or anything else that users can be licensed to read. */
import type { SourceId, WorkspaceId } from '#domain/shared/ids.ts';

export type Source = Readonly<{
  id: SourceId;
  workspaceId: WorkspaceId;
  title: string;
  publisher: string | null;
  edition: string | null;
  description: string | null;
  /** Whether every member of its workspace may read it without a licence. */
  included: boolean;
  createdAt: Date;
}>;

/** Returns the key by which sources are unique: workspace, title and edition, ignoring case and outer space. */
export function sourceKey({ workspaceId, title, edition }: Pick<Source, 'workspaceId' | 'title' | 'edition'>): string {
  return JSON.stringify([workspaceId, folded(title), folded(edition ?? '')]);
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
