/** On what the figures were measured. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { resolve } from 'node:path';

/** One line. The load says whether anything else was running. */
export function machineLine(): string {
  const load = loadavg().map((value) => value.toFixed(1));
  return [
    `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown processor'}`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `Node ${process.version}`,
    `express ${versionOf('../node_modules/express')}`,
    `load ${load.join(' ')}`,
    new Date().toISOString().slice(0, 10),
  ].join(' · ');
}

function versionOf(folder: string): string {
  return JSON.parse(readFileSync(resolve(import.meta.dirname, folder, 'package.json'), 'utf8')).version;
}
