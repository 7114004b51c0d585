/**
 * Measures everything beside its peers, and prints one table; the rows of a part appear as soon as they are measured:
 * `npm run bench -- [--only http,append] [--quick] [--all]`.
 */
import { transcriptsInUse } from '../test/support/builders/transcripts.ts';
import { installPeers } from './install.ts';
import { machineLine } from './machine.ts';
import { only } from './options.ts';
import { type Row, rowLine, tableHead } from './table.ts';

/** Each part is a file of this folder that exports `run`. */
const PARTS = [
  'http',
  'postgres',
  'routes',
  'auth',
  'append',
  'rapid',
  'start',
  'storage',
  'speed',
  'redis',
  'live',
  'completions',
  'compaction',
  'counting',
  'estimators',
  'trimming',
  'fidelity',
  'search',
  'finding',
  'purge',
];
/** Parts that need the peers to be installed. */
const WITH_PEERS = ['http', 'postgres', 'routes', 'auth', 'append', 'trimming', 'search'];

const chosen = only ?? PARTS;
const unknown = chosen.filter((name) => !PARTS.includes(name));
if (unknown.length > 0) throw new Error(`--only: ${unknown.join(', ')} is none of ${PARTS.join(', ')}`);

async function rowsOf(part: string): Promise<readonly Row[]> {
  const started = performance.now();
  const rows = await measured(part).catch((error: unknown) => {
    process.exitCode = 1;
    return [{ work: part, ours: `failed: ${error}`, met: false }];
  });
  process.stderr.write(`${part}: ${Math.round((performance.now() - started) / 1000)} s\n`);
  return rows;
}

async function measured(part: string): Promise<readonly Row[]> {
  const { run } = (await import(`./${part}.ts`)) as { run(): Promise<Row[]> };
  return run();
}

if (chosen.some((part) => WITH_PEERS.includes(part))) installPeers();
process.stdout.write(`${machineLine()}\n${transcriptsInUse}\n\n${tableHead()}\n`);
for (const part of chosen) for (const row of await rowsOf(part)) process.stdout.write(`${rowLine(row)}\n`);
