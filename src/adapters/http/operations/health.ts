/** Whether the process lives, and whether what it depends on answers. */
import express from 'express';
import { sharing } from './sharing.ts';

export type Readiness = Readonly<{ ready: boolean; checks: Readonly<Record<string, string>> }>;

/**
 * `GET /health/live` and `GET /health/ready`; the second is 503 while `readiness` says no. However many ask at once,
 * the dependencies are asked once.
 */
export function health(readiness: () => Promise<Readiness>): express.Router {
  const shared = sharing(readiness);
  const router = express.Router({ caseSensitive: true });
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, checks } = await shared();
    response.status(ready ? 200 : 503).json({ status: ready ? 'ok' : 'unavailable', checks });
  });
  return router;
}
