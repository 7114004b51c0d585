/** How to call every route, by method and path. A route that is not here fails the authorisation matrix. */
import { conversationFixtures } from './matrix/conversations.ts';
import type { RouteFixture } from './matrix/fixture.ts';
import { identityFixtures } from './matrix/identity.ts';

export const routeFixtures: Readonly<Record<string, RouteFixture>> = { ...identityFixtures, ...conversationFixtures };
