/**
 * A book that was answered from in a conversation, and that somebody may read no longer: nothing that they, or a model
 * for them, are told from then on stands on it.
 */
import { expect } from 'chai';
import { HIDDEN_NOTE } from '#domain/conversations/citations/citations.ts';
import type { Document } from '#domain/library/document.ts';
import type { SourceId } from '#domain/shared/ids.ts';
import { appendUntilCompaction } from '../../support/builders/long-talk.ts';
import { newId } from '../../support/builders/records.ts';
import {
  aTable,
  idOf,
  type SourcedServer,
  SourcedTalk,
  startSourcedServer,
} from '../../support/builders/sourced-talk.ts';
import { type Behaviour, pausing, refusesWith, says } from '../../support/model/model-server.ts';
import { EventStream } from '../../support/servers/event-stream.ts';
import type { Client, Json } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';
import { until } from '../../support/until.ts';

const QUESTION = 'What is the password of the vault?';
const SECRET = 'quicksilver';
const ANSWER = says(`The password is "${SECRET}" [1].`);
const inTwoPieces = () =>
  pausing(`The password is "${SECRET}" [1]. There is more to tell of it. `, 'Guards watch it all the long night [1].');
const HOUR_MS = 3_600_000;

/** Asked for a question that stands alone, the model has none; else it does this. */
function asking(behaviour: Behaviour): Behaviour {
  return (response, asked) =>
    asked.body.messages[0]!.content.includes('as one question')
      ? says('')(response, asked)
      : behaviour(response, asked);
}

