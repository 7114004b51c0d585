/** What the library's commands do on a server. Each returns the exit code. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { UserError } from '../replay/user-error.ts';
import { answerText } from './answer-text.ts';
import type { LibraryApi } from './api.ts';
import type { Document, Job, Source } from './api-types.ts';

export type Print = (line: string) => void;

/** Ends with 1 where a document was not read; the others are added all the same. */
export async function add(api: LibraryApi, sourceId: string, paths: readonly string[], print: Print): Promise<number> {
  let code = 0;
  for (const path of paths) {
    const told = await addOne(api, sourceId, path).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      code = 1;
      return error.message;
    });
    print(`${path}: ${told}`);
  }
  return code;
}

async function addOne(api: LibraryApi, sourceId: string, path: string): Promise<string> {
  const job = await api.addDocument(sourceId, { title: basename(path), bytes: bytesOf(path) });
  return job === null ? 'is there already' : outcomeOf(await api.ended(job), 'passages');
}

function bytesOf(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new UserError(`The file cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** Throws `UserError` for a job that did not come to its end. */
function outcomeOf({ status, progress, error }: Job, what: string): string {
  if (status !== 'done') throw new UserError(error ?? `The job ended as ${status}.`);
  const note = progress.note === null ? '' : ` (${progress.note})`;
  return `${progress.done} ${what}${note}`;
}

export async function list(api: LibraryApi, print: Print): Promise<number> {
  for (const source of await api.sources()) {
    print(sourceLine(source));
    for (const document of await api.documents(source.id)) print(documentLine(document));
  }
  return 0;
}

function sourceLine({ id, title, edition }: Source): string {
  return `${id}  ${title}${edition === null ? '' : ` (${edition})`}`;
}

function documentLine({ id, title, status, passages, error }: Document): string {
  return `  ${id}  ${title}: ${status}, ${passages} ${passages === 1 ? 'passage' : 'passages'}${error === null ? '' : `: ${error}`}`;
}

export async function ask(api: LibraryApi, question: string, print: Print): Promise<number> {
  print(answerText(await api.ask(question)));
  return 0;
}

/** Resolves once a reading of each document was asked for: each is a job of its own. */
export async function rebuild(api: LibraryApi, sourceId: string, print: Print): Promise<number> {
  print(outcomeOf(await api.ended(await api.rebuild(sourceId)), 'documents are read anew'));
  return 0;
}
