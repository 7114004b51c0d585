/** Replies from the library over HTTP: what is asked, what is answered, and what the message keeps of its sources. */
import { expect } from 'chai';
import { RULES } from '../../support/builders/library.ts';
import {
  aTable,
  idOf,
  type SourcedServer,
  SourcedTalk,
  startSourcedServer,
} from '../../support/builders/sourced-talk.ts';
import { breaksAfter, endsWith, refusesWith, says } from '../../support/model/model-server.ts';
import type { Client } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const QUESTION = 'How do I seize a creature by Strength?';
const ANSWER = 'Make a "Strength check contested by its Dexterity check" [1].';

onEveryStore('HTTP: replies from the library', () => {
  let table: SourcedServer;
  let player: Client;
  let talk: SourcedTalk;

  before(async () => {
    table = await startSourcedServer();
    player = await table.server.user('player');
    const rules = await table.library.addSource({ title: 'Rules', included: true });
    await table.library.addDocument(rules.id, RULES);
  });
  after(() => table.close());
  beforeEach(async () => {
    talk = await SourcedTalk.start(table.server, player);
  });
  afterEach(() => talk.close());

  it('answers from the passages, tells the checked sentences, and keeps what it cites', async () => {
    table.model.will(says('Make a "Strength check contested', ' by its Dexterity check" [1]. It says "by magic" [1].'));
    await talk.say(player, QUESTION);
    const replyId = await talk.begin(player);
    const { content, role, author_id, metadata } = await talk.answered(player, replyId);
    expect([role, author_id, content]).to.deep.equal(['assistant', null, ANSWER]);
    expect(talk.textOf(replyId).trim()).to.equal(ANSWER);
    const { citations, ...more } = metadata;
    expect(more).to.deep.equal({ reply_id: replyId, written_by: 'model', left_out: 0 });
    expect(citations).to.have.length(1);
    const passage = (await player.get(`/passages/${citations[0].passage_id}`)).body;
    const { text: _, id, ...cited } = passage;
    expect(citations[0]).to.deep.equal({ number: 1, passage_id: id, ...cited });
    expect(passage.text).to.equal(RULES[0]![1]);
  });

  it('asks the model for a question that stands alone, and looks that up', async () => {
    table.model.will(says(ANSWER));
    await talk.ask(player, QUESTION);
    table.model.will(says('Does an attack against a prone creature have advantage?'), says('It has advantage [1].'));
    const { content, metadata } = await talk.ask(player, 'And if it lies there?');
    expect([content, metadata.citations[0].heading_path]).to.deep.equal([
      'It has advantage [1].',
      'Conditions > Prone',
    ]);
    const [forQuestion, forAnswer] = table.model.asked.slice(-2).map(({ body }) => body.messages);
    const sent = forQuestion!.map((message) => message.content);
    expect(sent[1]).to.equal(
      `user:\n> ${QUESTION}\n\nassistant:\n> ${ANSWER}\n\nThe last message:\n> And if it lies there?`,
    );
    expect(forAnswer!.at(-1)!.content).to.match(/Does an attack against a prone creature have advantage\?$/u);
  });

  it('takes the last message as it is where the model makes no question of it', async () => {
    table.model.will(says(ANSWER));
    await talk.ask(player, QUESTION);
    for (const fault of [refusesWith(500), says('Two\nlines'), says(''), endsWith('length', 'Does an')]) {
      table.model.will(fault, says('It has advantage [1].'));
      const { content } = await talk.ask(player, 'Does an attack on a prone creature have advantage?');
      expect(content).to.equal('It has advantage [1].');
      const { content: asked } = table.model.asked.at(-1)!.body.messages.at(-1)!;
      expect(asked).to.match(/> Does an attack on a prone creature have advantage\?$/u);
    }
  });

  it('says that it is not in the books where nothing answers, and never asks the model then', async () => {
    const before = table.model.asked.length;
    const { content, metadata } = await talk.ask(player, 'Who painted the Mona Lisa?');
    expect(content).to.equal('This is not in your books.');
    const { reply_id: _, ...kept } = metadata;
    expect(kept).to.deep.equal({ citations: [], written_by: null, left_out: 0, reason: 'not_in_your_books' });
    expect(table.model.asked.length).to.equal(before);
    table.model.will(says('NOT_IN_PASSAGES'));
    const other = await SourcedTalk.start(table.server, player);
    expect((await other.ask(player, QUESTION)).metadata.reason).to.equal('not_in_your_books');
    await other.close();
  });

  it('answers from the books where the model is away, wrong or broken off', async () => {
    for (const fault of [refusesWith(500), says('You simply seize it.'), breaksAfter('A check [1]. And')]) {
      table.model.will(fault);
      const one = await SourcedTalk.start(table.server, player);
      await one.say(player, QUESTION);
      const { content, metadata } = await one.answered(player, await one.begin(player));
      expect([metadata.written_by, content.split('\n')[0]]).to.deep.equal(['books', `${RULES[0]![1]} [1]`]);
      await one.close();
    }
  });

  it('is refused without the right to read sources, and where nobody has said anything', async () => {
    await talk.say(player, QUESTION);
    const token = await table.server.token(player, 'chat.use');
    const byToken = { Authorization: `Bearer ${token}` };
    const asked = await table.server.client().post(`/chat/${talk.thread}/replies`, { sources: true }, byToken);
    expect([asked.status, asked.body.code]).to.deep.equal([403, 'permission_missing']);
    const silent = await SourcedTalk.start(table.server, player);
    await player.post(`/chat/${silent.thread}`, { role: 'assistant', content: 'Hello.' });
    expect(await silent.end(await silent.begin(player))).to.include({ code: 'nothing_to_answer' });
    await silent.close();
  });

  describe('in the thread of a game', () => {
    it('uses only what every member may read, and says how much it leaves out', async () => {
      const [bard, cleric] = [await table.server.user('player'), await table.server.user('player')];
      const { gm, game } = await aTable(table.server, bard, cleric);
      const [own, shared] = [await table.library.addSource(), await table.library.addSource()];
      await table.library.addDocument(own.id, [
        ['Seizing', 'To seize a creature by Strength takes the glove of Ogma.'],
      ]);
      await table.library.addDocument(shared.id, [['Seized', 'A creature that you seize by Strength is grappled.']]);
      const validFrom = new Date(Date.now() - 1000);
      await table.library.license(own.id, await idOf(bard), { validFrom });
      for (const member of [gm, bard, cleric])
        await table.library.license(shared.id, await idOf(member), { validFrom });
      const inGame = await SourcedTalk.start(table.server, gm, { game_id: game });
      table.model.will(refusesWith(500));
      const { content, metadata } = await inGame.ask(bard, 'How do I seize a creature by Strength?');
      expect(metadata.left_out).to.equal(1);
      expect(JSON.stringify([content, metadata]))
        .to.include('Seized')
        .and.not.include('Ogma');
      expect(JSON.stringify(metadata)).not.to.include(own.id);
      expect((await inGame.ask(cleric, 'How do I seize a creature by Strength?')).metadata.left_out).to.equal(0);
      await inGame.close();

      const ask = (fields: object) => bard.post('/ask', { question: QUESTION, game_id: game, ...fields });
      const [alone, together] = [(await ask({})).body, (await ask({ read_by: 'members' })).body];
      expect([alone.left_out, together.left_out]).to.deep.equal([0, 1]);
      expect(JSON.stringify(alone)).to.include('Ogma');
      expect(JSON.stringify(together)).not.to.include('Ogma');
      expect((await bard.post('/ask', { question: QUESTION, read_by: 'members' })).status).to.equal(400);
    });
  });
});
