/** What a request shows of who sent it: a session's cookie, or the API token of a program. */
import type { Request } from 'express';
import type { PresentedSecrets } from '../declaration/route.ts';
import { readCookies } from './cookie.ts';

const BEARER = /^bearer(?: +(?<token>.*))?$/i;

/**
 * A token wins over a cookie, which then counts for nothing. A page of another origin is given nothing for a cookie
 * either: `foreign` says that one of those sent the request.
 */
export function presentedSecrets(request: Request, secure: boolean, foreign: boolean): PresentedSecrets {
  const match = BEARER.exec(request.headers.authorization ?? '');
  if (match !== null) return { sessionSecret: null, oauthFlow: null, bearer: match.groups?.token ?? '' };
  const { session, oauthFlow } = readCookies(foreign ? undefined : request.headers.cookie, secure);
  return { sessionSecret: session, oauthFlow, bearer: null };
}
