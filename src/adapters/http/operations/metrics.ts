/** What the server has counted and measured, for Prometheus. */
import type { Guarded } from '../pipeline/outside.ts';
import { sharing } from './sharing.ts';
import { isFromThisMachine } from './this-machine.ts';

type Scraped = Readonly<{ contentType: string; text: string }>;

/** `GET /metrics`; however many ask at once, it is read once. */
export function metrics(scrape: () => Promise<Scraped>): Guarded {
  const shared = sharing(scrape);
  return {
    path: '/metrics',
    access: 'system.read',
    isOpenTo: isFromThisMachine,
    async handler(_request, response) {
      const { contentType, text } = await shared();
      response.setHeader('Cache-Control', 'no-store').setHeader('Content-Type', contentType).send(text);
    },
  };
}
