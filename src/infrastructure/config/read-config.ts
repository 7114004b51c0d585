/** Reads the configuration of a process: `.env`, over which the environment wins, and the files of secrets. */
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parseEnv } from 'node:util';
import { type Config, ConfigError, loadConfig } from './config.ts';
import { paths } from './paths.ts';

/** Also sets what `.env` says in `process.env`, where libraries look. Throws `ConfigError` with all faults. */
export function readConfig(): Config {
  const names = loadEnvironmentFile();
  return loadConfig(process.env, (path) => readFileSync(path, 'utf8'), names);
}

/** Returns the names in the file; none where there is no file. */
function loadEnvironmentFile(): readonly string[] {
  try {
    const names = Object.keys(parseEnv(readFileSync(paths.environment, 'utf8')));
    process.loadEnvFile(paths.environment);
    return names;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return [];
    throw new ConfigError([`.env: the file cannot be read (${code})`]);
  }
}
