/** What the library's commands do on a server. Each returns the exit code. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../replay/user-error.ts';
import { type Schemas, type Tavernkeep, TavernkeepError } from '../sdk/sdk.ts';
import { answerText } from './answer-text.ts';

const POLL_MS = 200;
type Source = Schemas['Source'];
type Document = Schemas['Document'];
type Job = Schemas['Job'];

export type Print = (line: string) => void;

/** Ends with 1 where a document was not read; the others are added all the same. */
export async function add(api: Tavernkeep, sourceId: string, paths: readonly string[], print: Print): Promise<number> {
  let code = 0;
  for (const path of paths) {
    const told = await addOne(api, sourceId, path).catch((error: unknown) => {
      if (!(error instanceof UserError) && !TavernkeepError.is(error)) throw error;
      code = 1;
      return error.message;
    });
    print(`${path}: ${told}`);
  }
  return code;
}

async function addOne(api: Tavernkeep, sourceId: string, path: string): Promise<string> {
  const { job } = await api.upload('/sources/{id}/documents', {
    path: { id: sourceId },
    query: { title: basename(path) },
    file: new Blob([bytesOf(path)]),
  });
  return job === null ? 'is there already' : outcomeOf(await ended(api, job), 'passages');
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UserError(`The file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Resolves once a job has ended, in whichever way. */
async function ended(api: Tavernkeep, { id }: Job): Promise<Job> {
  for (;;) {
    const job = await api.get('/jobs/{id}', { path: { id } });
    if (job.status !== 'queued' && job.status !== 'running') return job;
    await wait(POLL_MS);
  }
}

/** Throws `UserError` for a job that did not come to its end. */
function outcomeOf({ status, progress, error }: Job, what: string): string {
  if (status !== 'done') throw new UserError(error ?? `The job ended as ${status}.`);
  const note = progress.note === null ? '' : ` (${progress.note})`;
  return `${progress.done} ${what}${note}`;
}

export async function list(api: Tavernkeep, print: Print): Promise<number> {
  for await (const source of api.items('/sources')) {
    print(sourceLine(source));
    const documents = api.items('/sources/{id}/documents', { path: { id: source.id } });
    for await (const document of documents) print(documentLine(document));
  }
  return 0;
}

function sourceLine({ id, title, edition }: Source): string {
  return `${id}  ${title}${edition === null ? '' : ` (${edition})`}`;
}

function documentLine({ id, title, status, passages, error }: Document): string {
  return `  ${id}  ${title}: ${status}, ${passages} ${passages === 1 ? 'passage' : 'passages'}${error === null ? '' : `: ${error}`}`;
}

export async function ask(api: Tavernkeep, question: string, print: Print): Promise<number> {
  print(answerText(await api.post('/ask', { body: { question } })));
  return 0;
}

/** Resolves once a reading of each document was asked for: each is a job of its own. */
export async function rebuild(api: Tavernkeep, sourceId: string, print: Print): Promise<number> {
  const { job } = await api.post('/sources/{id}/rebuild', { path: { id: sourceId } });
  print(outcomeOf(await ended(api, job), 'documents are read anew'));
  return 0;
}
