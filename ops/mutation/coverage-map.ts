/**
 * Which test files run through which places of src/. Each test file is run once by itself and the answer kept in
 * node_modules/.cache; it counts for a file while both have the same text.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from '../new/refusal.ts';
import { environmentFor, runTests } from './test-process.ts';
import { inCopies, type TreeCopy } from './tree-copy.ts';
import { covers, type Intervals, lengthOf, readCoverage } from './v8-coverage.ts';

/** Longest time that one test file may take, unmodified. */
const LIMIT_MS = 480_000;
/** Coverage can triple the time of what calculates: a test that takes longer with it is timed again without. */
const TIMED_AGAIN_SECONDS = 8;

type CoveredFile = Readonly<{ hash: string; intervals: Intervals }>;
type Entry = Readonly<{ seconds: number; passed: boolean; files: Readonly<Record<string, CoveredFile>> }>;

/** A test file that runs through a place: its time alone, and how many characters of the file it runs through. */
export type CoveringTest = Readonly<{ test: string; seconds: number; share: number }>;

export class CoverageMap {
  readonly #root: string;
  readonly #cache: string;
  readonly #entries = new Map<string, Entry>();
  readonly #hashes = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
    this.#cache = join(root, 'node_modules', '.cache', 'mutation');
  }

  /** Runs each test that is new or changed, or that ran through one of the files before they were changed. */
  async prepare(
    tests: readonly string[],
    files: readonly string[],
    options: Readonly<{ workers: number; fresh: boolean; tell: (line: string) => void }>,
  ): Promise<void> {
    const stale = tests.filter((test) => options.fresh || !this.#load(test, files));
    if (stale.length > 0) options.tell(`finding out what ${stale.length} test files run through (kept for next time)`);
    await inCopies(this.#root, options.workers, stale, async (test, copy) => {
      const entry = await this.#measure(test, copy);
      if (!entry.passed) options.tell(`left out, because it fails or hangs unmodified and alone: ${test}`);
    });
  }

  covering(file: string, at: number): readonly CoveringTest[] {
    return [...this.#entries].flatMap(([test, { seconds, passed, files }]) => {
      const covered = files[file];
      if (!passed || covered === undefined || !covers(covered.intervals, at)) return [];
      return [{ test, seconds, share: lengthOf(covered.intervals) }];
    });
  }

  #load(test: string, files: readonly string[]): boolean {
    const path = this.#pathOf(test);
    if (!existsSync(path)) return false;
    const entry: Entry = JSON.parse(readFileSync(path, 'utf8'));
    const isStale = files.some(
      (file) => entry.files[file] !== undefined && entry.files[file].hash !== this.#hash(file),
    );
    if (isStale || !entry.passed) return false;
    this.#entries.set(test, entry);
    return true;
  }

  async #measure(test: string, { folder }: TreeCopy): Promise<Entry> {
    const reports = mkdtempSync(join(tmpdir(), 'tavernkeep-coverage-'));
    try {
      const environment = { ...environmentFor(this.#root), NODE_V8_COVERAGE: reports };
      const covered = await runTests(folder, [test], LIMIT_MS, environment);
      const passed = covered.outcome === 'passed';
      const isSlow = passed && covered.seconds > TIMED_AGAIN_SECONDS;
      const { seconds } = isSlow ? await runTests(folder, [test], LIMIT_MS, environmentFor(this.#root)) : covered;
      const files = [...readCoverage(reports, folder)].map(
        ([file, intervals]) => [file, { hash: this.#hash(file), intervals }] as const,
      );
      const entry = { seconds, passed, files: Object.fromEntries(files) };
      this.#entries.set(test, entry);
      this.#keep(test, entry);
      return entry;
    } finally {
      rmSync(reports, { recursive: true, force: true });
    }
  }

  #keep(test: string, entry: Entry): void {
    mkdirSync(this.#cache, { recursive: true });
    const path = this.#pathOf(test);
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(entry));
    renameSync(`${path}.${process.pid}`, path);
  }

  /** Named for the test's text, so that a changed test has another. */
  #pathOf(test: string): string {
    return join(
      this.#cache,
      `${createHash('sha256')
        .update(`${test}\n${this.#hash(test)}`)
        .digest('hex')}.json`,
    );
  }

  #hash(file: string): string {
    const known = this.#hashes.get(file);
    if (known !== undefined) return known;
    const hash = createHash('sha256')
      .update(readFileSync(join(this.#root, file)))
      .digest('hex');
    this.#hashes.set(file, hash);
    return hash;
  }
}

/** The test files of folders of test/, sorted. Throws where a folder has none. */
export function testFiles(root: string, folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) => {
    const files = globSync(`test/${folder}/**/*.test.ts`, { cwd: root });
    if (files.length === 0) throw new Refusal(`There is no test in test/${folder}. Name folders below test/.`);
    return files.sort();
  });
}
