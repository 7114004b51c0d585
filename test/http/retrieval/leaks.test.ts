/** A book that somebody may read no longer: nothing that they are answered tells that it is there, or what is in it. */
import { expect } from 'chai';
import type { Document } from '#domain/library/document.ts';
import type { SourceId, UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { RULES, type Section, TestLibrary } from '../../support/builders/library.ts';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

/** It has words of the open book, so that it would change what is found there, and in which order. */
const SECRET: readonly Section[] = [
  ['The Vault', 'The password of the vault is quicksilver. A prone creature cannot seize it.'],
  ['The Vault > Guards', 'Guards seize whoever leaves, with a contested Strength check and advantage.'],
];
const QUESTIONS = [
  'What is the password of the vault?',
  'The Vault',
  'seize a prone creature by Strength',
  'quicksilver',
];
const HOUR_MS = 3_600_000;

const fromNow = (hours: number) => new Date(Date.now() + hours * HOUR_MS);

onEveryStore('HTTP: a book that may not be read', () => {
  let server: TestServer;
  let [admin, gm, player]: Client[] = [];
  let library: TestLibrary;
  let userId: UserId;
  let source: SourceId;
  let document: Document;
  /** By which the passages of the secret book were cited, while it could be read. */
  let cited: readonly string[];
  const as = (client: Client | undefined) => client as Client;

  before(async () => {
    server = await startTestServer();
    [admin, gm, player] = [await server.admin(), await server.user('gm'), await server.user('player')];
    userId = (await player.get('/auth/me')).body.user.id;
    const { container } = server.application;
    const stores = { unitOfWork: container.get(tokens.unitOfWork) };
    library = new TestLibrary({ stores, finder: container.get(tokens.passageFinder) });
    const rules = await library.addSource({ title: 'Rules', included: true });
    await library.addDocument(rules.id, RULES);
  });
  after(() => server.close());
  afterEach(() => as(admin).delete(`/sources/${source}`));

  async function addSecret(fields: Partial<Document> = {}, included = false): Promise<void> {
    source = (await library.addSource({ title: `Secrets ${newId('source')}`, included })).id;
    const added = await library.addDocument(source, SECRET, fields);
    document = added.document;
    cited = added.passages.map(({ id }) => id);
  }

  /** All ways by which somebody could learn of the book. */
  async function answers(game?: string): Promise<readonly unknown[]> {
    const told: unknown[] = [];
    const note = ({ status, text, body }: Answer) => told.push([status, status === 200 ? text : body.code]);
    const client = as(player);
    const more = game === undefined ? {} : { game_id: game };
    const inGame = game === undefined ? '' : `&game_id=${game}`;
    for (const question of QUESTIONS) {
      note(await client.post('/ask', { question, ...more }));
      note(await client.post('/ask', { question, ...more, source_ids: [source] }));
      note(await client.post('/ask', { question, ...more }, { Accept: 'text/event-stream' }));
      const query = `query=${encodeURIComponent(question)}${inGame}`;
      note(await client.get(`/sources/search?${query}&limit=50`));
      note(await client.get(`/sources/search?${query}&source_id=${source}`));
    }
    for (const id of cited) note(await client.get(`/passages/${id}`));
    return told;
  }

  /** What is answered where there is no such book. */
  async function withoutIt(game?: string): Promise<readonly unknown[]> {
    [source, cited] = [newId('source'), SECRET.map(() => newId('passage'))];
    return answers(game);
  }

  /** `take` must make it as if the book had never been there, from the next request on. */
  async function check(give: () => Promise<unknown>, take: () => Promise<unknown>, game?: string): Promise<void> {
    const before = await withoutIt(game);
    await give();
    const open = await answers(game);
    expect(JSON.stringify(open), 'it could be read').to.include('quicksilver');
    expect(open.slice(-cited.length).map((one) => (one as [number])[0])).to.deep.equal([200, 200]);
    await take();
    expect(await answers(game)).to.deep.equal(before);
  }

  const license = (fields: Parameters<TestLibrary['license']>[2]) => library.license(source, userId, fields);
  const granted = async () => {
    await addSecret();
    await license({ validFrom: fromNow(-1) });
  };

  it('is as one that there is not, for whoever never had a licence', async () => {
    const before = await withoutIt();
    await addSecret();
    expect(await answers()).to.deep.equal(before);
    await license({ validFrom: fromNow(1) });
    expect(await answers(), 'before the licence begins').to.deep.equal(before);
  });

  it('is gone with a licence that expires, a trial that ends, and one that is revoked', async () => {
    await check(granted, () => license({ validFrom: fromNow(-2), expiresAt: fromNow(-1) }));
    await check(granted, () => license({ type: 'trial', validFrom: fromNow(-2), expiresAt: fromNow(-1) }));
    await check(granted, () => as(admin).delete(`/sources/${source}/access/${userId}`));
  });

  it('is gone when it is no longer included', async () => {
    const change = () => as(admin).change(`/sources/${source}`, { included: false });
    await check(() => addSecret({}, true), change);
  });

  it('is gone when its document, or the source, is deleted', async () => {
    const { unitOfWork } = { unitOfWork: server.application.container.get(tokens.unitOfWork) };
    await check(granted, () => unitOfWork.run(({ documents }) => documents.remove(document.id)));
    await check(granted, () => as(admin).delete(`/sources/${source}`));
  });

  it('is gone where it is for GMs, and whoever led a game leads it no longer, or has left it', async () => {
    const game = (await as(gm).post('/games', { name: 'Vox Machina' })).body.id;
    const member = (role_in_game: string) => as(gm).post(`/games/${game}/members`, { user_id: userId, role_in_game });
    const path = `/games/${game}/members/${userId}`;
    const forGms = async () => {
      await addSecret({ audience: 'gm' }, true);
      expect((await member('gm')).status).to.equal(201);
    };
    await check(forGms, () => as(gm).change(path, { role_in_game: 'player' }));
    await as(gm).delete(path);
    await check(forGms, () => as(player).delete(path));
    const own = (await as(gm).post('/games', { name: 'Another' })).body.id;
    await as(gm).post(`/games/${own}/members`, { user_id: userId, role_in_game: 'player' });
    await forGms();
    const inOwn = await answers(own);
    expect(JSON.stringify(inOwn.slice(0, -cited.length)), 'asked of a game where they play').not.to.include(
      'quicksilver',
    );
  });
});
