/** How to call every route, by method and path. A route that is not here fails the authorisation matrix. */
import { conversationFixtures } from './conversations.ts';
import type { RouteFixture } from './fixture.ts';
import { gameFixtures } from './games.ts';
import { identityFixtures } from './identity.ts';
import { jobFixtures } from './jobs.ts';
import { libraryFixtures } from './library.ts';
import { oauthFixtures } from './oauth.ts';
import { retrievalFixtures } from './retrieval.ts';
import { auditFixtures, roleFixtures, userFixtures } from './users.ts';
import { workspaceFixtures } from './workspaces.ts';

export const routeFixtures: Readonly<Record<string, RouteFixture>> = {
  ...identityFixtures,
  ...oauthFixtures,
  ...userFixtures,
  ...roleFixtures,
  ...auditFixtures,
  ...workspaceFixtures,
  ...gameFixtures,
  ...libraryFixtures,
  ...retrievalFixtures,
  ...conversationFixtures,
  ...jobFixtures,
};
