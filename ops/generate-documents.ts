/**
 * `npm run generate`: writes docs/openapi.json, docs/errors.md and docs/metrics.md; a test compares them with the code.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { generatedDocuments } from './generated-documents.ts';

for (const [file, text] of Object.entries(await generatedDocuments())) {
  writeFileSync(join(import.meta.dirname, '..', file), text);
  process.stdout.write(`wrote ${file}\n`);
}
