/** A server in memory, and people on it whose credentials are good, or are good no longer. */
import { randomBytes } from 'node:crypto';
import type { Container } from 'inversify';
import { type ApiToken, issueToken } from '#domain/identity/api-token.ts';
import { BUILTIN_ROLES } from '#domain/identity/permissions.ts';
import type { User } from '#domain/identity/user.ts';
import type { WorkspaceId } from '#domain/shared/ids.ts';
import { HOME_ID } from '#domain/shared/workspace-rights.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aSession, aUser, newId } from '../builders/records.ts';
import { type Client, type Settings, startTestServer, type TestServer } from '../servers/server.ts';

/** A user, and a client that is signed in as them. */
export type Person = Readonly<{ user: User; client: Client }>;

/** A language model that may be asked, and never answers: nobody listens there. */
const ABSENT_MODEL: Settings = { LLM_BASE_URL: 'http://127.0.0.1:9/v1', LLM_MODEL: 'nobody' };

export const PASSWORD = 'sturdy-oak-table';

export class AuthorizationFixture {
  readonly server: TestServer;
  readonly #passwordHash: string;

  private constructor(server: TestServer, passwordHash: string) {
    this.server = server;
    this.#passwordHash = passwordHash;
  }

  static async open(settings: Settings = {}): Promise<AuthorizationFixture> {
    const server = await startTestServer({ ...ABSENT_MODEL, WORKSPACES: 'multi', ...settings });
    return new AuthorizationFixture(server, await server.application.container.get(tokens.hasher).hash(PASSWORD));
  }

  /** Where what is made without a request belongs. */
  readonly workspaceId: WorkspaceId = HOME_ID;

  get container(): Container {
    return this.server.application.container;
  }

  /** A new user with one role, without the way over HTTP: there are thousands of them. */
  async person(role: string): Promise<Person> {
    const user = aUser({ roles: [role], sessionEpoch: 0, createdAt: new Date(), username: null });
    await this.container.get(tokens.unitOfWork).run(async ({ users, passwordHashes }) => {
      await users.add(user);
      await passwordHashes.save(user.id, this.#passwordHash);
    });
    const client = this.server.client();
    client.cookie = (await this.session(user)).Cookie;
    return { user, client };
  }

  /** The cookie of a new session that ends after so many milliseconds, or has ended so long ago. */
  async session(user: User, endsInMs = 3_600_000): Promise<{ Cookie: string }> {
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
    return { Cookie: `tavernkeep=${secret}` };
  }

  /** A new API token with everything that the user may do. */
  async token(user: User, fields: Partial<ApiToken> = {}): Promise<{ Authorization: string }> {
    const id = newId('apiToken');
    const { token, prefix, digest } = this.container.get(tokens.tokenSecrets).issue(id);
    const roles = BUILTIN_ROLES.filter((role) => user.roles.includes(role.name));
    const scopes = roles.flatMap((role) => role.permissions);
    const issued = issueToken(
      { id, userId: user.id, name: 'All', prefix, digest, scopes, workspaceId: null },
      new Date(),
      3_600_000,
    );
    const stored = { ...issued, ...fields };
    await this.container.get(tokens.unitOfWork).run(({ apiTokens }) => apiTokens.add(stored));
    return { Authorization: `Bearer ${token}` };
  }

  async disable(user: User): Promise<void> {
    await this.container.get(tokens.unitOfWork).run(({ users }) => users.save({ ...user, status: 'disabled' }));
  }
}
