/** The operator's commands as processes of their own: run to their end, or killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CLI } from '../project.ts';
import type { Settings } from './server.ts';

type Ended = Readonly<{ code: number | null; said: string }>;

export class Command {
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #said = '';

  constructor(settings: Settings, ...args: readonly string[]) {
    const env = { PATH: process.env.PATH ?? '', ...settings };
    this.#child = spawn(process.execPath, [CLI, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    }
    this.#ended = once(this.#child, 'close');
  }

  /** Resolves with the exit code, null after a kill, and with all that was said on both streams. */
  async end(): Promise<Ended> {
    await this.#ended;
    return { code: this.#child.exitCode, said: this.#said };
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}

export function runCommand(settings: Settings, ...args: readonly string[]): Promise<Ended> {
  return new Command(settings, ...args).end();
}

/** Backs up into a folder; answers the path of the new backup. Throws with what was said where it failed. */
export async function backUp(settings: Settings, folder: string): Promise<string> {
  const { code, said } = await runCommand(settings, 'backup', folder);
  const path = said.split(': ')[0] ?? '';
  if (code !== 0 || !backupsIn(folder).includes(path)) throw new Error(said);
  return path;
}

/** The paths of the backups in a folder, those that were cut short left out. */
export function backupsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('tavernkeep-'))
    .map((name) => join(folder, name));
}
