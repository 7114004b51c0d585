/** The replay as its users start it: a process, without a terminal, against a server of its own or a running one. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect } from 'chai';
import { REPLAY } from '../support/project.ts';
import { ADMIN, type Client, startTestServer, type TestServer } from '../support/servers/server.ts';
import { until } from '../support/until.ts';

const LONG = 'The lamp goes out. '.repeat(200);

type Played = Readonly<{ code: number | null; out: string; error: string }>;

describe('npm run replay', function () {
  this.timeout(60_000);

  let server: TestServer;
  let api: Client;
  let folder: string;

  before(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '600' });
    api = await server.admin();
    folder = await mkdtemp(join(tmpdir(), 'tavernkeep-replay-'));
  });

  after(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function replay(args: readonly string[], environment: Record<string, string> = {}): Promise<Played> {
    const { TAVERNKEEP_URL: _, ...inherited } = process.env;
    const child = spawn(process.execPath, [REPLAY, ...args], { env: { ...inherited, NO_COLOR: '1', ...environment } });
    const said = { out: '', error: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.error += text;
    });
    const [code] = await once(child, 'close');
    return { code, ...said };
  }

  const here = (password: string = ADMIN.password) => ({ TAVERNKEEP_URL: server.url, TAVERNKEEP_PASSWORD: password });

  async function transcript(name: string, ...lines: readonly (object | string)[]): Promise<string> {
    const file = join(folder, name);
    const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line)));
    await writeFile(file, `${text.join('\n')}\n`);
    return file;
  }

  const turn = (text: string, episode = 'One') => ({ episode, turn: 0, speaker: 'Mira', text });
  const evening = () =>
    Array.from({ length: 60 }, (_, index) => turn(`I count ${index} steps down to the black water.`));

  /** A row of the closing table. */
  function row({ out }: Played, label: string): string {
    return out.match(new RegExp(`^  ${label} +(.*)$`, 'm'))?.[1] ?? `no row ${label} in:\n${out}`;
  }

  it('plays the sample on its own server with at least three compactions', async () => {
    const played = await replay([]);
    expect(played).to.include({ code: 0, error: '' });
    expect(Number(row(played, 'Compactions'))).to.be.at.least(3);
    expect(played.out.match(/✓/g)).to.have.length(3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: without a terminal nothing may steer one.
    expect(played.out).to.not.match(/[\x00-\x09\x0b-\x1f]/);
  });

  it('prints the figures of the API in its closing table', async () => {
    const played = await replay(
      [await transcript('table.jsonl', ...evening(), turn(LONG), turn('It is over.'))],
      here(),
    );
    expect(played).to.include({ code: 0, error: '' });
    const [{ id, title }] = (await api.get('/chat')).body.items;
    const { entries, usage } = (await api.get(`/chat/${id}`)).body;
    const events = (await api.get(`/chat/${id}/events`)).body.items;
    expect(title).to.equal('Replay of One');
    expect(row(played, 'Messages')).to.equal(`${usage.message_count} played · 1 refused`);
    expect(row(played, 'Compactions')).to.equal(String(events.length)).and.not.equal('0');
    expect(row(played, 'Usage')).to.match(new RegExp(`^\\d+% at most · ${usage.usage_pct}% now$`));
    const characters = [...evening(), turn('It is over.')].reduce((sum, { text }) => sum + text.length, 0);
    expect(row(played, 'Tokens')).to.include(`· ${usage.approx_tokens} in the window`);
    expect(Number(row(played, 'Tokens').match(/^[\d,]+/)![0])).to.be.closeTo(characters / 4, events.length);
    expect(row(played, 'Window')).to.match(new RegExp(`^${entries.length} entries: `));
    expect(played.out).to.match(/Message 61 refused \(413\): .* Advice: .*two parts/);
    expect(played.out.match(/Conversation compacted/g)).to.have.length(events.length);
    const used = events.flatMap((event: { strategies_used: unknown }) => event.strategies_used);
    for (const name of new Set<string>(used.map((use: { name: string }) => use.name))) {
      const uses = used.filter((use: { name: string }) => use.name === name);
      const sum = (field: string) =>
        uses.reduce((total: number, use: Record<string, number>) => total + use[field]!, 0);
      const numbers = [uses.length, sum('tokens_freed'), sum('entries_removed')].join(' +');
      expect(row(played, name)).to.match(new RegExp(`^${numbers} +[\\d.]+$`));
    }
  });

  it('plays the requested one of several chats, with its roles and tool calls', async () => {
    const call = { name: 'open', arguments: '{"door":1}' };
    const file = await transcript(
      'chats.jsonl',
      { chat: 'a', turn: 0, role: 'user', text: 'Not this one.' },
      { chat: 'b', turn: 0, role: 'system', text: 'Be brief.' },
      { chat: 'b', turn: 1, role: 'user', name: 'x'.repeat(150), text: 'Open the door.' },
      { chat: 'b', turn: 2, role: 'assistant', text: '', tool_calls: [call] },
      { chat: 'b', turn: 3, role: 'tool', name: 'open', text: 'It is open.' },
      { chat: 'b', turn: 4, role: 'user', text: '' },
    );
    expect(await replay([file, '--episode', 'b'], here())).to.include({ code: 0, error: '' });
    const [{ id }] = (await api.get('/chat')).body.items;
    const { items } = (await api.get(`/chat/${id}/messages`)).body;
    expect(items.map(({ role }: { role: string }) => role)).to.deep.equal(['system', 'user', 'assistant', 'tool']);
    expect(items[1].name).to.equal('x'.repeat(100));
    expect(items[2].tool_calls).to.deep.equal([call]);
  });

  it('lists its options for --help', async () => {
    expect(await replay(['--help']))
      .to.include({ code: 0, error: '' })
      .and.property('out')
      .match(/--episode/);
  });

  describe('a one-line error with exit code 1', () => {
    async function complains(about: RegExp, args: readonly string[], environment: Record<string, string> = {}) {
      const { code, error } = await replay(args, environment);
      expect(error)
        .to.match(about)
        .and.match(/^[^\n]+\n$/);
      expect(code).to.equal(1);
    }

    it('is printed for a missing file', () => complains(/no file .*away\.jsonl/, [join(folder, 'away.jsonl')]));

    it('is printed for an unknown episode, and lists the existing ones', async () => {
      const file = await transcript('two.jsonl', turn('Hello.', 'One'), turn('Hello.', 'Two'));
      await complains(/no "Three"\. It has One, Two\./, [file, '--episode', 'Three']);
    });

    it('is printed for a malformed line, and gives its number', async () => {
      await complains(/line 2: it is not JSON/, [await transcript('broken.jsonl', turn('Hello.'), '{"episode"')]);
      await complains(/line 1: "text" is missing/, [
        await transcript('mute.jsonl', { episode: 'One', speaker: 'Mira' }),
      ]);
    });

    it('is printed for an empty file', async () => complains(/no turns/, [await transcript('empty.jsonl')]));

    it('is printed for an unknown option and for invalid values', async () => {
      await complains(/--wrong/, ['--wrong']);
      await complains(/--budget must be/, ['--budget', 'much']);
      await complains(/--speed must be/, ['--speed', '0']);
    });

    it('is printed for a configuration with which no server can start', async () => {
      await complains(/COMPACT_TARGET_PCT/, [await transcript('fine.jsonl', turn('Hello.'))], {
        COMPACT_TRIGGER_PCT: '50',
      });
    });

    it('is printed if no server answers', async () => {
      const away = { ...here(), TAVERNKEEP_URL: 'http://127.0.0.1:1' };
      await complains(/does not answer/, [await transcript('fine.jsonl', turn('Hello.'))], away);
    });

    it('is printed for a wrong password', async () => {
      await complains(/wrong login or password/, [await transcript('fine.jsonl', turn('Hello.'))], here('wrong'));
    });

    it('is printed if the server goes away during the replay', async () => {
      const leaving = await startTestServer();
      const file = await transcript('long.jsonl', ...evening());
      const environment = { ...here(), TAVERNKEEP_URL: leaving.url };
      const complaint = complains(/went away at message \d+: .*does not answer/, [file, '--speed', '10'], environment);
      const watcher = await leaving.admin();
      const played = async () => (await watcher.get('/chat')).body.items[0]?.message_count ?? 0;
      await until(async () => (await played()) >= 3, 'three messages are played');
      await leaving.close();
      await complaint;
    });
  });
});
