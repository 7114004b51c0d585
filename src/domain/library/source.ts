/** A source: a book of rules, an adventure, whatever users may be licensed to read. */
import type { SourceId } from '#domain/shared/ids.ts';

export type Source = Readonly<{
  id: SourceId;
  title: string;
  publisher: string | null;
  edition: string | null;
  description: string | null;
  /** Whether everybody may read it. */
  included: boolean;
  createdAt: Date;
}>;

/** What two sources share that may not both exist: title and edition, without regard to case. */
export function sourceKey({ title, edition }: Pick<Source, 'title' | 'edition'>): string {
  return JSON.stringify([folded(title), folded(edition ?? '')]);
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
