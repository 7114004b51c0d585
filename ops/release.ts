/** Run by `npm version` before it commits and tags: turns the unreleased changes of the changelog into a release. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { released } from './changelog.ts';

const ROOT = join(import.meta.dirname, '..');
const CHANGELOG = join(ROOT, 'CHANGELOG.md');

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const today = new Date().toISOString().slice(0, 10);
writeFileSync(CHANGELOG, released(readFileSync(CHANGELOG, 'utf8'), version, today));
process.exitCode = spawnSync('git', ['add', CHANGELOG], { stdio: 'inherit' }).status ?? 1;
