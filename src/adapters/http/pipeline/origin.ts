/** Where a request was served, and whether a browser sent it from a page of another origin. */
import type { Request } from 'express';
import { httpErrors } from '../declaration/http-errors.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether the client reached us over https: by the configured public address, else by the connection (or a trusted
 * proxy).
 */
export function isSecure(request: Request, publicUrl: URL | null): boolean {
  return publicUrl === null ? request.protocol === 'https' : publicUrl.protocol === 'https:';
}

/** Where the server is reached: the configured public address, else what the request says. */
export function ownOrigin(request: Request, secure: boolean, publicUrl: URL | null): string {
  return publicUrl?.origin ?? `${secure ? 'https' : 'http'}://${request.headers.host ?? ''}`;
}

/** Whether a browser says that a page of another site led to this request; the provider's own redirects do, too. */
export function isCrossSite(request: Request): boolean {
  return request.headers['sec-fetch-site'] === 'cross-site' || request.headers['sec-fetch-site'] === 'same-site';
}

/**
 * Refuses an unsafe request, or one for a socket, that a page of another origin sent. Browsers always name the origin
 * of such a request; programs that are no browsers need not.
 */
export function checkOrigin(request: Request, own: string, isSocket = false): void {
  if (!isSocket && SAFE_METHODS.has(request.method)) return;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  const foreign =
    origin === undefined ? site !== undefined && site !== 'same-origin' && site !== 'none' : origin !== own;
  if (foreign) throw httpErrors.foreignOrigin({}, `Send this from ${own}, or from a program that is no browser.`);
}
