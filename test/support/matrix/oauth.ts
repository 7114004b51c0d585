/** How to call the routes of OpenID Connect. No provider is configured, so its own tests have the rest. */
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { anOauthAccount } from '../builders/records.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { NOTHING, owned, type RouteFixture, type Things } from './fixture.ts';

const provider: Things = { missing: async () => ({ provider: 'nowhere' }) };

async function anAccount(world: AuthorizationFixture, owner: Person): Promise<{ id: string }> {
  const account = anOauthAccount(owner.user.id);
  await world.container.get(tokens.unitOfWork).run(({ oauthAccounts }) => oauthAccounts.add(account));
  return { id: account.id };
}

export const oauthFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /auth/options': NOTHING,
  'GET /auth/oauth/{provider}': { things: provider },
  'GET /auth/oauth/{provider}/callback': { things: provider, query: '?state=s&code=c' },
  'GET /auth/oauth-accounts': NOTHING,
  'DELETE /auth/oauth-accounts/{id}': { things: owned(anAccount, { id: 'oac_missing' }) },
};
