/**
 * better-auth on node:sqlite behind one express route that answers whose session it is; tells a cookie that is signed
 * in.
 */
import { DatabaseSync } from 'node:sqlite';
import { type BetterAuthOptions, betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { fromNodeHeaders } from 'better-auth/node';
import express from 'express';

const USER = { email: 'bench@tavernkeep.local', password: 'measured side by side' };
const PATH = '/me';

const database = new DatabaseSync(process.argv[2]!);
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
/** Everything else is its default: no cookie cache, so each check asks the database. */
const options = {
  database,
  baseURL: 'http://127.0.0.1',
  secret: 'only for measuring: nobody else ever sees it 8f3Kq0Zx',
  emailAndPassword: { enabled: true },
  telemetry: { enabled: false },
} satisfies BetterAuthOptions;
// Before it is opened: it looks for its tables at once.
await (await getMigrations(options)).runMigrations();
const auth = betterAuth(options);

async function signedInCookie(): Promise<string> {
  await auth.api.signUpEmail({ body: { ...USER, name: 'Bench' } });
  const { headers } = await auth.api.signInEmail({ body: USER, returnHeaders: true });
  return headers.getSetCookie()[0]!.split(';')[0]!;
}

const cookie = await signedInCookie();
const app = express();
app.get(PATH, async (request, response) => {
  const session = await auth.api.getSession({ headers: fromNodeHeaders(request.headers) });
  if (session === null) response.status(401).json({ error: 'unauthenticated' });
  else response.json(session);
});
const server = app.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  process.send!({ url: `http://127.0.0.1:${port}`, path: PATH, cookie });
});
