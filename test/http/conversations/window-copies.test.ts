/** The copy of a window gets from the speed layer to the store of a running server, through all that is between. */
import { expect } from 'chai';
import { restore, spy } from 'sinon';
import { PreparedConversationReads } from '#adapters/sequelize/conversations/conversation-reads.ts';
import { sqliteSettings, startTestServer, type TestServer } from '../../support/servers/server.ts';

describe('HTTP: copies of windows', () => {
  let server: TestServer;
  let remove: () => unknown;

  beforeEach(async () => {
    const place = await sqliteSettings();
    remove = place.remove;
    server = await startTestServer(place.settings);
  });
  afterEach(async () => {
    restore();
    await server.close();
    await remove();
  });

  it('are given to the store that reads, from the second time on', async () => {
    const snapshots = spy(PreparedConversationReads.prototype, 'snapshot');
    const admin = await server.admin();
    const thread = (await admin.post('/chat', {})).body.id;
    await admin.post(`/chat/${thread}`, { content: 'A door opens.' });
    await admin.get(`/chat/${thread}`);
    await admin.post(`/chat/${thread}`, { content: 'A goblin waits.' });
    const { entries } = (await admin.get(`/chat/${thread}`)).body;
    expect(entries).to.have.length(2);
    expect(snapshots.args.map(([, copy]) => copy?.lastSeq)).to.deep.equal([undefined, 1]);
  });
});
