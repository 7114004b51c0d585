/** Which paths pages of other origins are told of. */
import { expect } from 'chai';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import { health } from '#adapters/http/operations/health.ts';
import { type RunningServer, startServer } from '#infrastructure/http/server.ts';
import { bareApp } from '../../support/servers/bare-app.ts';

const PAGE = 'https://play.example';

describe('HTTP: CORS_ORIGINS', () => {
  let server: RunningServer;
  before(async () => {
    const outside = { unlimited: [health(async () => ({ ready: true, checks: {} }))], guarded: [], limited: [] };
    server = await startServer(bareApp([], { corsOrigins: new Set([PAGE]), outside }), '127.0.0.1', 0);
  });
  after(() => server.stop());

  it('are about the paths of the API, told by case, and about no others', async () => {
    for (const [path, allowed] of [
      [`${BASE_PATH}/auth/me`, PAGE],
      [BASE_PATH, PAGE],
      ['/API/v1/auth/me', null],
      [`${BASE_PATH}0/auth/me`, null],
      ['/health/live', null],
    ] as const)
      for (const method of ['GET', 'OPTIONS']) {
        const { headers, status } = await fetch(server.url + path, { method, headers: { Origin: PAGE } });
        expect(headers.get('access-control-allow-origin'), `${method} ${path}`).to.equal(allowed);
        if (method === 'OPTIONS') expect(status === 204, path).to.equal(allowed !== null);
      }
  });
});
