/** `npm run library -- read <path…>`: prints the passages of documents as they would be cited. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { documentsIn } from '#adapters/documents/documents-in.ts';
import { type DocumentFile, type DocumentReading, readDocument } from '#adapters/documents/read-document.ts';
import { type PassageDraft, passagesOf } from '#domain/retrieval/passage.ts';
import { DomainError } from '#domain/shared/domain-error.ts';
import { USAGE } from './usage.ts';

type Print = (line: string) => void;

/** Returns the exit code: 1 if a document cannot be read. The others are printed all the same. */
export async function library([command, ...paths]: readonly string[], print: Print): Promise<number> {
  if (command !== 'read' || paths.length === 0) {
    process.stderr.write(USAGE);
    return 1;
  }
  let code = 0;
  for (const path of paths) if (!(await reported(path, () => readPath(path, print)))) code = 1;
  return code;
}

async function readPath(path: string, print: Print): Promise<boolean> {
  let all = true;
  for await (const file of documentsIn({ bytes: readFileSync(path), name: basename(path) })) {
    const shownName = file.name === basename(path) ? path : `${path}: ${file.name}`;
    all = (await reported(shownName, () => printPassages(shownName, file, print))) && all;
  }
  return all;
}

async function printPassages(name: string, file: DocumentFile, print: Print): Promise<boolean> {
  for (const line of linesOf(name, await readDocument(file))) print(line);
  return true;
}

/** Resolves with whether `read` did all; what it refuses is told. */
async function reported(name: string, read: () => Promise<boolean>): Promise<boolean> {
  try {
    return await read();
  } catch (error) {
    process.stderr.write(`${name}: ${reasonOf(error)}\n`);
    return false;
  }
}

/** What is wrong with a document or its file is told; anything else is a fault of ours. */
function reasonOf(error: unknown): string {
  if (error instanceof DomainError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return `The file cannot be read (${code}).`;
}

function* linesOf(path: string, { kind, blocks, notes }: DocumentReading): Iterable<string> {
  const passages = passagesOf(blocks);
  yield `${path}: ${kind}, ${passages.length} ${passages.length === 1 ? 'passage' : 'passages'}`;
  for (const note of notes) yield `note: ${note}`;
  for (const passage of passages) yield `\n[${citationOf(passage)}]\n${passage.text}`;
}

function citationOf({ ordinal, headingPath, page, pageLabel, timeCode }: PassageDraft): string {
  const pageName = pageLabel ?? page;
  const parts = [ordinal, headingPath, pageName === null ? '' : `page ${pageName}`, timeCode];
  return parts.filter((part) => part !== '' && part !== null).join(' · ');
}
