/** The server as operators run it: a process that starts, says what is wrong, and stops in good order. */
import { once } from 'node:events';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { ServerProcess } from '../support/servers/process.ts';
import { ADMIN, type Settings, sqliteSettings } from '../support/servers/server.ts';

/** A line of a stack trace. */
const STACK = /\n\s+at /;

describe('the server process', () => {
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

  async function start(more: Settings = {}): Promise<ServerProcess> {
    const server = await ServerProcess.start({ ...settings, ...more });
    running.push(server);
    return server;
  }

  /** The exit code and what was said by a server that does not come up. */
  async function refused(more: Settings): Promise<{ code: number | null; said: string }> {
    const server = new ServerProcess({ ...settings, ...more });
    return { code: await server.end(), said: server.output };
  }

  it('retains users, sessions and conversations across a restart (US-REDIS-002)', async () => {
    const first = await start();
    const client = await first.client().signIn(ADMIN.login, ADMIN.password);
    const thread = (await client.post('/chat', {})).body.id;
    await client.post(`/chat/${thread}`, { content: 'We camp here.' });
    first.signal('SIGTERM');
    expect(await first.end()).to.equal(0);
    const again = (await start()).client();
    again.cookie = client.cookie;
    expect((await again.get(`/chat/${thread}/messages`)).body.items[0].content).to.equal('We camp here.');
    expect((await again.post('/auth/logout')).status).to.equal(204);
    again.cookie = client.cookie;
    expect((await again.get('/auth/me')).status).to.equal(401);
  });

  it('writes a generated password once, to a file that only its owner can read, and to no log', async () => {
    const first = await start({ ADMIN_PASSWORD: '' });
    const file = join(folder, 'first-admin-password.txt');
    const [login = '', password = ''] = (await readFile(file, 'utf8')).trim().split('\n');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect(first.output).to.contain(file).and.not.to.contain(password);
    await first.client().signIn(login, password);
    await first.kill();
    const again = await start({ ADMIN_PASSWORD: '' });
    expect(again.output).not.to.contain('first-admin');
    await again.client().signIn(login, password);
  });

  it('refuses to start with a bad password for the first admin, and explains why', async () => {
    const { code, said } = await refused({ ADMIN_PASSWORD: 'short' });
    expect(code).to.equal(1);
    expect(said).to.contain('ADMIN_PASSWORD').and.to.contain('8 characters').and.not.to.match(STACK);
  });

  it('refuses to start on files that another process uses, and does not disturb that process', async () => {
    const first = await start();
    const same = await refused({});
    expect(same.code).to.equal(1);
    expect(same.said).to.contain('Another Tavernkeep process is using app.db').and.to.contain('Stop it first');
    const speed = await refused({ DATABASE_URL: `sqlite:${join(folder, 'other.db')}` });
    expect(speed.said).to.contain('Another Tavernkeep process is using speed.db');
    expect((await first.client().get('/health/ready')).status).to.equal(200);
  });

  it('names every fault of its configuration and exits with 1, before it opens or makes a file', async () => {
    const { code, said } = await refused({ PORT: 'x', COMPACT_TARGET_PCT: '90', TRUST_PROXY: 'evil' });
    expect(code).to.equal(1);
    for (const name of ['PORT:', 'COMPACT_TARGET_PCT:', 'TRUST_PROXY:']) expect(said).to.contain(name);
    expect(said).not.to.match(STACK);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it('names the setting to change if its port or its database cannot be opened', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect((await refused({ PORT: String(port) })).said).to.match(/^PORT: /m);
    other.close();
    await writeFile(join(folder, 'text.db'), 'this is no database, but it is long enough to look at. '.repeat(20));
    const text = await refused({ DATABASE_URL: `sqlite:${join(folder, 'text.db')}` });
    expect([text.code, text.said]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && /DATABASE_URL: /.test(said),
    );
    await mkdir(join(folder, 'folder.db'));
    expect((await refused({ DATABASE_URL: `sqlite:${join(folder, 'folder.db')}` })).said).to.match(/DATABASE_URL: /);
  });

  it('answers the request in progress when it is told to stop, then exits with 0', async () => {
    const server = await start();
    const client = await server.client().signIn(ADMIN.login, ADMIN.password);
    const thread = (await client.post('/chat', {})).body.id;
    const body = JSON.stringify({ content: 'The last word.' });
    const answered = new Promise<number>((resolve, reject) => {
      const headers = {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        // The server says so as soon as it has the head of the request: then it is in progress.
        Expect: '100-continue',
        Cookie: client.cookie ?? '',
      };
      const request = httpRequest(`${server.url}/api/v1/chat/${thread}`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      request.on('error', reject);
      request.on('continue', () => {
        request.write(body.slice(0, 5));
        server.signal('SIGTERM');
        server.said(/"msg":"stopping"/).then(() => request.end(body.slice(5)), reject);
      });
      request.flushHeaders();
    });
    expect(await answered).to.equal(201);
    expect(await server.end()).to.equal(0);
    expect(server.output).to.contain('"msg":"stopped"');
    const again = (await start()).client();
    again.cookie = client.cookie;
    expect((await again.get(`/chat/${thread}`)).body.thread.message_count).to.equal(1);
  });

  it('writes JSON logs with request ids and without secrets', async () => {
    const server = await start();
    const client = await server.client().signIn(ADMIN.login, ADMIN.password);
    await client.post('/auth/login', { login: 'hunter2-login', password: 'hunter2-password' });
    const answer = await client.get('/chat/thr_hunter2?query=hunter2-query', { 'X-Request-Id': 'trace-1' });
    expect(answer.status).to.equal(400);
    server.signal('SIGTERM');
    await server.end();
    const lines = server.output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.find((line) => line.request_id === 'trace-1')).to.include({
      route: '/chat/{thread}',
      status: 400,
      level: 'info',
    });
    for (const secret of [ADMIN.password, 'hunter2', client.cookie?.split('=')[1] ?? ''])
      expect(server.output).not.to.contain(secret);
  });
});
