/** Requests that are sent again under an Idempotency-Key, over HTTP, on every record store that is there. */
import { expect } from 'chai';
import { type Client, type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const key = (value: string) => ({ 'Idempotency-Key': value });

onEveryStore('HTTP: idempotency keys', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    server = await startTestServer();
    client = await server.user();
  });
  after(() => server.close());
  beforeEach(async () => {
    thread = (await client.post('/chat', {})).body.id;
  });

  const say = (content: string, headers: Record<string, string>, to = thread) =>
    client.post(`/chat/${to}`, { content }, headers);
  const said = async (): Promise<string[]> =>
    (await client.get(`/chat/${thread}/messages`)).body.items.map((one: Json) => one.content);

  it('answers 201 to a repeated append with the first message and the current usage, and appends it once', async () => {
    const first = await say('Knock, knock.', key('append'));
    expect(first.headers.get('idempotent-replayed')).to.equal(null);
    await say('Who is there?', {});
    const again = await say('Knock, knock.', key('append'));
    expect(again.status).to.equal(201);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
    expect(again.body.message).to.deep.equal(first.body.message);
    expect(again.body.usage.message_count).to.equal(2);
    expect(await said()).to.deep.equal(['Knock, knock.', 'Who is there?']);
  });

  it('appends a repeated pinned message once, and also a repeated message that compacts (201)', async () => {
    const body = { content: 'Remember the door.', pinned: true };
    for (let n = 0; n < 3; n += 1) await client.post(`/chat/${thread}`, body, key('pinned'));
    expect(await said()).to.deep.equal(['Remember the door.']);
    const small = await startTestServer({ CTX_MAX_TOKENS: '400' });
    try {
      const own = await small.user();
      const { id } = (await own.post('/chat', {})).body;
      const compacted: number[] = [];
      for (let n = 1; n <= 40; n += 1) {
        const send = () =>
          own.post(
            `/chat/${id}`,
            { content: `Turn ${n}. The party walks on through the mines and listens.` },
            key(`turn ${n}`),
          );
        const { status, body } = await send();
        expect(status).to.equal(201);
        if (body.compaction !== undefined) compacted.push(n);
        const again = (await send()).body;
        expect([again.message.seq, again.usage.message_count]).to.deep.equal([n, n]);
      }
      expect(compacted).not.to.deep.equal([]);
    } finally {
      await small.close();
    }
  });

  it('appends exactly one of eight racing requests with one key (201), and replays it or answers 409 to the others', async () => {
    for (let round = 1; round <= 10; round += 1) {
      const answers = await Promise.all(Array.from({ length: 8 }, () => say(`Once ${round}`, key(`race ${round}`))));
      const made = answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotent-replayed'));
      expect(made, `round ${round}`).to.have.length(1);
      for (const { status, body, headers } of answers) {
        if (status === 409) expect(body.code).to.equal('idempotency_in_flight');
        else
          expect([status, body.message]).to.deep.equal([201, made[0]?.body.message], headers.get('x-request-id') ?? '');
      }
      expect(await said()).to.have.length(round);
    }
  });

  it('replays the first answer (201) when a thread or a user is made again under one key', async () => {
    const admin = await server.admin();
    const user = { email: 'twice@example.org', display_name: 'Twice', password: 'sturdy-oak-table' };
    for (const [path, body] of [
      ['/chat', { title: 'The mines' }],
      ['/admin/users', user],
    ] as const) {
      const first = await admin.post(path, body, key('k'));
      const again = await admin.post(path, body, key('k'));
      expect([first.status, again.status], first.text).to.deep.equal([201, 201]);
      expect(again.text).to.equal(first.text);
      expect(again.headers.get('idempotent-replayed')).to.equal('true');
    }
    expect((await admin.get('/chat?query=mines')).body.items).to.have.length(1);
  });

  it('replays games and sources unchanged (201), and tokens, invitations and users without their secrets (201)', async () => {
    const admin = await server.admin();
    const { id } = (await admin.post('/games', { name: 'The crypt' }, key('game'))).body;
    const user = { email: 'linked@example.org', display_name: 'Linked' };
    for (const [path, body, ...secrets] of [
      ['/games', { name: 'The crypt' }],
      ['/sources', { title: 'Bestiary' }],
      ['/auth/tokens', { name: 'Bot', scopes: ['chat.use'] }, 'token'],
      [`/games/${id}/invitations`, { max_uses: 3 }, 'code', 'url'],
      ['/admin/users', user, 'password_link'],
    ] as const) {
      const first = await admin.post(path, body, key('secret'));
      expect(first.status, first.text).to.equal(201);
      const again = await admin.post(path, body, key('secret'));
      expect([again.status, again.headers.get('idempotent-replayed')], path).to.deep.equal([201, 'true']);
      const expected = { ...first.body };
      for (const secret of secrets) {
        expect(expected[secret], `${path}: ${secret}`).not.to.equal(undefined);
        delete expected[secret];
      }
      expect(again.body, path).to.deep.equal(expected);
    }
    expect((await admin.get('/auth/tokens')).body.items).to.have.length(1);
    expect((await admin.get(`/games/${id}/invitations`)).body.items).to.have.length(1);
  });

  it('makes exactly one user of eight racing requests with one key (201), and answers 409 to others while it is under way', async () => {
    const admin = await server.admin();
    const body = { email: 'raced@example.org', display_name: 'Raced', password: 'sturdy-oak-table' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => admin.post('/admin/users', body, key('raced'))));
    const made = answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotent-replayed'));
    expect(made).to.have.length(1);
    for (const { status, body } of answers) {
      if (status === 409) expect(body.code).to.equal('idempotency_in_flight');
      else expect([status, body.id]).to.deep.equal([201, made[0]?.body.id]);
    }
  });

  it('answers 422 `idempotency_key_reused` to another body under the same key, and appends nothing', async () => {
    await say('The first.', key('k'));
    const answer = await say('Another.', key('k'));
    expect(answer.body).to.include({ status: 422, code: 'idempotency_key_reused' });
    expect(await said()).to.deep.equal(['The first.']);
  });

  it('replays the answer to the same body with other white space', async () => {
    const json = { 'Content-Type': 'application/json', ...key('k') };
    await client.send('POST', `/chat/${thread}`, '{"content":"x"}', json);
    const again = await client.send('POST', `/chat/${thread}`, '{ "content" : "x" }', json);
    expect(again.headers.get('idempotent-replayed')).to.equal('true');
  });

  it('holds a key for one user and one path', async () => {
    const other = (await client.post('/chat', {})).body.id;
    await say('Here.', key('k'));
    const there = await say('There.', key('k'), other);
    expect([there.status, there.headers.get('idempotent-replayed')]).to.deep.equal([201, null]);
    const stranger = await server.user();
    const own = await stranger.post('/chat', { title: 'Mine' }, key('k'));
    const theirs = await client.post('/chat', { title: 'Theirs' }, key('k'));
    expect(own.body.id).not.to.equal(theirs.body.id);
    expect((await stranger.post(`/chat/${thread}`, { content: 'Here.' }, key('k'))).status).to.equal(404);
  });

  it('stores nothing for a refused request (400, 404), so that its key stays free (201)', async () => {
    expect((await client.post(`/chat/${thread}`, { content: '' }, key('k'))).status).to.equal(400);
    expect((await client.post('/chat/thr_missing', { content: 'x' }, key('k'))).status).to.equal(404);
    expect((await say('Now.', key('k'))).status).to.equal(201);
    expect(await said()).to.deep.equal(['Now.']);
  });

  it('answers 400 `malformed_idempotency_key` to a key that is empty, too long or not printable ASCII', async () => {
    for (const bad of ['', 'x'.repeat(256), 'tab\there', 'ümlaut']) {
      const answer = await say('x', key(bad));
      expect(answer.body, JSON.stringify(bad)).to.include({ status: 400, code: 'malformed_idempotency_key' });
    }
    expect((await say('x', key(`${'x'.repeat(254)}~`))).status).to.equal(201);
    expect(await said()).to.deep.equal(['x']);
  });

  it('answers 400 `idempotency_not_supported` to a key on a route that takes none, and changes nothing', async () => {
    const refused = { status: 400, code: 'idempotency_not_supported' };
    const gm = await server.admin();
    const game = (await gm.post('/games', { name: 'The crypt' })).body.id;
    expect((await gm.delete(`/games/${game}`, key('k'))).body).to.include(refused);
    expect((await gm.get(`/games/${game}`)).status).to.equal(200);
    expect((await client.post('/auth/logout', undefined, key('k'))).body).to.include(refused);
    expect((await client.get('/auth/me', key('ü'))).body).to.include(refused);
    expect((await server.client().post('/auth/login', { login: 'x', password: 'y' }, key('k'))).body).to.include(
      refused,
    );
    expect((await client.get('/auth/me')).status).to.equal(200);
  });

  it('forgets what was answered about a user who is deleted, so that they can be made again (201)', async () => {
    const admin = await server.admin();
    const body = { email: 'gone@example.org', display_name: 'Gone', password: 'sturdy-oak-table' };
    const first = await admin.post('/admin/users', body, key('gone'));
    expect((await admin.delete(`/admin/users/${first.body.id}`)).status).to.equal(204);
    const again = await admin.post('/admin/users', body, key('gone'));
    expect([again.status, again.headers.get('idempotent-replayed')]).to.deep.equal([201, null]);
    expect(again.body.id).not.to.equal(first.body.id);
  });
});
