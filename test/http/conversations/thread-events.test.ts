/** What is appended or compacted over HTTP is told on the event bus, by whichever use case. */
import { expect } from 'chai';
import type { ThreadProgress } from '#application/conversations/thread-events.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { appendUntilCompaction } from '../../support/builders/long-talk.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: events of threads', () => {
  let server: TestServer;

  beforeEach(async () => {
    server = await startTestServer({ CTX_MAX_TOKENS: '1000' });
  });
  afterEach(() => server.close());

  it('are told of appends, of those that compact, and of compactions by hand', async () => {
    const admin = await server.admin();
    const thread = (await admin.post('/chat', {})).body.id;
    const told: ThreadProgress[] = [];
    await server.application.container.get(tokens.events).subscribe(thread, {
      onEvent: ({ event }) => told.push(event as ThreadProgress),
      onLost: () => told.splice(0),
    });
    await admin.post(`/chat/${thread}`, { content: 'A door opens.' });
    expect(told).to.deep.equal([{ kind: 'appended', lastSeq: 1, version: 0, revision: 0 }]);
    await appendUntilCompaction(admin, thread);
    expect(told.at(-1)).to.deep.include({ kind: 'appended', version: 1, revision: 1 });
    expect((await admin.post(`/chat/${thread}/compact-now`, {})).status).to.equal(200);
    expect(told.at(-1)).to.deep.include({ kind: 'revised', version: 2, revision: 2 });
    expect(told.map(({ lastSeq }) => lastSeq)).to.deep.equal(told.map((_, i) => Math.min(i + 1, told.length - 1)));
  });
});
