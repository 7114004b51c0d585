/** An installation of several servers, each a process of its own, on one PostgreSQL and one Redis, and its people. */
import { expect } from 'chai';
import { aFernetKey } from '../builders/fernet-keys.ts';
import { OwnRedis } from './own-redis.ts';
import { ServerProcess } from './process.ts';
import { ADMIN, type Answer, type Client, type Json, type Settings } from './server.ts';
import { createDatabase, dropDatabase, templateDatabase } from './temporary-postgres.ts';

const PASSWORD = 'sturdy-oak-table';

export type Person = Readonly<{ id: string; email: string; client: Client }>;

export class Installation {
  readonly settings: Settings;
  servers: ServerProcess[] = [];
  readonly #redis: OwnRedis;
  readonly #database: string;
  #admin: Person | undefined;
  #people = 0;

  private constructor(redis: OwnRedis, database: string, settings: Settings) {
    this.#redis = redis;
    this.#database = database;
    this.settings = {
      DATABASE_URL: database,
      REDIS_URL: redis.url,
      FERNET_KEYS: aFernetKey(),
      TRUST_PROXY: '1',
      ...settings,
    };
  }

  static async start(count: number, settings: Settings = {}): Promise<Installation> {
    const database = await createDatabase(await templateDatabase());
    const installation = new Installation(await OwnRedis.start(), database, settings);
    await installation.restart(count);
    return installation;
  }

  /** Starts so many servers, where none runs. */
  async restart(count: number): Promise<void> {
    const start = () => ServerProcess.start(this.settings);
    this.servers = [await start()];
    this.servers.push(...(await Promise.all(Array.from({ length: count - 1 }, start))));
  }

  async remove(): Promise<void> {
    for (const server of this.servers) await server.kill();
    await this.#redis.remove();
    await dropDatabase(this.#database);
  }

  /** The same person at another server; counted on beyond the last. */
  at(server: number, { cookie, bearer }: Client): Client {
    return Object.assign(this.client(server), { cookie, bearer });
  }

  /** Nobody. */
  client(server: number): Client {
    return (this.servers[server % this.servers.length] as ServerProcess).client();
  }

  /** Signed in at the first server. */
  async admin(): Promise<Person> {
    if (this.#admin === undefined) {
      const client = await this.client(0).signIn(ADMIN.login, ADMIN.password);
      const { id, email } = (await answered(200, client.get('/auth/me'))).user;
      this.#admin = { id, email, client };
    }
    return this.#admin;
  }

  /** A new user, signed in at one of the servers. */
  async person(...roles: readonly string[]): Promise<Person> {
    this.#people += 1;
    const email = `user${this.#people}@example.org`;
    const body = { email, display_name: 'Vex', password: PASSWORD, roles };
    const { id } = await answered(201, (await this.admin()).client.post('/admin/users', body));
    return { id, email, client: await this.signIn(this.#people, email) };
  }

  /** A further session of somebody. */
  signIn(server: number, email: string): Promise<Client> {
    return this.client(server).signIn(email, PASSWORD);
  }
}

/** The body of an answer that has this status. */
export async function answered(status: number, answer: Promise<Answer>): Promise<Json> {
  const { status: given, text, body } = await answer;
  expect(given, text).to.equal(status);
  return body;
}
