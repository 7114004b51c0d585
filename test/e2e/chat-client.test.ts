/** The official client of OpenAI's API on a page of another origin, in a real Chromium. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type ModelServer, says, startModelServer } from '../support/model/model-server.ts';
import { onThePage } from './visitor.ts';

const CLIENT = dirname(createRequire(import.meta.url).resolve('openai'));

let pages: Server;
let model: ModelServer;
const originOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** An empty page, and the client as its package has it. */
async function startPages(): Promise<Server> {
  const server = createServer(async ({ url = '/' }, response) => {
    const isPage = url === '/';
    response.setHeader('Content-Type', isPage ? 'text/html' : 'text/javascript');
    response.end(isPage ? '<!doctype html><title>Chat</title>' : await readFile(join(CLIENT, url)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

async function settings() {
  [pages, model] = await Promise.all([startPages(), startModelServer(says('The door', ' creaks.'))]);
  return { CORS_ORIGINS: originOf(pages), LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b' };
}

onThePage(
  'a chat client on a page of CORS_ORIGINS',
  (stage) => {
    after(async () => {
      pages.close();
      await model.close();
    });

    it('lists the models, and streams an answer, by token', async () => {
      const apiKey = await stage.server.token(stage.admin, 'chat.use');
      await stage.page.goto(originOf(pages));
      const options = JSON.stringify({
        apiKey,
        baseURL: `${stage.server.url}/v1`,
        dangerouslyAllowBrowser: true,
        maxRetries: 0,
      });
      const asked = JSON.stringify({ model: 'new', stream: true, messages: [{ role: 'user', content: 'We knock.' }] });
      const told = await stage.page.evaluate(`(async () => {
        const { default: OpenAI } = await import('/index.mjs');
        const openai = new OpenAI(${options});
        const models = (await openai.models.list()).data.map(({ id }) => id);
        const { data, response } = await openai.chat.completions.create(${asked}).withResponse();
        let text = '';
        for await (const { choices } of data) text += choices[0]?.delta.content ?? '';
        return { models, text, thread: response.headers.get('x-tavernkeep-thread') };
      })()`);
      const [thread] = (await stage.admin.get('/chat')).body.items;
      expect(told).to.deep.equal({ models: ['new'], text: 'The door creaks.', thread: thread.id });
    });
  },
  settings,
);
