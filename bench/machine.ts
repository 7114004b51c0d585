/** On what the figures were measured. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const PAGE = Buffer.alloc(4096, 1);
const SYNCS = 200;

/**
 * One line. The load says whether anything else was running; what waits for the disk once per commit is as slow as
 * `fdatasync`, whatever else it does.
 */
export function machineLine(): string {
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.version}`,
    `express ${versionOf('../node_modules/express')}`,
    `fdatasync ${medianSyncMs().toFixed(2)} ms`,
    `load ${load.join(' ')}`,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}

/** Milliseconds until a page at the end of a file is on the disk of `TMPDIR`. */
function medianSyncMs(): number {
  const folder = mkdtempSync(join(tmpdir(), 'tavernkeep-bench-'));
  const file = openSync(join(folder, 'page'), 'w');
  const times = Array.from({ length: SYNCS }, () => {
    const started = performance.now();
    writeSync(file, PAGE);
    fdatasyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return times.toSorted((a, b) => a - b)[SYNCS / 2]!;
}

function versionOf(folder: string): string {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, folder, 'package.json'), 'utf8')).version;
}
