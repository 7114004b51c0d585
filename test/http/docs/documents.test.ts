/** The documents that the server makes of itself: health, OpenAPI, the reading page, the page at `/`. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { documentedRefusals } from '#adapters/http/docs/documented-refusals.ts';
import { referencePage } from '#adapters/http/docs/reference-page.ts';
import { generatedDocuments } from '../../../ops/generated-documents.ts';
import { ROOT } from '../../support/project.ts';
import { type Json, startTestServer, type TestServer } from '../../support/servers/server.ts';

/** Nothing but our own files, images in the page itself, and calls of our own. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join(';');

describe('HTTP: documents and health', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer();
  });
  after(() => server.close());

  it('answers 200 to liveness and readiness checks, and names what it depends on', async () => {
    const client = server.client();
    expect((await client.get('/health/live')).status).to.equal(200);
    const ready = await client.get('/health/ready');
    expect(ready.status).to.equal(200);
    expect(ready.body).to.deep.equal({ status: 'ok', checks: { database: 'memory', speed_layer: 'memory' } });
  });

  it('tells their paths by case, as it does those of calls: 404 `route_not_found` in any other', async () => {
    for (const path of ['/Health/live', '/health/Ready', '/DOCS', '/API/v1/openapi.json', '/API/v1/auth/options']) {
      const answer = await fetch(server.url + path);
      expect(await answer.json(), path).to.include({ status: 404, code: 'route_not_found' });
    }
  });

  it('serves an OpenAPI 3.1 document in which every reference resolves', async () => {
    const { body, text } = await server.client().get('/api/v1/openapi.json');
    expect(body.openapi).to.equal('3.1.0');
    expect(Object.keys(body.paths)).to.include.members([
      '/auth/login',
      '/chat/{thread}',
      '/chat/{thread}/messages/{seq}',
    ]);
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      expect(body.components.schemas, name).to.have.property(name);
    }
    expect(text).not.to.contain('#/$defs/');
  });

  it('declares the parameters, body, access and refusals of a call, and a unique operation id for each call', async () => {
    const { body } = await server.client().get('/api/v1/openapi.json');
    const append = body.paths['/chat/{thread}'].post;
    expect(append.parameters.map((one: Json) => one.name)).to.deep.equal(['thread', 'Idempotency-Key']);
    expect(append.requestBody.content['application/json'].schema.required).to.deep.equal(['content']);
    expect(append['x-access']).to.equal('chat.use');
    expect(Object.keys(append.responses)).to.include.members([
      '201',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '503',
    ]);
    expect(append.responses['413'].description)
      .to.contain('context_budget_unreachable')
      .and.to.contain('body_too_large');
    const ids = Object.values(body.paths).flatMap((methods) =>
      Object.values(methods as Json).map((one) => (one as Json).operationId),
    );
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('explains every error code on the page at `/docs`, without a script', async () => {
    const { text, headers } = await server.client().get('/docs');
    expect(headers.get('content-type')).to.contain('text/html');
    for (const { code } of documentedRefusals()) expect(text).to.contain(`id="error-${code}"`);
    expect(text).not.to.contain('<script');
  });

  it('lists every error code of a call, on that page and as what a problem document can have', async () => {
    const { body } = await server.client().get('/api/v1/openapi.json');
    const operations = Object.values(body.paths as Json).flatMap((methods) => Object.values(methods as Json));
    const failures = operations.flatMap(({ responses }: Json) =>
      Object.entries(responses as Record<string, Json>).filter(([status]) => status >= '400'),
    );
    const told = failures.flatMap(([, { description }]) => [...description.matchAll(/^`([a-z_]+)`: /gm)]);
    expect(told.length).to.be.greaterThan(1_000);
    const documented = new Set(documentedRefusals().map(({ code }) => code));
    expect(told.map(([, code = '']) => code).filter((code) => !documented.has(code))).to.deep.equal([]);
    expect(body.components.schemas.Problem.properties.code.enum).to.deep.equal([...documented].sort());
  });

  it('shows each shape on that page: its fields, of what type, which are optional, or that it has none', () => {
    const schemas = {
      None: { type: 'object', properties: {} },
      One: { type: 'object', properties: { a: { type: 'string', description: 'Of < one.' } }, required: ['a'] },
      'Many Things': {
        type: 'object',
        properties: {
          one: { $ref: '#/components/schemas/One' },
          list: { type: 'array', items: { type: 'integer' } },
          word: { enum: ['x', 'y'] },
          any: { anyOf: [{ type: 'null' }, {}] },
        },
        required: ['list'],
      },
    };
    const page = referencePage({ servers: [{ url: '/' }], paths: {}, components: { schemas } } as never, []);
    const shown = [...page.matchAll(/<article id="(shape-[^"]+)"><h3>([^<]+)<\/h3>(.*?)<\/article>/g)];
    expect(shown.map(([, ...parts]) => parts)).to.deep.equal([
      ['shape-none', 'None', '<p>Nothing.</p>'],
      ['shape-one', 'One', '<dl><dt><code>a</code> string</dt><dd>Of &lt; one.</dd></dl>'],
      [
        'shape-many-things',
        'Many Things',
        [
          '<dl><dt><code>one</code> <a href="#shape-one">One</a> <i>optional</i></dt><dd></dd>',
          '<dt><code>list</code> list of integer</dt><dd></dd>',
          '<dt><code>word</code> <code>x</code> | <code>y</code> <i>optional</i></dt><dd></dd>',
          '<dt><code>any</code> null | any <i>optional</i></dt><dd></dd></dl>',
        ].join(''),
      ],
    ]);
  });

  it('has its documents committed as they are generated (npm run generate)', async () => {
    for (const [file, text] of Object.entries(await generatedDocuments())) {
      expect(readFileSync(join(ROOT, file), 'utf8'), file).to.equal(text);
    }
  });

  it('has every call once in its Postman collection, with what its path names and the fields that its body needs', async () => {
    const { item: folders } = JSON.parse(readFileSync(join(ROOT, 'docs/postman.json'), 'utf8'));
    const requests: Json[] = folders.flatMap(({ item }: Json) => item.map(({ request }: Json) => request));
    const { paths } = (await server.client().get('/api/v1/openapi.json')).body;
    const calls = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods as Record<string, Json>).map(([method, { servers }]) => {
        const base = servers === undefined ? '/api/v1' : '';
        return `${method.toUpperCase()} {{url}}${base}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`;
      }),
    );
    expect(requests.map(({ method, url }) => `${method} ${url.raw}`)).to.have.members(calls);
    const append = requests.find(({ method, url }) => method === 'POST' && url.raw === '{{url}}/api/v1/chat/:thread');
    expect(append?.url.variable.map(({ key }: Json) => key)).to.deep.equal(['thread']);
    expect(JSON.parse(append?.body.raw)).to.deep.equal({ content: '' });
  });

  it('gives each code one meaning', () => {
    const codes = documentedRefusals().map(({ code }) => code);
    expect(new Set(codes).size).to.equal(codes.length);
    for (const code of codes) expect(code).to.match(/^[a-z]+(_[a-z]+)*$/);
  });

  it('serves its page with a policy that loads nothing by default and allows no frame', async () => {
    const { status, headers } = await server.client().get('/');
    expect(status).to.equal(200);
    expect(headers.get('content-security-policy')).to.equal(PAGE_POLICY);
    expect(headers.get('x-powered-by')).to.equal(null);
  });
});
