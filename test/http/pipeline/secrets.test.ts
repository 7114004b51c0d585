/** The look for secrets that ends every test server finds one wherever it could stand: in tables, files, and logs. */
import { expect } from 'chai';
import { scanned } from '../../support/servers/secret-scan.ts';
import { startTestServer } from '../../support/servers/server.ts';
import { currentStore, onEveryStore } from '../../support/servers/stores.ts';

onEveryStore('HTTP: secrets', () => {
  const failureOf = (ended: Promise<void>): Promise<string> =>
    ended.then(
      () => 'none',
      (error) => error.message,
    );

  it('are found nowhere after a server has handled passwords, sessions and an API token', async () => {
    const before = { ...scanned };
    const server = await startTestServer();
    const client = await server.user();
    await server.token(client, 'chat.use');
    await server.close();
    expect(scanned.servers - before.servers).to.equal(1);
    // The admin's password and session, the user's, and the token.
    expect(scanned.secrets - before.secrets).to.be.at.least(5);
    expect(scanned.bytes - before.bytes).to.be.greaterThan(currentStore() === 'memory' ? 0 : 20_000);
  });

  it('are found when a record holds one in plain text', async function () {
    if (currentStore() === 'memory') this.skip();
    const server = await startTestServer();
    const client = await server.user();
    const secret = client.cookie?.split('=')[1] as string;
    expect((await client.post('/chat', { title: `a session: ${secret}` })).status).to.equal(201);
    expect(await failureOf(server.close())).to.match(/holds the secret .{43} in plain/);
  });

  it('are found when a log holds one in plain text', async () => {
    const server = await startTestServer();
    const client = await server.user();
    server.logs.push(`{"msg":"${client.cookie?.split('=')[1]}"}`);
    expect(await failureOf(server.close())).to.match(/the log holds the secret .{43} in plain/);
  });
});
