/**
 * Many routes behind our own pipeline, none of which does anything: one server where `GET /auth/me` is the first, one
 * where it is the last.
 */
import { z } from 'zod';
import { BASE_PATH } from '../../src/adapters/http/declaration/base-path.ts';
import { type Route, route } from '../../src/adapters/http/declaration/route.ts';
import { startServer } from '../../src/infrastructure/http/server.ts';
import { BARE_COOKIE, bareApp } from '../../test/support/servers/bare-app.ts';

const ROUTES = 150;
const ANSWER = { user: { id: 'usr_1', display_name: 'Vex' }, roles: ['player'], permissions: ['chat.use'] };

function get(path: string): Route {
  return route({
    method: 'get',
    path,
    tag: 'Bench',
    summary: 'Answers what it always answers.',
    access: 'signed_in',
    returns: { 200: z.unknown() },
    async handle() {
      return { status: 200, body: ANSWER };
    },
  });
}

/** As long as our own paths are, half of them with a parameter. */
const others = Array.from({ length: ROUTES - 1 }, (_, n) =>
  get(n % 2 === 0 ? `/things-${n}/all` : `/things-${n}/{id}/parts`),
);
const me = get('/auth/me');

async function serve(routes: readonly Route[]): Promise<string> {
  const { url } = await startServer(bareApp(routes, { checkResponses: false }), '127.0.0.1', 0);
  return `${url}${BASE_PATH}${me.path}`;
}

process.send!({
  cookie: BARE_COOKIE,
  routes: ROUTES,
  first: await serve([me, ...others]),
  last: await serve([...others, me]),
});
