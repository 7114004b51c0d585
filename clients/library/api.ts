/** A client of the library's part of the HTTP API, by API token. */
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../replay/user-error.ts';
import type { Answer, Document, Job, Page, Source } from './api-types.ts';

const ANSWER_TIMEOUT_MS = 120_000;
const POLL_MS = 200;

type Problem = Readonly<{ title?: string; detail?: string }>;

/** A running server, and the token by which it is called. */
export type Target = Readonly<{ url: string; token: string }>;

/** Every method throws `UserError` where the server refuses, or does not answer. */
export class LibraryApi {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  addSource(title: string): Promise<Source> {
    return this.#call('POST', '/sources', { title, included: true });
  }

  sources(): Promise<readonly Source[]> {
    return this.#all('/sources');
  }

  documents(sourceId: string): Promise<readonly Document[]> {
    return this.#all(`/sources/${sourceId}/documents`);
  }

  /** `job` is null where the document is there already. */
  async addDocument(
    sourceId: string,
    { title, bytes }: Readonly<{ title: string; bytes: Uint8Array<ArrayBuffer> }>,
  ): Promise<Job | null> {
    const path = `/sources/${sourceId}/documents?title=${encodeURIComponent(title)}`;
    return (await this.#send<{ job: Job | null }>('POST', path, 'application/octet-stream', bytes)).job;
  }

  async rebuild(sourceId: string): Promise<Job> {
    return (await this.#call<{ job: Job }>('POST', `/sources/${sourceId}/rebuild`)).job;
  }

  /** Resolves once a job has ended, in whichever way. */
  async ended({ id }: Job): Promise<Job> {
    for (;;) {
      const job = await this.#call<Job>('GET', `/jobs/${id}`);
      if (job.status !== 'queued' && job.status !== 'running') return job;
      await wait(POLL_MS);
    }
  }

  ask(question: string): Promise<Answer> {
    return this.#call('POST', '/ask', { question });
  }

  async #all<T>(path: string): Promise<readonly T[]> {
    const items: T[] = [];
    for (let cursor = ''; ; ) {
      const page = await this.#call<Page<T>>('GET', `${path}?limit=200${cursor}`);
      items.push(...page.items);
      if (page.next_cursor === null) return items;
      cursor = `&cursor=${page.next_cursor}`;
    }
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.#send(method, path, 'application/json', body === undefined ? undefined : JSON.stringify(body));
  }

  async #send<T>(
    method: string,
    path: string,
    type: string,
    body: string | Uint8Array<ArrayBuffer> | undefined,
  ): Promise<T> {
    const { url, token } = this.#target;
    const content = body === undefined ? {} : { 'Content-Type': type };
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}`, ...content },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new UserError(`${url} does not answer (${reasonOf(error)}).`);
    });
    const answer: unknown = await response.json().catch(() => ({}));
    if (response.ok) return answer as T;
    const { title, detail } = answer as Problem;
    throw new UserError(detail ?? title ?? `${url} answered ${response.status}.`);
  }
}

function reasonOf(error: unknown): string {
  const { name, cause } = error as Error & { cause?: { code?: string } };
  return name === 'TimeoutError' ? 'no answer in time' : (cause?.code ?? 'the connection failed');
}
