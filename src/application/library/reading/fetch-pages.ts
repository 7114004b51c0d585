/** The job that fetches the page or file at an address, and makes a document of it. */
import type { FinishedStep, JobData } from '#domain/jobs/job.ts';
import type { Audience, DocumentKind } from '#domain/library/document.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { JobHandler, StepEffect } from '../../jobs/ports.ts';
import type { AuditEntries } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { Files, StoredFile } from '../documents/files.ts';
import { unpackingJob } from '../documents/library-jobs.ts';
import type { FileKinds } from '../documents/reading.ts';
import type { WebPage, WebPages } from '../documents/web-pages.ts';
import { isOfFile } from './file-refusals.ts';
import { type KeepingRepos, keepFile, writeBytes } from './keep-file.ts';
import { presentUser } from './present-user.ts';

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
const UNFETCHED = { done: 0, total: 1, note: null };
const FETCHED: FinishedStep = { done: true, progress: { done: 1, total: 1, note: null } };

export class FetchPages implements JobHandler<KeepingRepos> {
  readonly isEssential = false;
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async step(
    { payload }: Parameters<JobHandler<KeepingRepos>['step']>[0],
    signal: AbortSignal,
  ): Promise<StepEffect<KeepingRepos>> {
    const given = payloadOf(payload);
    try {
      return this.#keep(given, await this.#fetch(given.url, signal));
    } catch (error) {
      if (!isOfFile(error)) throw error;
      return async () => ({ done: true, progress: UNFETCHED, failure: error.message });
    }
  }

  async #fetch(url: string, signal: AbortSignal): Promise<Fetched> {
    const { pages, kinds, files } = this.#deps;
    const page = await pages.fetch(url, signal);
    const { bytes, name } = page;
    const kind = kinds.kindOf({ head: bytes.subarray(0, kinds.headBytes), bytes: bytes.length, name });
    return { page, kind, file: await writeBytes(files, bytes) };
  }

  /** What the step of a worker that was killed has written is found by the check of the file store. */
  #keep({ title, ...given }: Payload, { page, kind, file }: Fetched): StepEffect<KeepingRepos> {
    if (kind === 'zip') return this.#unpack(given, file);
    const keep = keepFile(this.#deps, { ...given, title: title ?? titleOf(page), kind, file });
    return async (repos) => {
      const { refusal } = await keep(repos);
      return refusal === null ? FETCHED : { ...FETCHED, progress: UNFETCHED, failure: refusal };
    };
  }

  /** The job that unpacks it finds out whether the source is still there. */
  #unpack({ sourceId, audience, requestedBy }: Omit<Payload, 'title'>, file: StoredFile): StepEffect<KeepingRepos> {
    const { ids, clock } = this.#deps;
    const [id, createdAt] = [ids.next('job'), clock.now()];
    return async (repos) => {
      const asked = { id, requestedBy: await presentUser(repos, requestedBy), createdAt };
      await repos.jobs.add(unpackingJob({ sourceId, fileName: file.name, audience }, asked));
      return FETCHED;
    };
  }
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
