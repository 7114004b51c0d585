/** The rules of a real game as passages, and questions about them: where they are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../../src/adapters/documents/read-document.ts';
import { passagesOf } from '../../src/domain/retrieval/passage.ts';
import { ROOT } from '../../test/support/project.ts';

const DATA = process.env.TAVERNKEEP_TEST_DATA ?? join(ROOT, '../shared/data');
const RULES = join(DATA, 'srd');
const QUESTIONS = join(DATA, 'srd-questions-dev.jsonl');

export type Section = Readonly<{ file: string; headingPath: string; text: string }>;
/** A question, and the words of the passage that answers it. */
export type Question = Readonly<{ question: string; file: string; answer_span: string }>;

export const isThere = existsSync(RULES) && existsSync(QUESTIONS);

/** Every passage, by the file that it is in. */
export async function sectionsOfRules(): Promise<ReadonlyMap<string, readonly Section[]>> {
  const byFile = new Map<string, readonly Section[]>();
  for (const file of readdirSync(RULES, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!file.endsWith('.md')) continue;
    const { blocks } = await readDocument({ bytes: readFileSync(join(RULES, file)), name: file });
    byFile.set(
      file,
      passagesOf(blocks).map(({ headingPath, text }) => ({ file, headingPath, text })),
    );
  }
  return byFile;
}

export function measuredQuestions(): readonly Question[] {
  return linesOf<Question>(QUESTIONS);
}

/** Questions of our own beside this file. */
export function ownQuestions(name: string): readonly string[] {
  return linesOf<{ question: string }>(join(import.meta.dirname, name)).map(({ question }) => question);
}

function linesOf<T>(file: string): readonly T[] {
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** Whether a passage answers a question: it has the words, whatever marks and spaces are between them. */
export function answers({ text }: Readonly<{ text: string }>, { answer_span: span }: Question): boolean {
  return plain(text).includes(plain(span));
}

function plain(text: string): string {
  return text.replaceAll(/[*_|#`>\s]+/gu, ' ').trim();
}
