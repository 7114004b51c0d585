/** `npm run wrap`: wraps the lines of all documents, and comments that are too wide, at one width. */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { wrapComments } from './wrap-comments.ts';
import { wrapMarkdown } from './wrap-markdown.ts';

const ROOT = join(import.meta.dirname, '..');
const EXCLUDED = ['**/node_modules/**', 'data/**', 'coverage/**', '**/dist/**', 'clients/sdk/api.ts'];

export const DOCUMENTS = ['*.md', '.github/**/*.md', '{bench,clients,docs,ops,src,test}/**/*.md'];
export const CODE = ['{bench,clients,ops,seeders,src,test}/**/*.{ts,js,mjs}', '*.cjs'];

/** Returns each file that is not wrapped, with the text that it should have. */
export function unwrapped(patterns: readonly string[], wrap: (text: string) => string): ReadonlyMap<string, string> {
  const files = globSync([...patterns], { cwd: ROOT, exclude: EXCLUDED });
  if (files.length === 0) throw new Error(`There are no files ${patterns.join(', ')}.`);
  const wrapped = files.map((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [file, text, wrap(text)] as const;
  });
  return new Map(wrapped.filter(([, text, right]) => text !== right).map(([file, , right]) => [file, right]));
}

if (import.meta.main) {
  for (const [file, text] of [...unwrapped(DOCUMENTS, wrapMarkdown), ...unwrapped(CODE, wrapComments)]) {
    writeFileSync(join(ROOT, file), text);
    process.stdout.write(`wrapped ${file}\n`);
  }
}
