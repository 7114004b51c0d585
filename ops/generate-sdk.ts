/** `npm run generate`: writes the types of the SDK; a test compares them with the OpenAPI document. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { generatedSdk } from './sdk-types.ts';

const ROOT = join(import.meta.dirname, '..');

for (const [file, text] of Object.entries(
  await generatedSdk(JSON.parse(readFileSync(join(ROOT, 'docs/openapi.json'), 'utf8'))),
)) {
  writeFileSync(join(ROOT, file), text);
  process.stdout.write(`wrote ${file}\n`);
}
