/** What a server writes is for its owner alone, and the first admin's password is never lost. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { rounds } from '../../support/reporting/rounds.ts';
import { ServerProcess } from '../../support/servers/process.ts';
import { type Settings, sqliteSettings } from '../../support/servers/server.ts';

const PASSWORD_FILE = 'first-admin-password.txt';
const KILLS = rounds(4);

describe('the files of a server', () => {
  let settings: Settings;
  let folder: string;
  let remove: () => Promise<void>;
  let running: ServerProcess[];

  beforeEach(async () => {
    ({ settings, folder, remove } = await sqliteSettings());
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((server) => server.kill()));
    await remove();
  });

  /** Begins to start a server that generates the first admin's password. */
  function launch(): ServerProcess {
    const server = new ServerProcess({ ...settings, ADMIN_PASSWORD: '' });
    running.push(server);
    return server;
  }

  const open = (server: ServerProcess) => server.said(/"msg":"Tavernkeep is open"/);

  /** Without the tests' client: it has the log searched for each password, and one test has its password there. */
  async function signIn(server: ServerProcess, login = '', password = ''): Promise<number> {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ login, password });
    return (await fetch(`${server.url}/api/v1/auth/login`, { method: 'POST', headers, body })).status;
  }

  const written = () => readFileSync(join(folder, PASSWORD_FILE), 'utf8').split('\n').slice(0, 2);

  it('can be read by their owner alone, whatever the umask and in a folder that was there', async () => {
    const umask = process.umask(0);
    const server = launch();
    process.umask(umask);
    await open(server);
    expect(await signIn(server, ...written())).to.equal(200);
    const names = ['', '-shm', '-wal', '.lock', '.lock-journal'].map((end) => `app.db${end}`);
    names.push(PASSWORD_FILE, 'speed.db', 'speed.db-wal');
    const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
    const expected = { ...Object.fromEntries(names.map((name) => [name, '600'])), files: '700' };
    expect(Object.fromEntries(modes)).to.deep.equal(expected);
  });

  it("need not hold the first admin's password: where its file cannot be written it is told on standard error", async () => {
    mkdirSync(join(folder, PASSWORD_FILE));
    const server = launch();
    await open(server);
    const [, login, password] = /first admin: (\S+)\s+Password: (\S+)/.exec(server.output) ?? [];
    expect(server.output).to.contain(`${PASSWORD_FILE} cannot be written`);
    expect(await signIn(server, login, password)).to.equal(200);
    rmdirSync(join(folder, PASSWORD_FILE));
  });

  it('hold a password that opens, even after a kill as soon as it is written', async function () {
    this.timeout(10_000 + KILLS * 5_000);
    for (let round = 0; round < KILLS; round += 1) {
      const appeared = new Promise((resolve) => {
        const watcher = watch(folder, (_event, name) => {
          if (name !== PASSWORD_FILE) return;
          watcher.close();
          resolve(name);
        });
      });
      const killed = launch();
      await Promise.race([appeared, killed.end()]);
      await killed.kill();
      const again = launch();
      await open(again);
      expect(await signIn(again, ...written()), `round ${round}`).to.equal(200);
      await again.kill();
      await remove();
      mkdirSync(folder);
    }
  });
});
