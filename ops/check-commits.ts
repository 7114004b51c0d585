/** `npm run check:commits -- main..HEAD`: checks the subject of every commit in a range; merges are left out. */
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { faultOf } from './commit-subject.ts';

const [range = 'main..HEAD'] = process.argv.slice(2);
const { status, stdout, stderr } = spawnSync('git', ['log', '--no-merges', '--format=%h %s', range], {
  encoding: 'utf8',
});
process.stderr.write(stderr);
const commits = stdout.split('\n').filter((line) => line !== '');
const faults = commits.flatMap((commit) => {
  const fault = faultOf(commit.slice(commit.indexOf(' ') + 1));
  return fault === null ? [] : [`${commit}\n  ${fault}\n`];
});
process.stdout.write(`${faults.join('')}${commits.length} commits, ${faults.length} with a fault\n`);
if (status !== 0 || faults.length > 0) process.exitCode = 1;
