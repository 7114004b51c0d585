/** The job that gives back what is left of documents: passages that nobody sees, in pages, and then their files. */
import type { JobData } from '#domain/jobs/job.ts';
import type { DocumentId } from '#domain/shared/ids.ts';
import type { JobHandler, StepEffect } from '../../jobs/ports.ts';
import type { Files } from '../documents/files.ts';
import type { Passages, PassagesOf } from '../documents/ports.ts';

type Repos = Readonly<{ passages: Pick<Passages, 'removePage'> }>;

/** So many passages go at a time, so that other units of work do not wait long. */
const PAGE = 500;

export class ClearDocuments implements JobHandler<Repos> {
  /** Whoever deletes a document was told that it goes. */
  readonly isEssential = true;
  readonly #files: Pick<Files, 'remove'>;

  constructor(deps: Readonly<{ files: Pick<Files, 'remove'> }>) {
    this.#files = deps.files;
  }

  async step({ payload, checkpoint }: Parameters<JobHandler<Repos>['step']>[0]): Promise<StepEffect<Repos>> {
    const of = passagesIn(payload);
    const { index, removed } = placeIn(checkpoint);
    const current = of[index];
    if (current === undefined) {
      for (const name of payload.file_names as readonly string[]) await this.#files.remove(name);
      return async () => ({ done: true, progress: { done: removed, total: removed, note: null } });
    }
    return async ({ passages }) => {
      const count = await passages.removePage(current, PAGE);
      const place = { index: count < PAGE ? index + 1 : index, removed: removed + count };
      return { done: false, progress: { done: place.removed, total: null, note: null }, checkpoint: place };
    };
  }
}

function passagesIn({ passages }: JobData): readonly PassagesOf[] {
  const given = passages as readonly Readonly<{ document_id: DocumentId; generation: number | null }>[];
  return given.map(({ document_id: documentId, generation }) => ({ documentId, generation }));
}

function placeIn(checkpoint: JobData | null) {
  return { index: Number(checkpoint?.index ?? 0), removed: Number(checkpoint?.removed ?? 0) };
}
