/** On which backends each contract runs, and which ones are there. */
import { postgresAnswers } from '../servers/temporary-postgres.ts';
import { redisAnswers } from '../servers/temporary-redis.ts';
import { BACKENDS, type Backend } from './backend-names.ts';

/** What a contract does on every backend: a new backend is a type error here until somebody decides. */
export type Plan = Readonly<Record<Backend, 'run' | Readonly<{ skip: string }>>>;

/** What a contract is tried on: opened for each test, empty, and closed after it. */
type Opened<Harness> = Readonly<{ harness: Harness; close(): Promise<void> }>;
export type Openers<Harness> = Readonly<Partial<Record<Backend, () => Promise<Opened<Harness>>>>>;

/** What may be named: browser and proxy are required like a backend, and are no contract's. */
const KNOWN: readonly string[] = [...BACKENDS, 'chromium', 'haproxy'];

const NEEDS_NO_SERVICE: readonly Backend[] = ['memory', 'sqlite', 'embedded'];
const there = [
  ...NEEDS_NO_SERVICE,
  ...((await postgresAnswers()) ? ['postgres'] : []),
  ...((await redisAnswers()) ? ['redis'] : []),
];

const chosen: readonly string[] = (listed('BACKENDS') ?? BACKENDS).filter((backend) => there.includes(backend));
/** A required backend that is not there is a failure. */
const required = listed('REQUIRE_BACKENDS') ?? [];

/** Declares the suite once per backend. `harness` may be called inside tests and their hooks. */
export function contract<Harness>(
  name: string,
  plan: Plan,
  openers: Openers<Harness>,
  suite: (harness: () => Harness) => void,
): void {
  onBackends(name, plan, (backend) => {
    const open = openers[backend];
    if (open === undefined) it('can be opened', () => missing(name, backend));
    else runOn(open, suite);
  });
}

/** Declares the suite once for each backend of the plan that is there; says of every other why not. */
export function onBackends(name: string, plan: Plan, suite: (backend: Backend) => void): void {
  for (const backend of BACKENDS) {
    describe(`${backend}: ${name}`, () => {
      const planned = plan[backend];
      if (planned !== 'run') it.skip(`does not run: ${planned.skip}`);
      else if (chosen.includes(backend)) suite(backend);
      else if (required.includes(backend)) it('is required', () => missing(name, backend));
      else it.skip(`does not run: ${backend} does not answer, or is not among BACKENDS`);
    });
  }
}

function runOn<Harness>(open: () => Promise<Opened<Harness>>, suite: (harness: () => Harness) => void): void {
  let opened: Opened<Harness>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(() => opened?.close());
  suite(() => opened.harness);
}

function missing(name: string, backend: Backend): never {
  throw new Error(`"${name}" must run on ${backend}, and cannot.`);
}

function listed(variable: string): readonly Backend[] | undefined {
  const names = process.env[variable]?.split(',').filter((name) => name !== '');
  const unknown = names?.filter((name) => !KNOWN.includes(name)) ?? [];
  if (unknown.length > 0) throw new Error(`${variable} names unknown backends: ${unknown.join(', ')}.`);
  return names as Backend[] | undefined;
}
