/** The job that makes documents of the files of an archive, one with each step, once all of it was found to be safe. */
import type { FinishedStep, Job, JobData } from '#domain/jobs/job.ts';
import type { Audience, DocumentKind } from '#domain/library/document.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import type { JobHandler, StepEffect } from '../../jobs/ports.ts';
import type { AuditEntries } from '../../shared/audit-log.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Ids } from '../../shared/ids.ts';
import type { Files, StoredFile } from '../documents/files.ts';
import { type Asked, clearingJob } from '../documents/library-jobs.ts';
import type { DocumentReader, FileKinds, PackedFile } from '../documents/reading.ts';
import { isOfFile } from './file-refusals.ts';
import { type KeepingRepos, keepFile, writeBytes } from './keep-file.ts';

type Deps = Readonly<{
  files: Pick<Files, 'read' | 'write'>;
  kinds: FileKinds;
  reader: Pick<DocumentReader, 'list' | 'take'>;
  audit: AuditEntries;
  clock: Clock;
  ids: Ids;
}>;

/** How many files were looked at, of how many, and which were left out. */
type Place = Readonly<{ files: number; total: number; left: readonly string[] }>;
type Payload = Readonly<{ sourceId: SourceId; fileName: string; audience: Audience; requestedBy: UserId | null }>;
type Opened = Readonly<{ archive: Uint8Array<ArrayBuffer>; total: number }>;

/** More files that are no documents are counted and not named. */
const NAMED = 20;
const TITLE_MAX = 300;

export class UnpackArchives implements JobHandler<KeepingRepos> {
  readonly isEssential = false;
  readonly #deps: Deps;
  /** The archive that a claim has looked through, for as long as the claim lasts. */
  readonly #opened = new WeakMap<AbortSignal, Opened>();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async step(
    { payload, checkpoint }: Parameters<JobHandler<KeepingRepos>['step']>[0],
    signal: AbortSignal,
  ): Promise<StepEffect<KeepingRepos>> {
    const given = payloadOf(payload);
    const place = checkpoint as Place | null;
    try {
      const { total } = await this.#open(given.fileName, signal);
      if (place === null) return async () => goOn({ files: 0, total, left: [] });
      if (place.files >= place.total) return this.#end(given, place);
      return await this.#takeNext(given, place, signal);
    } catch (error) {
      if (!isOfFile(error)) throw error;
      return this.#end(given, place, error.message);
    }
  }

  /** The archive is no document, and has no use any more. */
  async follow({ status, payload }: Job, { jobs }: KeepingRepos): Promise<void> {
    if (status === 'queued') return;
    await jobs.add(clearingJob({ fileNames: [payloadOf(payload).fileName] }, this.#asked()));
  }

  async #open(fileName: string, signal: AbortSignal): Promise<Opened> {
    const known = this.#opened.get(signal);
    if (known !== undefined) return known;
    const { names, archive } = await this.#deps.reader.list(await this.#deps.files.read(fileName), signal);
    const opened = { archive, total: names.length };
    this.#opened.set(signal, opened);
    return opened;
  }

  async #takeNext(payload: Payload, place: Place, signal: AbortSignal): Promise<StepEffect<KeepingRepos>> {
    const { archive, total } = await this.#open(payload.fileName, signal);
    // Its bytes are given away, and a step that fails does not get them back.
    this.#opened.delete(signal);
    const taken = await this.#deps.reader.take(archive, place.files, signal);
    this.#opened.set(signal, { archive: taken.archive, total });
    const kind = this.#kindOf(taken.file);
    const left = [...place.left, taken.file.name].slice(0, NAMED + 1);
    if (kind === null) return async () => goOn({ ...place, files: place.files + 1, left });
    const file = await writeBytes(this.#deps.files, taken.file.bytes);
    return this.#add(payload, { place, file, kind, name: taken.file.name });
  }

  /** Null for a file that is none of the kinds that are read, such as an image. */
  #kindOf({ name, bytes }: PackedFile): DocumentKind | null {
    const { kinds } = this.#deps;
    try {
      const kind = kinds.kindOf({ head: bytes.subarray(0, kinds.headBytes), bytes: bytes.length, name });
      return kind === 'zip' ? null : kind;
    } catch (error) {
      if (isOfFile(error)) return null;
      throw error;
    }
  }

  /** Where there is no room for one, none of the others is tried: what is there stays. */
  #add(
    payload: Payload,
    { place, file, kind, name }: Readonly<{ place: Place; file: StoredFile; kind: DocumentKind; name: string }>,
  ): StepEffect<KeepingRepos> {
    const { sourceId, audience, requestedBy } = payload;
    const next = { ...place, files: place.files + 1 };
    const keep = keepFile(this.#deps, { sourceId, title: titleOf(name), kind, audience, requestedBy, file });
    const asked = this.#asked();
    return async (repos) => {
      const { isThere, refusal } = await keep(repos);
      if (refusal !== null) return endWith(repos, { payload, place, asked, failure: refusal });
      return goOn(isThere ? next : { ...next, files: next.total });
    };
  }

  #end(payload: Payload, place: Place | null, failure?: string): StepEffect<KeepingRepos> {
    const asked = this.#asked();
    return (repos) => endWith(repos, { payload, place, asked, ...(failure !== undefined && { failure }) });
  }

  #asked() {
    const { ids, clock } = this.#deps;
    return { id: ids.next('job'), requestedBy: null, createdAt: clock.now() };
  }
}

async function endWith(
  { jobs }: KeepingRepos,
  {
    payload,
    place,
    asked,
    failure,
  }: Readonly<{ payload: Payload; place: Place | null; asked: Asked; failure?: string }>,
): Promise<FinishedStep> {
  await jobs.add(clearingJob({ fileNames: [payload.fileName] }, asked));
  const { progress } = goOn(place ?? { files: 0, total: 0, left: [] });
  return { done: true, progress, ...(failure !== undefined && { failure }) };
}

function goOn(place: Place): FinishedStep {
  const { files, total, left } = place;
  return { done: false, progress: { done: files, total, note: noteOf(left) }, checkpoint: { ...place } };
}

function noteOf(left: readonly string[]): string | null {
  if (left.length === 0) return null;
  const more = left.length > NAMED ? ', and more' : '';
  return `no documents, and left out: ${left.slice(0, NAMED).join(', ')}${more}`;
}

/** Its path in the archive, without what names its kind. */
function titleOf(name: string): string {
  const title = name.replace(/\.[a-z0-9]{1,8}$/i, '').trim();
  return (title === '' ? name : title).slice(-TITLE_MAX);
}

function payloadOf(payload: JobData): Payload {
  return {
    sourceId: payload.source_id as SourceId,
    fileName: String(payload.file_name),
    audience: payload.audience as Audience,
    requestedBy: payload.requested_by as UserId | null,
  };
}
