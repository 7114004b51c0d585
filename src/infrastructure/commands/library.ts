/** `npm run library -- read <path…>`: prints the passages of documents as they would be cited. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import process from 'node:process';
import { type DocumentReading, readDocument } from '#adapters/documents/read-document.ts';
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
  for (const path of paths) {
    try {
      const reading = await readDocument({ bytes: readFileSync(path), name: basename(path) });
      for (const line of linesOf(path, reading)) print(line);
    } catch (error) {
      process.stderr.write(`${path}: ${reasonOf(error)}\n`);
      code = 1;
    }
  }
  return code;
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
  yield `${path}: ${kind}, ${passages.length} passages`;
  for (const note of notes) yield `note: ${note}`;
  for (const passage of passages) yield `\n[${citationOf(passage)}]\n${passage.text}`;
}

function citationOf({ ordinal, headingPath, page, pageLabel, timeCode }: PassageDraft): string {
  const pageName = pageLabel ?? page;
  const parts = [ordinal, headingPath, pageName === null ? '' : `page ${pageName}`, timeCode];
  return parts.filter((part) => part !== '' && part !== null).join(' · ');
}
