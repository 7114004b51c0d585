/** The commands of the library, from arguments and environment. */
import { parseArgs } from 'node:util';
import { UserError } from '../replay/user-error.ts';

export const HELP = `npm run library -- demo                         asks three questions about a short rule book, in memory
npm run library -- read <path...>               prints the passages of documents as they would be cited
npm run library -- add <path...> --source <id>  adds documents to a source, and waits until they are read
npm run library -- list                         lists the sources and their documents
npm run library -- ask "<question>"             answers a question, with citations
npm run library -- rebuild --source <id>        reads every document of a source anew

All but the first two call a running server (--url or TAVERNKEEP_URL, http://127.0.0.1:3000) by an API token
(TAVERNKEEP_TOKEN) with the scope sources.read, and sources.write to add and rebuild.
`;

/** A running server, and the token by which it is called. */
type Target = Readonly<{ url: string; token: string }>;

type Environment = Readonly<Record<string, string | undefined>>;

export type Command =
  | Readonly<{ name: 'demo' | 'help' }>
  | Readonly<{ name: 'list'; target: Target }>
  | Readonly<{ name: 'ask'; target: Target; question: string }>
  | Readonly<{ name: 'add'; target: Target; sourceId: string; paths: readonly string[] }>
  | Readonly<{ name: 'rebuild'; target: Target; sourceId: string }>;

const OPTIONS = { source: { type: 'string' }, url: { type: 'string' } } as const;

/** Throws `UserError` for what is missing. */
export function readCommand(given: readonly string[], environment: Environment): Command {
  const { values, positionals } = parsed(given);
  const [name, ...rest] = positionals;
  if (name === 'demo') return { name };
  if (name === undefined || !['list', 'ask', 'add', 'rebuild'].includes(name)) return { name: 'help' };
  const target = targetOf(values.url, environment);
  if (name === 'list') return { name, target };
  if (name === 'ask') return { name, target, question: wanted(rest.join(' '), 'a question') };
  const sourceId = wanted(values.source ?? '', '--source <id>: npm run library -- list shows them');
  if (name === 'rebuild') return { name, target, sourceId };
  wanted(rest[0] ?? '', 'the path of a document');
  return { name: 'add', target, sourceId, paths: rest };
}

function parsed(given: readonly string[]) {
  try {
    return parseArgs({ args: [...given], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UserError((error as Error).message);
  }
}

function targetOf(url: string | undefined, { TAVERNKEEP_URL, TAVERNKEEP_TOKEN }: Environment): Target {
  const token = wanted(TAVERNKEEP_TOKEN ?? '', 'an API token as TAVERNKEEP_TOKEN (POST /auth/tokens makes one)');
  return { url: (url ?? TAVERNKEEP_URL ?? 'http://127.0.0.1:3000').replace(/\/+$/u, ''), token };
}

function wanted(value: string, what: string): string {
  if (value.trim() === '') throw new UserError(`Give ${what}.`);
  return value;
}
