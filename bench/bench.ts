/** Measures everything, peers side by side, and prints one table: `npm run bench -- [--only http,append] [--quick]`. */
import { installPeers } from './install.ts';
import { machineLine } from './machine.ts';
import { only } from './options.ts';
import { type Row, tableOf } from './table.ts';

/** Each part is a file of this folder that exports `run`. */
const PARTS = ['http', 'routes', 'auth', 'append', 'start', 'storage', 'compaction', 'trimming', 'fidelity'];

async function rowsOf(part: string): Promise<readonly Row[]> {
  const started = performance.now();
  const { run } = (await import(`./${part}.ts`)) as { run(): Promise<Row[]> };
  const rows = await run().catch((error: unknown) => [{ work: part, ours: `failed: ${error}`, met: false }]);
  process.stderr.write(`${part}: ${Math.round((performance.now() - started) / 1000)} s\n`);
  return rows;
}

installPeers();
const unknown = only?.filter((name) => !PARTS.includes(name)) ?? [];
if (unknown.length > 0) throw new Error(`--only: ${unknown.join(', ')} is none of ${PARTS.join(', ')}`);
const machine = machineLine();
const rows: Row[] = [];
for (const part of only ?? PARTS) rows.push(...(await rowsOf(part)));
process.stdout.write(`\n${machine}\n\n${tableOf(rows)}\n`);
