/** Conversations that are answered from the library: a server with a model, and somebody who asks. */
import { RunningReplies } from '#application/conversations/replies/running-replies.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { type ModelServer, startModelServer } from '../model/model-server.ts';
import { listenTo, type ReplyListener } from '../model/reply-listener.ts';
import { type Client, type Json, type Settings, startTestServer, type TestServer } from '../servers/server.ts';
import { until } from '../until.ts';
import { TestLibrary } from './library.ts';

export type SourcedServer = Readonly<{
  server: TestServer;
  model: ModelServer;
  library: TestLibrary;
  close(): Promise<void>;
}>;

export async function startSourcedServer(settings: Settings = {}): Promise<SourcedServer> {
  const model = await startModelServer();
  const server = await startTestServer({ LLM_BASE_URL: model.url, LLM_MODEL: 'narrator-7b', ...settings });
  const { container } = server.application;
  const stores = { unitOfWork: container.get(tokens.unitOfWork) };
  const library = new TestLibrary({ stores, finder: container.get(tokens.passageFinder) });
  return {
    server,
    model,
    library,
    async close() {
      await server.close();
      await model.close();
    },
  };
}

export async function idOf(client: Client): Promise<UserId> {
  return (await client.get('/auth/me')).body.user.id;
}

/** A game of a new GM with these players. */
export async function aTable(server: TestServer, ...players: readonly Client[]) {
  const gm = await server.user('gm');
  const game: string = (await gm.post('/games', { name: 'Vox Machina' })).body.id;
  for (const player of players)
    await gm.post(`/games/${game}/members`, { user_id: await idOf(player), role_in_game: 'player' });
  return { gm, game };
}

/** One conversation as its members have it. */
export class SourcedTalk {
  readonly #server: TestServer;
  readonly thread: string;
  readonly #listener: ReplyListener;

  private constructor(server: TestServer, thread: string, listener: ReplyListener) {
    this.#server = server;
    this.thread = thread;
    this.#listener = listener;
  }

  static async start(server: TestServer, owner: Client, fields: object = {}): Promise<SourcedTalk> {
    const { body, text } = await owner.post('/chat', fields);
    if (body.id === undefined) throw new Error(text);
    return new SourcedTalk(server, body.id, await listenTo(server, body.id));
  }

  say(client: Client, content: string): Promise<Json> {
    return client.post(`/chat/${this.thread}`, { content });
  }

  /** Begins a reply. */
  async begin(client: Client, sources = true): Promise<string> {
    const { status, body, text } = await client.post(`/chat/${this.thread}/replies`, { sources });
    if (status !== 202) throw new Error(text);
    return body.reply_id;
  }

  /** How a reply ended, once its process is free for others. */
  async end(replyId: string) {
    const end = await this.#listener.endOf(replyId);
    await until(() => this.#server.application.container.get(RunningReplies).count === 0, 'no reply is under way');
    return end;
  }

  textOf(replyId: string): string {
    return this.#listener.textOf(replyId);
  }

  /** Says something, and returns the message that answers it from the library. */
  async ask(client: Client, content: string): Promise<Json> {
    await this.say(client, content);
    return this.answered(client, await this.begin(client));
  }

  async answered(client: Client, replyId: string): Promise<Json> {
    const end = await this.end(replyId);
    if (end.kind !== 'reply.completed') throw new Error(JSON.stringify(end));
    return (await client.get(`/chat/${this.thread}/messages/${end.seq}`)).body;
  }

  messages(client: Client): Promise<Json[]> {
    return client.get(`/chat/${this.thread}/messages`).then(({ body }) => body.items);
  }

  close(): Promise<void> {
    return this.#listener.subscription.end();
  }
}
