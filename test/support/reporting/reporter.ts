/** How a test run is told: a dot a test, failures whole, then what was left out, which backends ran, and the count. */
import { createRequire } from 'node:module';
import { BACKENDS } from '../backends/backend-names.ts';

type Test = Readonly<{ title: string; parent: Suite | undefined; fullTitle(): string }>;
type Suite = Readonly<{ title: string; parent: Suite | undefined }>;
type Runner = { on(event: string, listener: (test: Test) => void): void };

/** Longest time from the last test to the end of the process. */
const LEFT_OPEN_MS = 10_000;

const Mocha = createRequire(import.meta.url)('mocha');

/** The backend of a contract's test: its suite is named `<backend>: <contract>`. */
function backendOf(test: Test): string | undefined {
  for (let suite = test.parent; suite !== undefined; suite = suite.parent) {
    const [name = ''] = suite.title.split(':');
    if (BACKENDS.some((backend) => backend === name)) return name;
  }
  return undefined;
}

class Reporter extends Mocha.reporters.Dot {
  constructor(runner: Runner, options: unknown) {
    super(runner, options);
    const ran = new Map<string, number>();
    const skipped = new Map<string, number>();
    let [passed, failed] = [0, 0];
    runner.on('pass', (test) => {
      passed += 1;
      const backend = backendOf(test);
      if (backend !== undefined) ran.set(backend, (ran.get(backend) ?? 0) + 1);
    });
    runner.on('fail', () => {
      failed += 1;
    });
    runner.on('pending', (test) => skipped.set(test.title, (skipped.get(test.title) ?? 0) + 1));
    runner.on('end', () => {
      for (const [title, count] of skipped) process.stdout.write(`  skipped (${count}): ${title}\n`);
      const backends = BACKENDS.map((name) => `${name} ${ran.has(name) ? `${ran.get(name)} tests` : 'not run'}`);
      process.stdout.write(`  contracts: ${backends.join(', ')}\n${passed} passed, ${failed} failed\n`);
      // What a test leaves open would keep the run from ending, and nobody would be told why.
      setTimeout(() => {
        const open = process.getActiveResourcesInfo().join(', ');
        process.stdout.write(`  still open after the last test: ${open}\n${passed} passed, ${failed + 1} failed\n`);
        // Mocha sets the code at the exit, by what it has counted itself.
        process.once('exit', () => {
          process.exitCode = 1;
        });
        process.exit();
      }, LEFT_OPEN_MS).unref();
    });
  }
}

// Mocha loads a reporter by its default export.
// biome-ignore lint/style/noDefaultExport: the form that mocha takes.
export default Reporter;
