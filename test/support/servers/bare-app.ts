/** Routes behind the real pipeline, with no store behind them, for one user whom every session's cookie stands for. */
import { randomUUID } from 'node:crypto';
import { EmbeddedRateLimiter } from '#adapters/embedded/rate-limiter.ts';
import { type AppOptions, createApp } from '#adapters/http/app.ts';
import type { Route } from '#adapters/http/declaration/route.ts';
import { Idempotency } from '#adapters/http/pipeline/idempotency.ts';
import { RequestRateLimits } from '#adapters/http/pipeline/rate-limits.ts';
import { SystemClock } from '#adapters/system/clock.ts';
import { workspaceRights } from '#domain/shared/workspace-rights.ts';
import type { CreateListener } from '#infrastructure/http/server.ts';
import { aUser } from '../builders/records.ts';

export const BARE_COOKIE = 'tavernkeep=anybody';

/** Requests per minute: they are counted as ever, and no limit is reached. */
const QUOTA = 1_000_000;

/** What `startServer` takes. */
export function bareApp(routes: readonly Route[], changed: Partial<AppOptions> = {}): CreateListener {
  const clock = new SystemClock();
  const user = aUser();
  return (closing) =>
    createApp({
      routes,
      authenticate: async ({ ip, requestId }) => ({
        actor: {
          kind: 'user',
          userId: user.id,
          permissions: [],
          workspaces: workspaceRights([], false),
          sessionId: null,
          tokenId: null,
          origin: { ip, requestId },
        },
        user,
        credential: { session: null, token: null },
      }),
      limits: new RequestRateLimits({
        limiter: new EmbeddedRateLimiter(),
        clock,
        quotas: { anonymous: QUOTA, actor: QUOTA },
      }),
      // These routes take no keys.
      idempotency: new Idempotency({ reads: {}, clock } as never),
      publicUrl: null,
      corsOrigins: new Set(),
      newRequestId: randomUUID,
      record: () => undefined,
      live: { opened: () => undefined, told: () => undefined, closed: () => undefined },
      refused: () => undefined,
      checkResponses: true,
      holdsLock: () => true,
      closing,
      trustProxy: false,
      outside: { unlimited: [], guarded: [], limited: [] },
      ...changed,
    });
}
