/** `npm run generate`: writes the documents that are made of the code; a test compares them with it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { generatedDocuments } from './generated-documents.ts';

for (const [file, text] of Object.entries(await generatedDocuments())) {
  writeFileSync(join(import.meta.dirname, '..', file), text);
  process.stdout.write(`wrote ${file}\n`);
}
