/** A source: a rule book, an adventure, or anything else that users can be licensed to read. */
import type { SourceId } from '#domain/shared/ids.ts';

export type Source = Readonly<{
  id: SourceId;
  title: string;
  publisher: string | null;
  edition: string | null;
  description: string | null;
  /** Whether every user may read it without a licence. */
  included: boolean;
  createdAt: Date;
}>;

/** Returns the key by which sources are unique: title and edition, ignoring case and outer space. */
export function sourceKey({ title, edition }: Pick<Source, 'title' | 'edition'>): string {
  return JSON.stringify([folded(title), folded(edition ?? '')]);
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
