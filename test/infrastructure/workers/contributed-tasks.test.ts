/** The tasks that the modules contribute: which they are, and the order in which a stop finishes them. */
import { expect } from 'chai';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { anApiToken, at, aUser, newId } from '../../support/builders/records.ts';
import { startTestServer, type TestServer } from '../../support/servers/server.ts';

describe('what runs behind the requests', () => {
  let server: TestServer;
  beforeEach(async () => {
    server = await startTestServer();
  });
  afterEach(() => server.close());

  const container = () => server.application.container;
  const tasks = () => container().getAll(tokens.backgroundTask);

  it('is what the modules contribute, and writes queued audit entries before it seals the audit', () => {
    expect(tasks().map(({ name, everyMs }) => [name, everyMs])).to.deep.equal([
      ['write uses of API tokens', 1_000],
      ['recheck linked accounts', 60_000],
      ['compare the file store with the records', 86_400_000],
      ['purge deleted threads', 500],
      ['refine summaries', 500],
      ['index messages', 500],
      ['look for passages without vectors', 3_600_000],
      ['refresh live streams', 5_000],
      ['run jobs', 500],
      ['renew the leases of jobs', 3_000],
      ['tell changes of jobs', 1_000],
      ['remove old jobs', 3_600_000],
      ['remove expired idempotency keys', 60_000],
      ['write queued audit entries', 500],
      ['seal the audit', 500],
    ]);
  });

  it('writes the uses of API tokens without being asked', async () => {
    const user = aUser();
    const token = anApiToken(user.id, { id: newId('apiToken'), usageCount: 0, lastUsedAt: null });
    await container()
      .get(tokens.unitOfWork)
      .run(async ({ users, apiTokens }) => {
        await users.add(user);
        await apiTokens.add(token);
      });
    container().get(tokens.tokenUses).record(token.id, at(1));
    await tasks()
      .find(({ name }) => name === 'write uses of API tokens')
      ?.run(new AbortController().signal);
    const { apiTokens } = container().get(tokens.reads);
    expect(await apiTokens.find(token.id)).to.deep.include({ usageCount: 1, lastUsedAt: at(1) });
  });
});
