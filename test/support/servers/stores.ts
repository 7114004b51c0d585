/**
 * Where a test server keeps its records: a new place on the store that the suite runs on, memory where none is said.
 */
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Backend } from '../backends/backend-names.ts';
import { onBackends } from '../backends/backends.ts';
import { ON_RECORD_STORES } from '../backends/record-stores.ts';
import { filesOf, tablesOf } from './secret-scan.ts';
import { templateFile, temporaryFolder } from './temporary-database.ts';
import { createDatabase, dropDatabase, templateDatabase } from './temporary-postgres.ts';

export type Place = Readonly<{
  settings: Readonly<Record<string, string>>;
  /** Everything that is kept there, once the server has let go of it. */
  kept(): Promise<readonly (readonly [name: string, bytes: Buffer])[]>;
  remove(): Promise<void>;
}>;

let store: Backend = 'memory';

/**
 * Declares a suite of the HTTP API once for each record store that is there; its servers keep their records on that
 * one.
 */
export function onEveryStore(name: string, suite: () => void): void {
  onBackends(name, ON_RECORD_STORES, (backend) => {
    before(() => {
      store = backend;
    });
    after(() => {
      store = 'memory';
    });
    suite();
  });
}

export function currentStore(): Backend {
  return store;
}

export function newPlace(): Promise<Place> {
  return PLACES[store]?.() ?? Promise.reject(new Error(`${store} keeps no records`));
}

const PLACES: Readonly<Partial<Record<Backend, () => Promise<Place>>>> = {
  memory: async () => ({ settings: { DATABASE_URL: 'memory:' }, kept: async () => [], remove: async () => {} }),
  sqlite: async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'app.db');
    copyFileSync(await templateFile(), file);
    return {
      settings: { DATABASE_URL: `sqlite:${file}`, SPEED_DB_PATH: join(folder, 'speed.db') },
      kept: async () => filesOf(folder),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  postgres: async () => {
    const folder = temporaryFolder();
    const url = await createDatabase(await templateDatabase());
    return {
      settings: { DATABASE_URL: url, SPEED_DB_PATH: join(folder, 'speed.db') },
      kept: async () => [...filesOf(folder), ...(await tablesOf(url))],
      remove: async () => {
        await dropDatabase(url);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};
