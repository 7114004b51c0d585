/** Questions to the library over HTTP, without a language model: found, answered by the books, and cited. */
import { expect } from 'chai';
import type { SourceId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { RULES, TestLibrary } from '../../support/builders/library.ts';
import { newId } from '../../support/builders/records.ts';
import { type Answer, type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: asking the library', () => {
  let server: TestServer;
  let player: Client;
  let library: TestLibrary;
  let rules: SourceId;

  before(async () => {
    server = await startTestServer();
    player = await server.user('player');
    const { container } = server.application;
    const stores = { unitOfWork: container.get(tokens.unitOfWork) };
    library = new TestLibrary({ stores, finder: container.get(tokens.passageFinder) });
    rules = (await library.addSource({ title: 'Rules', included: true })).id;
    await library.addDocument(rules, RULES);
  });
  after(() => server.close());

  const ask = (question: string, fields: object = {}, headers = {}) =>
    player.post('/ask', { question, ...fields }, headers);
  const search = (query: string, more = '') => player.get(`/sources/search?query=${encodeURIComponent(query)}${more}`);
  const headings = (items: Json[]) => items.map((item) => item.heading_path);
  const refused = ({ status, body }: Answer) => [status, body.code];

  it('answers 200 with sentences of the books, each cited, and the passages in their order', async () => {
    const { status, body } = await ask('How do I seize a creature?');
    expect(status).to.equal(200);
    expect(body).to.include({ written_by: 'books', left_out: 0 });
    expect(body).not.to.have.property('reason');
    const [first] = body.passages;
    expect(first).to.deep.include({
      rank: 1,
      heading_path: 'Combat > Grappling',
      text: RULES[0]![1],
      page_label: 'xii',
    });
    expect(first.source).to.deep.equal({ id: rules, title: 'Rules' });
    expect(body.answer.split('\n')[0]).to.equal(`${RULES[0]![1]} [1]`);
    expect(body.citations[0]).to.deep.equal({ number: 1, passage_id: first.id });
    expect(body.passages.map((one: Json) => one.rank)).to.deep.equal(
      body.passages.map((_: Json, at: number) => at + 1),
    );
  });

  it('answers 200 without an answer where the books have none, with the nearest passages', async () => {
    const { status, body } = await ask('How much does a spaceship to Waterdeep cost a creature?');
    expect(status).to.equal(200);
    expect(body).to.deep.include({ answer: null, written_by: null, reason: 'not_in_your_books', citations: [] });
    expect(body.passages).not.to.have.lengthOf(0);
    const nothing = (await ask('Xyzzy?')).body;
    expect(nothing).to.deep.include({ answer: null, reason: 'not_in_your_books', passages: [] });
  });

  it('answers with one event where events are asked for, which has the same', async () => {
    const question = 'How do I seize a creature?';
    const whole = (await ask(question)).body;
    const { status, headers, text } = await ask(question, {}, { Accept: 'text/event-stream' });
    expect([status, headers.get('content-type')]).to.deep.equal([200, 'text/event-stream']);
    const [name, data] = text.trim().split('\n');
    expect(name).to.equal('event: answer');
    expect(JSON.parse(data!.replace('data: ', ''))).to.deep.equal(whole);
  });

  it('finds passages without an answer, as many as are wanted, and opens one of them', async () => {
    const { status, body } = await search('prone creature');
    expect(status).to.equal(200);
    expect(headings(body.passages)[0]).to.equal('Conditions > Prone');
    expect((await search('prone creature', '&limit=1')).body.passages).to.deep.equal(body.passages.slice(0, 1));
    const { rank, ...passage } = body.passages[0];
    expect(rank).to.equal(1);
    expect((await player.get(`/passages/${passage.id}`)).body).to.deep.equal(passage);
  });

  it('asks and finds in the sources that are named alone', async () => {
    const other = await library.addSource({ included: true });
    await library.addDocument(other.id, [['House Rules', 'Prone creatures seize nothing.']]);
    const { body } = await ask('prone', { source_ids: [other.id] });
    expect(headings(body.passages)).to.deep.equal(['House Rules']);
    expect(headings((await search('prone', `&source_id=${other.id}`)).body.passages)).to.deep.equal(['House Rules']);
    expect((await search('prone', `&source_id=${newId('source')}`)).body.passages).to.deep.equal([]);
  });

  it('refuses what has not its form with 400, and a game of others, or a passage that is not there, with 404', async () => {
    const game = (await (await server.user('gm')).post('/games', { name: 'Theirs' })).body.id;
    for (const game_id of [game, newId('game')])
      expect(refused(await ask('prone', { game_id }))).to.deep.equal([404, 'game_not_found']);
    expect(refused(await search('prone', `&game_id=${game}`))).to.deep.equal([404, 'game_not_found']);
    for (const id of [newId('passage'), 'psg_', 'x'])
      expect(refused(await player.get(`/passages/${id}`))).to.deep.equal([404, 'passage_not_found']);
    for (const body of [{}, { question: '' }, { question: 'x', limit: 0 }, { question: 'x', limit: 51 }])
      expect((await player.post('/ask', body)).status).to.equal(400);
    for (const body of [{ source_ids: [] }, { source_ids: ['x'] }, { game_id: 'x' }, { workspace: 'x' }])
      expect((await ask('x', body)).status).to.equal(400);
    expect((await search('')).status).to.equal(400);
    expect((await search('x', '&limit=0')).status).to.equal(400);
  });
});
