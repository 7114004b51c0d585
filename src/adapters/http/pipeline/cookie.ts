/** Our cookies, a session's and that of a sign-in under way at a provider: their names, how they are read and set. */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { CookieChange, Reply } from '../declaration/route.ts';

/** Over https the name's prefix makes browsers refuse the cookie on any other host, path or scheme. */
const SECURE_PREFIX = '__Host-';
const NAMES = { session: 'tavernkeep', oauthFlow: 'tavernkeep-oauth' } as const;

type CookieKind = keyof typeof NAMES;

function nameFor(kind: CookieKind, secure: boolean): string {
  return secure ? SECURE_PREFIX + NAMES[kind] : NAMES[kind];
}

/** The secrets that a request's cookies carry; null for each that it lacks. */
export function readCookies(header: string | undefined, secure: boolean): Record<CookieKind, string | null> {
  const cookies = header === undefined ? {} : parseCookie(header);
  const read = (kind: CookieKind) => cookies[nameFor(kind, secure)] || null;
  return { session: read('session'), oauthFlow: read('oauthFlow') };
}

/** The values of `Set-Cookie` of a reply. */
export function setCookies({ cookie, oauthFlow }: Reply, secure: boolean): string[] {
  const set: string[] = [];
  if (oauthFlow !== undefined) set.push(setCookie('oauthFlow', oauthFlow, secure));
  if (cookie !== undefined) set.push(setCookie('session', cookie, secure));
  return set;
}

function setCookie(kind: CookieKind, change: CookieChange, secure: boolean): string {
  const ended = change === 'clear';
  return stringifySetCookie({
    name: nameFor(kind, secure),
    value: ended ? '' : change.secret,
    expires: ended ? new Date(0) : change.expiresAt,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
  });
}
