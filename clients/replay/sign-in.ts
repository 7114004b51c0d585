/** A client of the HTTP API that is signed in by a password. */
import { Tavernkeep, TavernkeepError } from '../sdk/sdk.ts';
import type { ServerTarget } from './arguments.ts';
import { UserError } from './user-error.ts';

/** Throws `UserError` if the sign-in is refused. */
export async function signIn({ url, login, password }: ServerTarget): Promise<Tavernkeep> {
  const api = new Tavernkeep({ url });
  await api.post('/auth/login', { body: { login, password } }).catch((error: unknown) => {
    if (!TavernkeepError.is(error) || error.status !== 401) throw error;
    throw new UserError(`${url} does not let ${login} in: wrong login or password.`);
  });
  return api;
}
