/**
 * What a running server writes into the audit has its place in the chain a second later at most, and when the server
 * has stopped.
 */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { RandomSecrets } from '#adapters/security/secrets.ts';
import { openReadOnly } from '#adapters/sequelize/sqlite/read-only.ts';
import { VerifyAudit } from '#application/audit/verify-audit.ts';
import { rounds } from '../../support/reporting/rounds.ts';
import { ServerProcess } from '../../support/servers/process.ts';
import { ADMIN, type Client, type Settings, sqliteSettings } from '../../support/servers/server.ts';
import { until } from '../../support/until.ts';

const SEALED_WITHIN_MS = 1_000;
const POLL_MS = 5;
const WRITERS = 4;

describe('the audit seal on a running server', function () {
  this.timeout(60_000);
  let settings: Settings;
  let file: string;
  let remove: () => Promise<void>;
  let server: ServerProcess;
  let admin: Client;

  beforeEach(async () => {
    const files = await sqliteSettings();
    ({ settings, remove } = files);
    file = join(files.folder, 'app.db');
    server = await ServerProcess.start(settings);
    admin = await server.client().signIn(ADMIN.login, ADMIN.password);
  });
  afterEach(async () => {
    await server.kill();
    await remove();
  });

  /** Opens a game, which is audited; resolves with the subject of the entry once the server has said so. */
  async function change(name: string): Promise<string> {
    const answer = await admin.post('/games', { name });
    expect(answer.status, answer.text).to.equal(201);
    return `game:${answer.body.id}`;
  }

  /** Opens games until the server is gone, and notes those that it said were opened. */
  async function changeUntilGone(writer: number, made: string[]): Promise<void> {
    try {
      for (let n = 1; ; n += 1) made.push(await change(`cut-${writer}-${n}`));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // A connection that broke or was refused is no other error.
    }
  }

  /** Fails where the entry about a subject is not in the chain in time. */
  async function expectSealed(subject: string): Promise<void> {
    const database = new DatabaseSync(file, { readOnly: true });
    const select = database.prepare('SELECT place, hash FROM audit_entries WHERE subject = ?');
    const late = AbortSignal.timeout(SEALED_WITHIN_MS);
    const found = () => select.get(subject);
    while (typeof found()?.place !== 'number' && !late.aborted) await sleep(POLL_MS);
    const hash = found()?.hash;
    database.close();
    expect(hash, `the entry about ${subject} is not sealed in time`).to.match(/^[0-9a-f]{64}$/);
  }

  async function verdict() {
    const { reads, close } = openReadOnly(file);
    try {
      const { broken, unsealed, verified } = await new VerifyAudit({ reads, secrets: new RandomSecrets() }).execute();
      const { items } = await reads.audit.list({}, { limit: 10_000 });
      return { broken, unsealed, verified, entries: items };
    } finally {
      await close();
    }
  }

  it(`is written within a second of the answer on an idle server, ${rounds(20)} times`, async () => {
    for (let round = 1; round <= rounds(20); round += 1) await expectSealed(await change(`quiet-${round}`));
  });

  it(`is written within a second of the answer during other changes and appends, ${rounds(20)} times`, async () => {
    const thread = (await admin.post('/chat', {})).body.id;
    let stopped = false;
    const write = async (writer: number) => {
      for (let n = 1; !stopped; n += 1) {
        await change(`busy-${writer}-${n}`);
        await admin.post(`/chat/${thread}`, { content: `Line ${n} of writer ${writer}` });
      }
    };
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));
    for (let round = 1; round <= rounds(20); round += 1) await expectSealed(await change(`among-others-${round}`));
    stopped = true;
    await writing;
  });

  it('covers changes and failures from just before the server is told to stop', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `last-${n}`);
    const subjects = await Promise.all(names.map(change));
    await server.client().post('/auth/login', { login: ADMIN.login, password: 'wrong-password-typed' });
    server.signal('SIGTERM');
    expect(await server.end(), server.output).to.equal(0);
    const { broken, unsealed, verified, entries } = await verdict();
    expect({ broken, unsealed }).to.deep.equal({ broken: null, unsealed: [] });
    expect(verified).to.equal(entries.length);
    expect(entries.map(({ subject }) => subject)).to.include.members(subjects);
    const failed = entries.filter(({ action, outcome }) => action === 'users.sign_in' && outcome === 'failed');
    expect(failed).to.have.length(1);
  });

  it('covers every acknowledged change if the server is told to stop during changes', async () => {
    const made: string[] = [];
    const writing = Promise.all(Array.from({ length: WRITERS }, (_, writer) => changeUntilGone(writer, made)));
    await until(() => made.length >= 20, 'twenty changes are acknowledged');
    server.signal('SIGTERM');
    expect(await server.end(), server.output).to.equal(0);
    await writing;
    const { broken, unsealed, entries } = await verdict();
    expect({ broken, unsealed }).to.deep.equal({ broken: null, unsealed: [] });
    expect(entries.map(({ subject }) => subject)).to.include.members(made);
  });
});
