/** The session cookie: its name, how it is read, and how it is set. */
import { parseCookie, stringifySetCookie } from 'cookie';
import type { CookieChange } from './route.ts';

/** Over https the name's prefix makes browsers refuse the cookie on any other host, path or scheme. */
const SECURE_NAME = '__Host-tavernkeep';
const PLAIN_NAME = 'tavernkeep';

function nameFor(secure: boolean): string {
  return secure ? SECURE_NAME : PLAIN_NAME;
}

/** The session secret that a request carries; null where it carries none. */
export function readSessionCookie(header: string | undefined, secure: boolean): string | null {
  if (header === undefined) return null;
  return parseCookie(header)[nameFor(secure)] || null;
}

/** The value of `Set-Cookie` for a change. */
export function sessionCookie(change: CookieChange, secure: boolean): string {
  const ended = change === 'clear';
  return stringifySetCookie({
    name: nameFor(secure),
    value: ended ? '' : change.secret,
    expires: ended ? new Date(0) : change.expiresAt,
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure,
  });
}
