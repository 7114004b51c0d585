/** Users whom an admin makes over HTTP, and who can sign in. */
import type { Client, Json, TestServer } from '../servers/server.ts';

export const PASSWORD = 'sturdy-oak-table';

let made = 0;

/** A new user, a player unless roles are given, as the API shows them. */
export async function aMadeUser(admin: Client, ...roles: readonly string[]): Promise<Json> {
  made += 1;
  const body = { email: `made${made}@example.org`, display_name: `Made ${made}`, password: PASSWORD };
  const answer = await admin.post('/admin/users', { ...body, roles: roles.length > 0 ? roles : ['player'] });
  if (answer.status !== 201) throw new Error(answer.text);
  return answer.body;
}

/** Somebody who may administer users and roles, and no more. */
export async function aSteward(server: TestServer, admin: Client): Promise<Client> {
  made += 1;
  const name = `steward-${made}`;
  const own = ['users.read', 'users.write', 'roles.read', 'roles.write', 'roles.assign'];
  const permissions = [...own, 'sources.read', 'chat.use', 'games.use'];
  const answer = await admin.post('/admin/roles', { name, permissions });
  if (answer.status !== 201) throw new Error(answer.text);
  const user = await aMadeUser(admin, name);
  return server.client().signIn(user.email, PASSWORD);
}
