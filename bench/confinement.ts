/** Holds servers to a share of a processor, as machines of their own would, by the control groups of Linux. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = '/sys/fs/cgroup';
/** Short, so that a server that has used up its share goes on within some milliseconds. */
const PERIOD_US = 10_000;

/** Version 1 has a tree for each resource; version 2 has one, whose groups may have the processor as theirs. */
const [parent, files] = existsSync(join(ROOT, 'cpu', 'cpu.cfs_quota_us'))
  ? [join(ROOT, 'cpu'), (quota: number) => ({ 'cpu.cfs_period_us': `${PERIOD_US}`, 'cpu.cfs_quota_us': `${quota}` })]
  : [ROOT, (quota: number) => ({ 'cpu.max': `${quota} ${PERIOD_US}` })];

/** Whether it is held so: who may not make groups is told. */
export function confined(pid: number, share: number): boolean {
  const group = join(parent, `tavernkeep-bench-${pid}`);
  try {
    mkdirSync(group);
    for (const [file, text] of Object.entries(files(Math.round(share * PERIOD_US))))
      writeFileSync(join(group, file), text);
    writeFileSync(join(group, 'cgroup.procs'), String(pid));
  } catch {
    return false;
  } finally {
    process.once('exit', () => removed(group));
  }
  return true;
}

/** A group is removed when its process has ended. */
function removed(group: string): void {
  try {
    rmdirSync(group);
  } catch {
    // It was never made, or its process is still ending: an empty group takes nothing.
  }
}
