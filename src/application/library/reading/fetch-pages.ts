/** The job that fetches the page or file at an address, and makes a document of it. */
import type { FinishedStep, JobData } from '#domain/jobs/job.ts';
import type { Audience, DocumentKind } from '#domain/library/document.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { Users } from '../../identity/ports.ts';
import type { JobHandler, Jobs, StepEffect } from '../../jobs/ports.ts';
import type { AuditEntries, AuditLog } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { Files, StoredFile } from '../documents/files.ts';
import { clearingJob, unpackingJob } from '../documents/library-jobs.ts';
import type { Documents } from '../documents/ports.ts';
import type { FileKinds } from '../documents/reading.ts';
import { takeIn } from '../documents/take-in.ts';
import type { WebPage, WebPages } from '../documents/web-pages.ts';
import type { Sources } from '../ports.ts';
import { isOfFile } from './file-refusals.ts';
import { presentUser } from './present-user.ts';

type Repos = Readonly<{
  sources: Pick<Sources, 'find'>;
  users: Pick<Users, 'find'>;
  documents: Pick<Documents, 'findBySha256' | 'add' | 'save'>;
  jobs: Pick<Jobs, 'add' | 'findActive'>;
  audit: AuditLog;
}>;

type Deps = Readonly<{
  pages: Pick<WebPages, 'fetch'>;
  files: Pick<Files, 'write'>;
  kinds: FileKinds;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

type Payload = Readonly<{
  sourceId: SourceId;
  url: string;
  title: string | null;
  audience: Audience;
  requestedBy: UserId | null;
}>;
type Fetched = Readonly<{ page: WebPage; kind: DocumentKind | 'zip'; file: StoredFile }>;

const TITLE_MAX = 300;
const FETCHED: FinishedStep = { done: true, progress: { done: 1, total: 1, note: null } };

export class FetchPages implements JobHandler<Repos> {
  readonly isEssential = false;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async step({ payload }: Parameters<JobHandler<Repos>['step']>[0], signal: AbortSignal): Promise<StepEffect<Repos>> {
    const given = payloadOf(payload);
    try {
      return this.#keep(given, await this.#fetch(given.url, signal));
    } catch (error) {
      if (!isOfFile(error)) throw error;
      const progress = { done: 0, total: 1, note: null };
      return async () => ({ done: true, progress, failure: error.message });
    }
  }

  async #fetch(url: string, signal: AbortSignal): Promise<Fetched> {
    const { pages, kinds, files } = this.#deps;
    const page = await pages.fetch(url, signal);
    const { bytes, name } = page;
    const kind = kinds.kindOf({ head: bytes.subarray(0, kinds.headBytes), bytes: bytes.length, name });
    return { page, kind, file: await files.write(chunksOf(bytes), bytes.length) };
  }

  /** What the step of a worker that was killed has written is found by the check of the file store. */
  #keep({ sourceId, title, audience, requestedBy }: Payload, { page, kind, file }: Fetched): StepEffect<Repos> {
    const { audit, ids, clock } = this.#deps;
    const [id, createdAt] = [ids.next('document'), clock.now()];
    const entry = audit.by(
      { kind: 'system', onBehalfOf: requestedBy },
      { action: 'documents.create', subject: `document:${id}` },
    );
    const { name: fileName, bytes, sha256 } = file;
    return async (repos) => {
      // Whoever asked for it may be deleted meanwhile, and so may the source.
      const createdBy = await presentUser(repos, requestedBy);
      const asked = { id: ids.next('job'), requestedBy: createdBy, createdAt };
      if ((await repos.sources.find(sourceId)) === undefined) await this.#clear(repos, fileName);
      else if (kind === 'zip') await repos.jobs.add(unpackingJob({ sourceId, fileName, audience }, asked));
      else {
        const about = { id, sourceId, title: title ?? titleOf(page), kind, audience, bytes, sha256 };
        const { isNew } = await takeIn(repos, { ...about, createdBy, createdAt, fileName }, { asked, entry });
        if (!isNew) await this.#clear(repos, fileName);
      }
      return FETCHED;
    };
  }

  async #clear({ jobs }: Pick<Repos, 'jobs'>, fileName: string): Promise<void> {
    const { ids, clock } = this.#deps;
    const asked = { id: ids.next('job'), requestedBy: null, createdAt: clock.now() };
    await jobs.add(clearingJob({ fileNames: [fileName] }, asked));
  }
}

async function* chunksOf(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function titleOf({ name, url }: WebPage): string {
  return (name.trim() === '' ? url.hostname : name).toWellFormed().replaceAll('\0', '').slice(0, TITLE_MAX);
}

function payloadOf(payload: JobData): Payload {
  return {
    sourceId: payload.source_id as SourceId,
    url: String(payload.url),
    title: payload.title as string | null,
    audience: payload.audience as Audience,
    requestedBy: payload.requested_by as UserId | null,
  };
}
