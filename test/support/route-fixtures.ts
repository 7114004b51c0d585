/** How to call every route, by method and path. A route that is not here fails the authorisation matrix. */
import { conversationFixtures } from './matrix/conversations.ts';
import type { RouteFixture } from './matrix/fixture.ts';
import { gameFixtures } from './matrix/games.ts';
import { identityFixtures } from './matrix/identity.ts';
import { libraryFixtures } from './matrix/library.ts';
import { oauthFixtures } from './matrix/oauth.ts';
import { auditFixtures, roleFixtures, userFixtures } from './matrix/users.ts';

export const routeFixtures: Readonly<Record<string, RouteFixture>> = {
  ...identityFixtures,
  ...oauthFixtures,
  ...userFixtures,
  ...roleFixtures,
  ...auditFixtures,
  ...gameFixtures,
  ...libraryFixtures,
  ...conversationFixtures,
};
