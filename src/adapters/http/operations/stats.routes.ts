/** What the operator wants to know of a running server. */
import { z } from 'zod';
import type { ReadStats } from '#application/operations/read-stats.ts';
import { type Route, route } from '../declaration/route.ts';

const count = z.number().int().min(0);

export function statsRoutes({ readStats }: Readonly<{ readStats: ReadStats }>): Route[] {
  return [
    route({
      method: 'get',
      path: '/admin/stats',
      tag: 'Administration',
      summary: 'How much of everything there is, and which adapters are in use.',
      access: 'system.read',
      returns: {
        200: z.strictObject({
          users: count,
          games: count,
          sources: count,
          threads: count,
          messages: count,
          compactions: count,
          sessions: count,
          adapters: z.record(z.string(), z.string()),
        }),
      },
      async handle({ actor }) {
        const { counts, adapters } = await readStats.execute(actor);
        return { status: 200, body: { ...counts, adapters } };
      },
    }),
  ];
}
