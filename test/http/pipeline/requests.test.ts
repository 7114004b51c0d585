/** What every route does with what it cannot read, and with pages of other origins. */
import { connect } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { type Client, startTestServer, type TestServer } from '../../support/servers/server.ts';
import { onEveryStore } from '../../support/servers/stores.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };

onEveryStore('HTTP: requests', () => {
  let server: TestServer;
  let client: Client;
  let thread: string;

  before(async () => {
    server = await startTestServer();
    client = await server.user();
    thread = (await client.post('/chat', {})).body.id;
  });
  after(() => server.close());
  afterEach(async () => {
    expect((await client.get(`/chat/${thread}/context-usage`)).body.message_count).to.equal(0);
  });

  const append = (body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = JSON_TYPE) =>
    client.send('POST', `/chat/${thread}`, body, headers);

  const utf8 = (text: string) => new TextEncoder().encode(text);
  const faults: readonly [string, string | Uint8Array<ArrayBuffer>, number, string][] = [
    ['truncated JSON', '{"content": "x"', 400, 'malformed_json'],
    ['a body that is not JSON', 'content=x', 400, 'malformed_json'],
    ['a raw control character in a string', '{"content": "a\u0001b"}', 400, 'malformed_json'],
    [
      'bytes that are not UTF-8',
      new Uint8Array([...utf8('{"content": "'), 0xff, 0xfe, ...utf8('"}')]),
      400,
      'malformed_text',
    ],
    [
      'an overlong encoding',
      new Uint8Array([...utf8('{"content": "'), 0xc0, 0xaf, ...utf8('"}')]),
      400,
      'malformed_text',
    ],
    ['a lone surrogate', '{"content": "a\\ud800b"}', 400, 'malformed_text'],
    ['NUL', '{"content": "a\\u0000b"}', 400, 'malformed_text'],
    ['NUL in a key of the metadata', '{"content": "x", "metadata": {"a\\u0000": 1}}', 400, 'malformed_text'],
    ['a lone surrogate deep inside', '{"content": "x", "metadata": {"a": [{"b": "\\udfff"}]}}', 400, 'malformed_text'],
    [
      'JSON deeper than 32 levels',
      `{"content": "x", "metadata": {"a": ${'['.repeat(31)}${']'.repeat(31)}}}`,
      400,
      'too_deep',
    ],
    ['JSON of 100 000 levels', '['.repeat(100_000), 400, 'too_deep'],
    ['a key that reaches a prototype', '{"content": "x", "__proto__": {"a": 1}}', 400, 'malformed_json'],
    [
      'an escaped key that reaches a prototype',
      '{"content": "x", "metadata": {"\\u005f_proto__": {"a": 1}}}',
      400,
      'malformed_json',
    ],
    ['a list', '[]', 400, 'invalid_input'],
    ['null', 'null', 400, 'invalid_input'],
    ['an unknown field', '{"content": "x", "seq": 9}', 400, 'invalid_input'],
    ['a body over 1 MiB', `{"content": "${'x'.repeat(1024 * 1024)}"}`, 413, 'body_too_large'],
  ];
  for (const [fault, body, status, code] of faults) {
    it(`answers ${status} ${code} to ${fault}`, async () => {
      const answer = await append(body);
      expect(answer.body, answer.text).to.include({ status, code });
      expect(answer.headers.get('content-type')).to.equal('application/problem+json; charset=utf-8');
      expect(answer.body).to.have.keys([
        'type',
        'title',
        'status',
        'detail',
        'code',
        'request_id',
        ...('errors' in answer.body ? ['errors'] : []),
      ]);
    });
  }

  it('accepts brackets, escapes and surrogate pairs inside strings', async () => {
    const own = (await client.post('/chat', {})).body.id;
    const content = `${'['.repeat(100)} \\" \\\\ "{ \u007f \ufffd`;
    const answer = await client.send('POST', `/chat/${own}`, JSON.stringify({ content }), JSON_TYPE);
    expect(answer.body.message.content).to.equal(content);
    const emoji = await client.send('POST', `/chat/${own}`, '{"content": "\\ud83d\\ude00"}', JSON_TYPE);
    expect(emoji.body.message.content).to.equal('😀');
  });

  for (const [type, status] of [
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=latin1', 415],
    ['application/jsonp', 415],
    ['application/json; charset=UTF-8', 400],
    ['Application/JSON;charset="utf-8"', 400],
  ] as const) {
    it(`answers ${status} to an empty object of the type ${type}`, async () => {
      expect((await append('{}', { 'Content-Type': type })).status).to.equal(status);
    });
  }

  it('answers 415 to a compressed body', async () => {
    expect((await append('{}', { ...JSON_TYPE, 'Content-Encoding': 'gzip' })).status).to.equal(415);
  });

  it('checks size, type, syntax, session, permission, schema and resource, in this order', async () => {
    const nobody = server.client();
    const path = '/chat/thr_1/compact-now';
    const huge = 'x'.repeat(1024 * 1024 + 1);
    expect((await nobody.send('POST', path, huge, { 'Content-Type': 'text/plain' })).status).to.equal(413);
    expect((await nobody.send('POST', path, 'x', { 'Content-Type': 'text/plain' })).status).to.equal(415);
    expect((await nobody.send('POST', path, 'x', JSON_TYPE)).status).to.equal(400);
    expect((await nobody.send('POST', path, '{"a":1}', JSON_TYPE)).status).to.equal(401);
    expect((await client.send('POST', path, '{"a":1}', JSON_TYPE)).status).to.equal(403);
    const developer = await server.user('developer');
    expect((await developer.send('POST', path, '{"a":1}', JSON_TYPE)).status).to.equal(400);
    expect((await developer.send('POST', path, '{}', JSON_TYPE)).status).to.equal(404);
  });

  it('never answers a 5xx, whatever JSON it is sent', async () => {
    const routes = ['/auth/login', '/admin/users', '/chat', `/chat/${thread}/compact-now`];
    const admin = await server.admin();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...routes), fc.jsonValue(), async (path, value) => {
        const answer = await admin.send('POST', path, JSON.stringify(value), JSON_TYPE);
        expect(answer.status).to.be.within(200, 499);
      }),
      { numRuns: 200 },
    );
  });

  it('answers 404 `route_not_found` to an unknown method or path, and to another letter case or a bad encoding', async () => {
    for (const [method, path] of [
      ['GET', '/nothing'],
      ['PATCH', '/auth/login'],
      ['GET', '/Auth/me'],
      ['GET', '/auth/me/'],
      ['GET', '/auth//me'],
      ['GET', '/auth/m%65'],
      ['GET', '/chat//messages'],
      ['OPTIONS', '/auth/me'],
      ['GET', '/%ff'],
      ['GET', '/chat/%ff/messages'],
      ['PUT', '/chat/%ff/messages'],
    ] as const) {
      const answer = await client.send(method, path, undefined);
      expect(answer.body, path).to.include({ status: 404, code: 'route_not_found' });
    }
  });

  it('takes an encoded slash for a part of an id, and not of the path', async () => {
    const answer = await client.get(`/chat/${thread}%2Fmessages`);
    expect(answer.body).to.include({ status: 404, code: 'thread_not_found' });
  });

  it('answers HEAD with the head of what GET answers, and POST alone has none', async () => {
    const headers = { Cookie: client.cookie ?? '' };
    const head = (path: string) => fetch(`${server.url}/api/v1${path}`, { method: 'HEAD', headers });
    const [me, get] = [await head('/auth/me'), await client.get('/auth/me')];
    expect({ status: me.status, text: await me.text() }).to.deep.equal({ status: 200, text: '' });
    expect(me.headers.get('content-length')).to.equal(String(Buffer.byteLength(get.text)));
    expect((await head('/auth/login')).status).to.equal(404);
  });

  it('answers 400 to unknown, malformed and repeated query parameters', async () => {
    expect((await client.get('/chat?query=%00')).body).to.include({ status: 400, code: 'malformed_text' });
    for (const query of ['page=2', 'limit=%00', 'query=%ED%A0%80&limit=1&query=b', 'limit=1&limit=2']) {
      expect((await client.get(`/chat?${query}`)).status, query).to.equal(400);
    }
  });

  describe('origins', () => {
    const login = (headers: Record<string, string>) =>
      server.client().post('/auth/login', { login: 'a', password: 'b' }, headers);

    it('answers 403 `foreign_origin` to signing in and writing from a page of another origin', async () => {
      for (const headers of [
        { Origin: 'https://evil.example' },
        { Origin: `${server.url}.evil.example` },
        { Origin: `${server.url}0` },
        { Origin: 'null' },
        { 'Sec-Fetch-Site': 'cross-site' },
        { 'Sec-Fetch-Site': 'same-site' },
      ]) {
        expect((await login(headers as Record<string, string>)).body).to.include({
          status: 403,
          code: 'foreign_origin',
        });
        const written = await client.post(`/chat/${thread}`, { content: 'x' }, headers as Record<string, string>);
        expect(written.body).to.include({ status: 403, code: 'foreign_origin' });
      }
    });

    it('lets its own page, and programs without an Origin header, through to the sign-in (401)', async () => {
      for (const headers of [{}, { Origin: server.url }, { 'Sec-Fetch-Site': 'same-origin' }]) {
        expect((await login(headers as Record<string, string>)).status).to.equal(401);
      }
    });

    it('answers 200 to a read from another origin, but does not let its page see the answer', async () => {
      const answer = await client.get('/auth/me', { Origin: 'https://evil.example' });
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('access-control-allow-origin')).to.equal(null);
    });

    it('takes its own origin (403 to others) and its Secure `__Host-` cookie from PUBLIC_URL', async () => {
      const https = await startTestServer({ PUBLIC_URL: 'https://tavern.example' });
      try {
        const own = https.client();
        const body = { login: 'admin@tavernkeep.local', password: 'correct-horse-9' };
        expect((await own.post('/auth/login', body, { Origin: https.url })).status).to.equal(403);
        const answer = await own.post('/auth/login', body, { Origin: 'https://tavern.example' });
        expect(answer.headers.get('set-cookie')).to.match(/^__Host-tavernkeep=.*; Secure/);
        expect((await own.get('/auth/me')).status).to.equal(200);
      } finally {
        await https.close();
      }
    });
  });

  describe('request ids', () => {
    it('answers with the given request id if it is well-formed, else with one of its own', async () => {
      const given = await client.get('/auth/me', { 'X-Request-Id': 'trace:42.a_b-c' });
      expect(given.headers.get('x-request-id')).to.equal('trace:42.a_b-c');
      for (const id of ['<script>', 'x'.repeat(65), 'a b']) {
        const answer = await client.get('/nothing', { 'X-Request-Id': id });
        expect(answer.headers.get('x-request-id')).to.match(/^[0-9a-f-]{36}$/);
        expect(answer.body.request_id).to.equal(answer.headers.get('x-request-id'));
      }
    });
  });

  it('answers 400 `malformed_request` to bytes that are not HTTP', async () => {
    const { port, hostname } = new URL(server.url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write('NONSENSE\r\n\r\n'));
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk;
      });
      socket.on('end', () => resolve(received)).on('error', reject);
    });
    expect(answer).to.match(/^HTTP\/1\.1 400 /);
    expect(answer).to.contain('malformed_request');
  });
});
