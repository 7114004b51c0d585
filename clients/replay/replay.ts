/** Plays a transcript through the HTTP API and shows how the context compacts itself. */
import process from 'node:process';
import { TavernkeepError } from '../sdk/sdk.ts';
import type { Usage } from './api-types.ts';
import { HELP, readArguments, type ServerTarget } from './arguments.ts';
import { count, number, paint } from './format.ts';
import { LiveRenderer } from './live-renderer.ts';
import { startOwnServer } from './own-server.ts';
import { PlainRenderer } from './plain-renderer.ts';
import { play, type Renderer } from './play.ts';
import { report } from './report.ts';
import { signIn } from './sign-in.ts';
import { Tally } from './tally.ts';
import { readTranscript, type Transcript } from './transcript.ts';
import { UserError } from './user-error.ts';
import { readAll, verify } from './verification.ts';

const INTERRUPTED = 130;
/** The duration of a long transcript on a terminal; a short one runs at the minimum speed. */
const WATCHED_SECONDS = 25;
const WATCHED_SPEED_MIN = 12;

const { stdout } = process;
const watched = stdout.isTTY && process.env.TERM !== 'dumb';

async function main(): Promise<number> {
  const options = readArguments(process.argv.slice(2), process.env);
  if (options === null) {
    stdout.write(HELP);
    return 0;
  }
  const transcript = readTranscript(options.file, options.fileName, options.episode);
  if (options.target !== null) return replay(transcript, options.speed, options.target);
  const own = await startOwnServer(options.budget);
  return replay(transcript, options.speed, own.target).finally(() => own.stop());
}

async function replay({ title, lines }: Transcript, speed: number | null, target: ServerTarget): Promise<number> {
  const api = await signIn(target);
  const { id, usage } = await api.post('/chat', { body: { title: `Replay of ${title}`.slice(0, 200) } });
  stdout.write(heading(title, lines.length, usage));
  const tally = new Tally(usage);
  const renderer = openRenderer(lines.length);
  const signal = onInterrupt();
  const start = performance.now();
  const said = await play({
    api,
    threadId: id,
    lines,
    speed: speed ?? pace(lines.length),
    tally,
    renderer,
    signal,
  }).finally(() => renderer.close());
  const ms = performance.now() - start;
  if (signal.aborted)
    stdout.write(`\n  Stopped after ${number(tally.played + tally.refused)} of ${number(lines.length)}.\n`);
  const window = await api.get('/chat/{thread}', { path: { thread: id } });
  const findings = verify(said, await readAll(api, id), window, tally);
  stdout.write(report({ tally, entries: window.entries, findings, ms }));
  if (!findings.every(({ holds }) => holds)) return 1;
  return signal.aborted ? INTERRUPTED : 0;
}

function heading(title: string, messages: number, usage: Usage): string {
  const { max_tokens, next_compact_at_pct, target_pct } = usage;
  const limits = `${number(max_tokens)} tokens, compacted at ${next_compact_at_pct}% down to ${target_pct}%`;
  return `\n  ${paint('bold', title)}  ${count(messages, 'message')} ${paint('dim', `· ${limits}`)}\n\n`;
}

function openRenderer(total: number): Renderer {
  return watched ? new LiveRenderer(stdout, total) : new PlainRenderer((text) => stdout.write(text), total);
}

function pace(messages: number): number {
  return watched ? Math.max(WATCHED_SPEED_MIN, messages / WATCHED_SECONDS) : Number.POSITIVE_INFINITY;
}

/** The first Ctrl-C ends the replay and shows its report; the second one ends the process. */
function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(INTERRUPTED);
      controller.abort();
    });
  }
  return controller.signal;
}
process.on('exit', () => {
  if (watched) stdout.write('\x1b[?7h\x1b[?25h');
});
// Whoever reads our output may have seen enough, as `head` does.
stdout.on('error', () => process.exit(0));

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    const isForPeople = error instanceof UserError || TavernkeepError.is(error);
    process.stderr.write(isForPeople ? `${error.message}\n` : `${(error as Error).stack ?? error}\n`);
    process.exit(1);
  },
);
