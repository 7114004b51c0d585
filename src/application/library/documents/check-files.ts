/**
 * Compares the file store with the records: files that belong to nothing go, and originals that are missing are told.
 */
import type { Document } from '#domain/library/document.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { Jobs } from '../../jobs/ports.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Files, ListedFile } from './files.ts';
import { UNPACK_ARCHIVE } from './library-jobs.ts';
import type { Documents } from './ports.ts';

/** Files are written before their rows, by other processes too: what is younger may still be under way. */
const GRACE_MS = 3_600_000;
const PAGE = 200;

/** What the operator is told of it. */
export interface FileCheckLog {
  /** How many files were removed that belonged to nothing. */
  orphansRemoved(count: number): void;
  missing(document: Pick<Document, 'id' | 'sourceId'>): void;
}

type Deps = Readonly<{
  reads: Readonly<{ documents: Pick<Documents, 'find' | 'findFileNames' | 'listAll'>; jobs: Pick<Jobs, 'findActive'> }>;
  files: Pick<Files, 'list' | 'remove'>;
  log: FileCheckLog;
  clock: Clock;
}>;

export class CheckFiles {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(closing: AbortSignal): Promise<void> {
    const { files, clock, log } = this.#deps;
    const before = clock.now().getTime() - GRACE_MS;
    const listed = await files.list();
    const old = listed.filter(({ writtenAt }) => writtenAt.getTime() < before);
    let removed = 0;
    for (let from = 0; from < old.length && !closing.aborted; from += PAGE)
      removed += await this.#removeOrphans(old.slice(from, from + PAGE));
    if (removed > 0) log.orphansRemoved(removed);
    await this.#tellMissing(new Set(listed.map(({ name }) => name)), closing);
  }

  async #removeOrphans(listed: readonly ListedFile[]): Promise<number> {
    const { reads, files } = this.#deps;
    const known = new Set(await reads.documents.findFileNames(listed.map(({ name }) => name)));
    let removed = 0;
    for (const { name } of listed.filter((file) => !known.has(file.name))) {
      // An archive is in no row of a document, but in that of the job that is to unpack it.
      if ((await reads.jobs.findActive(UNPACK_ARCHIVE, name)) !== undefined) continue;
      await files.remove(name);
      removed += 1;
    }
    return removed;
  }

  /** Twice looked at: what was added or deleted meanwhile is not missing. */
  async #tellMissing(names: ReadonlySet<string>, closing: AbortSignal): Promise<void> {
    const { reads, files, log } = this.#deps;
    const missed: Document[] = [];
    let cursor: DocumentId | null | undefined;
    do {
      const page = await reads.documents.listAll({ limit: PAGE, ...(cursor && { cursor }) });
      missed.push(...page.items.filter(({ fileName }) => !names.has(fileName)));
      cursor = page.next;
    } while (cursor !== null && !closing.aborted);
    const now = new Set(missed.length === 0 ? [] : (await files.list()).map(({ name }) => name));
    for (const document of missed.filter(({ fileName }) => !now.has(fileName)))
      if ((await reads.documents.find(document.id)) !== undefined) log.missing(document);
  }
}
