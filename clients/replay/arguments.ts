/** The options of a replay, from arguments, environment and defaults. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { UserError } from './user-error.ts';

/** A running server, and the credentials to sign in there. */
export type ServerTarget = Readonly<{ url: string; login: string; password: string }>;

export type Options = Readonly<{
  file: string;
  /** The name that is shown for the file. */
  fileName: string;
  /** Null for the first one of the file. */
  episode: string | null;
  budget: number;
  /** Messages per second; null for a speed that is good to watch. */
  speed: number | null;
  /** Null for an own server in memory. */
  target: ServerTarget | null;
}>;

const SAMPLE = fileURLToPath(new URL('./sample.jsonl', import.meta.url));
const SAMPLE_BUDGET = 1_000;
const DEFAULT_BUDGET = 16_000;
const MIN_BUDGET = 200;
const MAX_BUDGET = 10_000_000;

export const HELP = `Plays a transcript into Tavernkeep and shows how its context compacts itself.

  npm run replay -- [transcript.jsonl] [options]

Without a transcript it plays a short sample. A transcript has one turn a line, as JSON:
  {"episode": "C1E006", "turn": 0, "speaker": "MATT", "text": "Welcome!"}
  {"chat": "bug-17", "turn": 0, "role": "assistant", "name": "Ann", "text": "", "tool_calls": [{"name": "grep", "arguments": "{}"}]}

  --episode <name>   the episode or chat to play (the file's first one)
  --budget <tokens>  the budget of the window (${DEFAULT_BUDGET}; for the sample ${SAMPLE_BUDGET})
  --speed <n>        messages per second, or "max" (a pace that is good to watch; max where nobody watches)
  --url <address>    play on a running server, not on one in memory (TAVERNKEEP_URL)
  --login <who>      who signs in there (TAVERNKEEP_LOGIN, or admin@tavernkeep.local)
  --password <word>  the password; better given as TAVERNKEEP_PASSWORD
  --help             this page

NO_COLOR=1 turns the colours off.
`;

const OPTIONS = {
  episode: { type: 'string' },
  budget: { type: 'string' },
  speed: { type: 'string' },
  url: { type: 'string' },
  login: { type: 'string' },
  password: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Environment = Readonly<Record<string, string | undefined>>;
type Given = ReturnType<typeof parse>['values'];

/** Returns null if only the help was requested. */
export function readArguments(argv: readonly string[], environment: Environment): Options | null {
  const { values, positionals } = parse(argv);
  if (values.help === true) return null;
  if (positionals.length > 1) throw new UserError(`One transcript at a time: what is "${positionals[1]}"? See --help.`);
  const [file] = positionals;
  const target = readTarget(values, environment);
  if (target !== null && values.budget !== undefined) {
    throw new UserError('A running server has a budget of its own: leave out either --budget or the url.');
  }
  return {
    file: file === undefined ? SAMPLE : locate(file, environment),
    fileName: file ?? 'the sample',
    episode: values.episode ?? null,
    budget: readBudget(values.budget, file === undefined ? SAMPLE_BUDGET : DEFAULT_BUDGET),
    speed: readSpeed(values.speed),
    target,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError(`${(error as Error).message.split(/\.\s/, 1)[0]}. See --help.`);
  }
}

/** Finds a file relative to the folder where npm was called: npm itself runs scripts in the project's folder. */
function locate(file: string, environment: Environment): string {
  const here = resolve(file);
  return existsSync(here) ? here : resolve(environment.INIT_CWD ?? '.', file);
}

function readBudget(given: string | undefined, otherwise: number): number {
  if (given === undefined) return otherwise;
  const budget = /^\d{1,9}$/.test(given) ? Number(given) : Number.NaN;
  if (budget >= MIN_BUDGET && budget <= MAX_BUDGET) return budget;
  throw new UserError(`--budget must be a whole number of tokens from ${MIN_BUDGET} to ${MAX_BUDGET}.`);
}

function readSpeed(given: string | undefined): number | null {
  if (given === undefined) return null;
  if (given === 'max') return Number.POSITIVE_INFINITY;
  const speed = Number(given);
  if (given.trim() !== '' && Number.isFinite(speed) && speed >= 0.1) return speed;
  throw new UserError('--speed must be a number of messages per second from 0.1 up, or "max".');
}

function readTarget(given: Given, environment: Environment): ServerTarget | null {
  const url = given.url ?? environment.TAVERNKEEP_URL;
  if (url === undefined || url === '') return null;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UserError('--url must be an address such as http://127.0.0.1:3000.');
  }
  const password = given.password ?? environment.TAVERNKEEP_PASSWORD;
  if (password === undefined) throw new UserError(`Set TAVERNKEEP_PASSWORD (or --password) to sign in to ${url}.`);
  return {
    url: new URL(url).origin,
    login: given.login ?? environment.TAVERNKEEP_LOGIN ?? 'admin@tavernkeep.local',
    password,
  };
}
