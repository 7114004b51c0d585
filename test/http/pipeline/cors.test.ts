/** Which paths pages of other origins are told of. */
import { expect } from 'chai';
import { BASE_PATH, OPENAI_BASE_PATH } from '#adapters/http/declaration/base-path.ts';
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

  it('let clients of OpenAI’s API tell of themselves in headers, and nobody send others', async () => {
    const preflight = async (origin: string, asked: string) => {
      const headers = { Origin: origin, 'Access-Control-Request-Method': 'POST' };
      const answer = await fetch(`${server.url}${OPENAI_BASE_PATH}/chat/completions`, {
        method: 'OPTIONS',
        headers: { ...headers, 'Access-Control-Request-Headers': asked },
      });
      return answer.headers.get('access-control-allow-headers')?.split(', ') ?? [];
    };
    const told = ['openai-organization', 'user-agent', 'x-stainless-lang', 'x-stainless-retry-count'];
    expect(await preflight(PAGE, `authorization,content-type,${told.join(', ')}`)).to.include.members([
      'Authorization',
      'Content-Type',
      ...told,
    ]);
    const others = ['cookie', 'x-forwarded-for', 'x-stainless', 'my-x-stainless-os'];
    expect(await preflight(PAGE, others.join(','))).not.to.include.oneOf(others);
    expect(await preflight('https://evil.example', told.join(','))).to.deep.equal([]);
  });
});
