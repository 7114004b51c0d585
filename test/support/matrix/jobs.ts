/** How to call the routes of jobs. */
import { queuedJob, withCancelRequest } from '#domain/jobs/job.ts';
import type { UserId } from '#domain/shared/ids.ts';
import { tokens } from '#infrastructure/wiring/tokens.ts';
import { aNewJob } from '../builders/jobs.ts';
import type { AuthorizationFixture, Person } from './authorization-fixture.ts';
import { NOTHING, owned, type RouteFixture, type Things } from './fixture.ts';

/** A job of a kind that nobody does, so that it stays as it is. */
async function aJob(world: AuthorizationFixture, requestedBy: UserId, isCanceled = false): Promise<{ id: string }> {
  const asked = aNewJob({ kind: 'nothing', requestedBy, createdAt: new Date() });
  await world.container.get(tokens.unitOfWork).run(async ({ jobs }) => {
    await jobs.add(asked);
    if (isCanceled) await jobs.save(withCancelRequest(queuedJob(asked), new Date()));
  });
  return { id: asked.id };
}

const MISSING = { id: 'job_missing' };
const job: Things = owned((world, { user }: Person) => aJob(world, user.id), MISSING);
const canceled: Things = owned((world, { user }: Person) => aJob(world, user.id, true), MISSING);

export const jobFixtures: Readonly<Record<string, RouteFixture>> = {
  'GET /jobs': NOTHING,
  'GET /jobs/live': NOTHING,
  'GET /jobs/{id}': { things: job },
  'POST /jobs/{id}/cancel': { things: job },
  'POST /jobs/{id}/retry': { things: canceled },
};
