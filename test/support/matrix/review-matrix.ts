/**
 * Writes the authorisation matrix as it is now; reasons stay where nothing changed, and what changed waits for its
 * reason.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { ROOT } from '../project.ts';
import { AuthorizationFixture } from './authorization-fixture.ts';
import { nameOf, type ReviewedRow, readPage, reviewable, rowsOf, UNREVIEWED, writePage } from './matrix.ts';
import { routeFixtures } from './route-fixtures.ts';

const PAGE = join(ROOT, 'test/http/authorisation-matrix.md');
const INTRODUCTION = `# The authorisation matrix

Every route, called by everybody: the statuses that \`test/http/authorisation-matrix.test.ts\` compares. Those with
garbage, expired, revoked and disabled credentials are admins, so that nothing but their credentials can be the reason;
\`foreign\` is an admin's API token with one scope, which is not what the route asks for. \`own\` is the caller's, \`other\` a
stranger's. \`node test/support/matrix/review-matrix.ts\` writes the statuses; the reasons are written by whoever has read
them.

`;

const before = existsSync(PAGE) ? readPage(readFileSync(PAGE, 'utf8')) : new Map<string, ReviewedRow>();
const world = await AuthorizationFixture.open();
const rows: ReviewedRow[] = [];
for (const route of routesOf(world.container)) {
  const fixture = routeFixtures[nameOf(route)];
  if (fixture === undefined) continue;
  for (const row of await rowsOf(world, route, fixture)) {
    const { key, statuses } = reviewable(row);
    const was = before.get(key);
    rows.push({ key, statuses, why: was?.statuses === statuses ? was.why : UNREVIEWED });
  }
}
await world.server.close();
writeFileSync(PAGE, INTRODUCTION + writePage(rows));
