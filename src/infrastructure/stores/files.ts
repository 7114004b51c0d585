/** Opens the file store: a folder beside the records, or memory where they are in memory. */
import { dirname, join } from 'node:path';
import { FolderFiles } from '#adapters/files/folder-files.ts';
import { MemoryFiles } from '#adapters/memory/library/files.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import type { Files } from '#application/library/documents/files.ts';
import { type Config, ConfigError } from '../config/config.ts';
import { databaseOf } from '../config/database-setting.ts';

/** Throws `ConfigError` where the folder cannot be used. */
export async function openFiles(config: Config): Promise<Files> {
  const folder = filesFolder(config);
  if (folder === null) return new MemoryFiles({ clock: new SystemClock() });
  try {
    return await FolderFiles.open(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([`FILES_PATH: the folder cannot be used (${code}). Make it writable for the server's user`]);
  }
}

/** Null where files are in memory. Without a setting it is beside whatever file there is. */
function filesFolder(config: Config): string | null {
  const database = databaseOf(config);
  if (config.FILES_PATH !== undefined) return config.FILES_PATH;
  if (database.kind === 'memory') return null;
  return join(dirname(database.kind === 'sqlite' ? database.file : config.SPEED_DB_PATH), 'files');
}
