/** A server in memory, and people on it whose credentials are good, or are good no longer. */
import { randomBytes } from 'node:crypto';
import type { Container } from 'inversify';
import type { User } from '#domain/identity/user.ts';
import { tokens } from '#infrastructure/tokens.ts';
import { aSession, aUser, newId } from '../records.ts';
import { type Client, startTestServer, type TestServer } from '../server.ts';

/** A user, and a client that is signed in as him. */
export type Person = Readonly<{ user: User; client: Client }>;

export const PASSWORD = 'sturdy-oak-table';

export class World {
  readonly server: TestServer;
  readonly #passwordHash: string;

  private constructor(server: TestServer, passwordHash: string) {
    this.server = server;
    this.#passwordHash = passwordHash;
  }

  static async open(): Promise<World> {
    const server = await startTestServer();
    return new World(server, await server.tavernkeep.container.get(tokens.hasher).hash(PASSWORD));
  }

  get container(): Container {
    return this.server.tavernkeep.container;
  }

  /** A new user with one role, without the way over HTTP: there are thousands of them. */
  async person(role: string): Promise<Person> {
    const user = aUser({ roles: [role], sessionEpoch: 0, createdAt: new Date(), username: null });
    await this.container.get(tokens.unitOfWork).run(async ({ users, passwordHashes }) => {
      await users.add(user);
      await passwordHashes.save(user.id, this.#passwordHash);
    });
    return { user, client: await this.signedIn(user) };
  }

  /** A client with a new session that ends after so many milliseconds, or has ended so long ago. */
  async signedIn(user: User, endsInMs = 3_600_000): Promise<Client> {
    const secret = randomBytes(32).toString('base64url');
    const end = new Date(Date.now() + endsInMs);
    const begun = new Date(Math.min(Date.now(), end.getTime()) - 1_000);
    const session = aSession(user.id, {
      id: newId('session'),
      digest: this.container.get(tokens.secrets).digest(secret),
      epoch: user.sessionEpoch,
      createdAt: begun,
      lastSeenAt: begun,
      idleEndAt: end,
      absoluteEndAt: end,
    });
    await this.container.get(tokens.sessions).begin(session, 20);
    return this.clientWith(secret);
  }

  clientWith(secret: string): Client {
    const client = this.server.client();
    client.cookie = `tavernkeep=${secret}`;
    return client;
  }

  async disable(user: User): Promise<void> {
    await this.container.get(tokens.unitOfWork).run(({ users }) => users.save({ ...user, status: 'disabled' }));
    await this.container.get(tokens.cache).invalidate('permissions', user.id);
  }
}
