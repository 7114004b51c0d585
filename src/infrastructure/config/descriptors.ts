/** How many connections a process may hold: each takes a file descriptor, and files and databases need theirs. */
import process from 'node:process';

/** More are not tried, whatever the system allows. */
const MOST = 10_000;
/** The part of the descriptors that connections may take. */
const SHARE = 0.75;

/** By the number of files that this process may have open (`ulimit -n`). */
export function maxConnections(): number {
  return connectionsWithin(openFilesLimit());
}

export function connectionsWithin(openFiles: number): number {
  return Math.min(MOST, Math.floor(openFiles * SHARE));
}

/** Infinity where there is none, or where the system does not tell. */
function openFilesLimit(): number {
  // Looking up the names of connected addresses would take its time.
  const report = Object.assign(process.report, { excludeNetwork: true });
  const { userLimits } = report.getReport() as {
    userLimits?: { open_files?: { soft: number | 'unlimited' } };
  };
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