onEveryStore('HTTP: a book that may no longer be read, in conversations', () => {
  let table: SourcedServer;
  let admin: Client;
  let [gm, bard, cleric]: Client[] = [];
  let game: string;
  let source: SourceId;
  let document: Document;
  let talk: SourcedTalk;
  const as = (client: Client | undefined) => client as Client;

  before(async () => {
    table = await startSourcedServer({ CTX_MAX_TOKENS: '2000' });
    admin = await table.server.admin();
  });
  after(() => table.close());
  beforeEach(async () => {
    [bard, cleric] = [await table.server.user('player'), await table.server.user('player')];
    ({ gm, game } = await aTable(table.server, as(bard), as(cleric)));
    await addBook();
    await license(as(bard));
  });
  afterEach(async () => {
    await talk.close();
    await admin.delete(`/sources/${source}`);
  });

  async function addBook(fields: Partial<Document> = {}): Promise<void> {
    source = (await table.library.addSource({ title: `The Vault of Zadash ${newId('source')}` })).id;
    const text = `The password of the vault is ${SECRET}. Guards watch it.`;
    ({ document } = await table.library.addDocument(source, [['The Vault', text]], fields));
  }
  async function license(client: Client): Promise<void> {
    await table.library.license(source, await idOf(client), { validFrom: new Date(Date.now() - HOUR_MS) });
  }
  const revoke = async (client: Client) => admin.delete(`/sources/${source}/access/${await idOf(client)}`);
  async function begin(fields: object = {}, owner = as(bard)): Promise<SourcedTalk> {
    talk = await SourcedTalk.start(table.server, owner, fields);
    return talk;
  }
  async function answered(client = as(bard), behaviour: Behaviour = ANSWER): Promise<Json> {
    table.model.will(asking(behaviour));
    return talk.ask(client, QUESTION);
  }

  /** What a model is sent for somebody, in every way in which it is asked; their own questions are no secret. */
  async function sentFor(client: Client): Promise<string> {
    const before = table.model.asked.length;
    table.model.will(says('The wind howls.'));
    await talk.say(client, 'What now?');
    await talk.end(await talk.begin(client, false));
    await talk.ask(client, 'And there?');
    const token = await table.server.token(client, 'chat.use', 'sources.read');
    const body = { model: `thread:${talk.thread}`, messages: [{ role: 'user', content: 'Go on.' }] };
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    const url = `${table.server.url}/v1/chat/completions`;
    const completed = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(completed.status, await completed.text()).to.equal(200);
    const window = (await client.get(`/chat/${talk.thread}`)).body.entries;
    return JSON.stringify([window, table.model.asked.slice(before).map((one) => one.body.messages)]);
  }

  /** What somebody is shown of the answer's citations, wherever they look. */
  async function citationsFor(client: Client, seq: number): Promise<readonly Json[]> {
    const path = `/chat/${talk.thread}`;
    const isAnswer = (message: Json) => message.seq === seq;
    const lines = (await client.get(`${path}/export?format=jsonl`)).text.trim().split('\n');
    const exported = JSON.parse((await client.get(`${path}/export?format=json`)).text).messages;
    const listed = (await talk.messages(client)).find(isAnswer);
    const shown = [
      (await client.get(`${path}/messages/${seq}`)).body,
      listed,
      exported.find(isAnswer),
      lines.map((line) => JSON.parse(line)).find(isAnswer),
    ];
    return shown.map(({ metadata }: Json) => metadata.citations);
  }
  async function expectCitations(client: Client, seq: number, isShown: boolean): Promise<void> {
    for (const citations of await citationsFor(client, seq)) {
      if (isShown) expect(citations[0].source.title).to.include('The Vault of Zadash');
      else expect(citations).to.deep.equal([{ number: 1, note: HIDDEN_NOTE }]);
    }
  }

  it('leaves its citation a number, and the answer out of what a model is sent, from the next request on', async () => {
    await begin();
    const { seq } = await answered();
    await expectCitations(as(bard), seq, true);
    expect(await sentFor(as(bard))).to.include(SECRET);
    const scoped = { Authorization: `Bearer ${await table.server.token(as(bard), 'chat.use')}` };
    const byToken = await table.server.client().get(`/chat/${talk.thread}`, scoped);
    expect([byToken.status, byToken.text.includes(SECRET)], 'by a token without the library').to.deep.equal([
      200,
      false,
    ]);
    await revoke(as(bard));
    await expectCitations(as(bard), seq, false);
    expect(await sentFor(as(bard))).not.to.match(/quicksilver|Zadash/u);
    const { content } = (await as(bard).get(`/chat/${talk.thread}/messages/${seq}`)).body;
    expect(content, 'the transcript stays').to.include(SECRET);
    await license(as(bard));
    await expectCitations(as(bard), seq, true);
    expect(await sentFor(as(bard)), 'licensed again').to.include(SECRET);
  }).timeout(20_000);

  it('is gone from memory with its document, and with the end of its licence', async () => {
    await begin();
    const { seq } = await answered();
    const validFrom = new Date(Date.now() - 2 * HOUR_MS);
    const expiresAt = new Date(Date.now() - HOUR_MS);
    await table.library.license(source, await idOf(as(bard)), { validFrom, expiresAt });
    expect(await sentFor(as(bard)), 'expired').not.to.include(SECRET);
    await license(as(bard));
    expect(await sentFor(as(bard))).to.include(SECRET);
    expect((await admin.delete(`/documents/${document.id}`)).status).to.equal(204);
    expect(await sentFor(as(bard)), 'deleted').not.to.include(SECRET);
    await expectCitations(as(bard), seq, false);
  }).timeout(20_000);

  it('is gone from summaries too, and what others said in them stays', async () => {
    await begin();
    await talk.say(as(bard), 'I am Scanlan Shorthalt, and I play the lute in Whitestone.');
    await answered(as(bard), says(`Allura Vysoren told Gilmore that "${SECRET}" opens the door in Zadash [1].`));
    const summary = async (client: Client) => {
      const { entries } = (await client.get(`/chat/${talk.thread}`)).body;
      return entries.find(({ kind }: Json) => kind === 'summary')?.content ?? '';
    };
    for (let n = 0; n < 4 && !(await summary(as(bard))); n += 1) await appendUntilCompaction(as(bard), talk.thread);
    expect(await summary(as(bard)))
      .to.include(SECRET)
      .and.include('Scanlan');
    await revoke(as(bard));
    expect(await summary(as(bard)))
      .to.include('Scanlan')
      .and.not.match(/quicksilver|Quicksilver/u);
    expect(await sentFor(as(bard))).not.to.include(SECRET);
  }).timeout(20_000);

  it('is told no more of once it may not be read while the answer is streamed', async () => {
    await begin();
    const { behaviour, goOn } = inTwoPieces();
    table.model.will(behaviour);
    await talk.say(as(bard), QUESTION);
    const replyId = await talk.begin(as(bard));
    await until(() => talk.textOf(replyId).includes(SECRET), 'the first sentence is told');
    await revoke(as(bard));
    goOn();
    const { content, metadata } = await talk.answered(as(bard), replyId);
    expect([content, metadata.citations, metadata.reason]).to.deep.equal([
      'This is not in your books.',
      [],
      'not_in_your_books',
    ]);
    expect(talk.textOf(replyId)).not.to.include('Guards');
    expect(JSON.stringify(metadata)).not.to.include(source);
  });

  it('is not answered from where licence or account have ended when the model is done', async () => {
    await begin();
    const path = `/admin/users/${await idOf(as(bard))}`;
    const ends = [() => revoke(as(bard)), () => admin.change(path, { status: 'disabled' })];
    for (const [at, end] of ends.entries()) {
      await license(as(bard));
      const { behaviour, goOn } = pausing(`The password is "${SECRET}" [1].`, '');
      table.model.will(behaviour);
      const asked = table.model.asked.length;
      const answering = as(bard).post('/ask', { question: QUESTION });
      await until(() => table.model.asked.length > asked, 'the model is asked');
      expect((await end()).status, `${at}`).to.be.oneOf([200, 204]);
      goOn();
      expect((await answering).body, `${at}`).to.deep.include({
        answer: null,
        citations: [],
        passages: [],
        left_out: 0,
      });
    }
  });

  it('is told no more of in the stream of a question either', async () => {
    await begin();
    const { behaviour, goOn } = inTwoPieces();
    table.model.will(behaviour);
    const asked = table.model.asked.length;
    const streaming = as(bard).post('/ask', { question: QUESTION }, { Accept: 'text/event-stream' });
    await until(() => table.model.asked.length > asked, 'the model is asked');
    await revoke(as(bard));
    goOn();
    const { text } = await streaming;
    expect(text).not.to.match(/Guards|Zadash|passage_id/u);
    expect(text).to.include('"answer":null').and.include('not_in_your_books');
  });

  it('is not used in a game where one member may not read it, and leaves memory when such a one joins', async () => {
    await begin({ game_id: game }, as(gm));
    const none = await answered();
    expect([none.content, none.metadata.left_out]).to.deep.equal(['This is not in your books.', 1]);
    expect((await answered(as(cleric))).metadata.left_out, 'it is not counted for whoever may not read it').to.equal(0);
    await license(as(gm));
    await license(as(cleric));
    const { seq, content, metadata } = await answered();
    expect([content.includes(SECRET), metadata.left_out]).to.deep.equal([true, 0]);
    for (const member of [gm, bard, cleric]) await expectCitations(as(member), seq, true);
    expect(await sentFor(as(bard))).to.include(SECRET);

    const rogue = await table.server.user('player');
    const userId = await idOf(rogue);
    await as(gm).post(`/games/${game}/members`, { user_id: userId, role_in_game: 'player' });
    await expectCitations(rogue, seq, false);
    await expectCitations(as(bard), seq, true);
    const window = JSON.stringify((await rogue.get(`/chat/${talk.thread}`)).body.entries);
    expect(window).not.to.include(SECRET);
    const asked = table.model.asked.length;
    table.model.will(says('The wind howls.'));
    await talk.end(await talk.begin(as(bard), false));
    expect(JSON.stringify(table.model.asked.slice(asked))).not.to.include(SECRET);

    await as(rogue).delete(`/games/${game}/members/${userId}`);
    for (const path of ['', '/messages', `/messages/${seq}`, '/export'])
      expect((await rogue.get(`/chat/${talk.thread}${path}`)).status, 'left the game').to.equal(404);
    expect(await sentFor(as(bard)), 'all may read it again').to.include(SECRET);
  }).timeout(20_000);

  it('is not used, cited or remembered where it is for GMs, and one of the members is none any more', async () => {
    const path = async (client: Client) => `/games/${game}/members/${await idOf(client)}`;
    await as(gm).delete(await path(as(cleric)));
    await as(gm).change(await path(as(bard)), { role_in_game: 'gm' });
    await admin.delete(`/sources/${source}`);
    await addBook({ audience: 'gm' });
    for (const member of [gm, bard]) await license(as(member));
    await begin({ game_id: game }, as(gm));
    const { seq } = await answered();
    await expectCitations(as(bard), seq, true);
    await as(gm).change(await path(as(bard)), { role_in_game: 'player' });
    await expectCitations(as(bard), seq, false);
    await expectCitations(as(gm), seq, true);
    expect(await sentFor(as(bard))).not.to.include(SECRET);
    table.model.will(refusesWith(500));
    const again = await talk.ask(as(gm), QUESTION);
    expect([again.content, again.metadata.left_out]).to.deep.equal(['This is not in your books.', 1]);
  }).timeout(20_000);

  it('is a number alone to everybody who follows the conversation live', async () => {
    await begin();
    const stream = await EventStream.open(table.server.url, as(bard), talk.thread);
    const { seq } = await answered();
    const told = await stream.has(2, 'message');
    expect([told[1]!.data.seq, told[1]!.data.metadata.citations]).to.deep.equal([seq, [{ number: 1 }]]);
    stream.response.destroy();
  });

  it('is hidden in what was exported without a licence, and in what was imported, from whoever may not read it', async () => {
    await begin();
    const { seq } = await answered();
    const lines = (await as(bard).get(`/chat/${talk.thread}/export?format=jsonl`)).text;
    const importing = { 'Content-Type': 'application/x-ndjson' };
    const copy = await as(cleric).send('POST', '/chat/import', lines, importing);
    expect(copy.status, copy.text).to.equal(201);
    const { metadata } = (await as(cleric).get(`/chat/${copy.body.id}/messages/${seq}`)).body;
    expect(metadata.citations).to.deep.equal([{ number: 1, note: HIDDEN_NOTE }]);
    const window = JSON.stringify((await as(cleric).get(`/chat/${copy.body.id}`)).body.entries);
    expect(window).not.to.include(SECRET);
  });
});
