/** A browser as far as redirects, cookies and forms go: enough to sign in at a provider. */
import { noteCode } from '../reporting/codes-seen.ts';

export type Page = Readonly<{ url: string; status: number; text: string; location: string | null }>;

export class UserAgent {
  /** By origin, then by name. */
  readonly #cookies = new Map<string, Map<string, string>>();

  /** One request, with the cookies of its origin; no redirect is followed. */
  async fetch(url: string, init: RequestInit = {}): Promise<Page> {
    const { origin } = new URL(url);
    const jar = this.#cookies.get(origin) ?? new Map<string, string>();
    this.#cookies.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === '' ? {} : { Cookie: cookie }) };
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const set of response.headers.getSetCookie()) keep(jar, set);
    const location = response.headers.get('location');
    const target = location === null ? null : new URL(location, url).href;
    const text = await response.text();
    noteCode(response, text);
    return { url, status: response.status, text, location: target };
  }

  /** Follows redirects until a page comes that is none, or one leads to an address that begins with `until`. */
  async follow(url: string, until = '\0'): Promise<Page> {
    let page = await this.fetch(url);
    while (page.location !== null && !page.location.startsWith(until)) page = await this.fetch(page.location);
    return page;
  }

  /** Fills in the form of a page and sends it, then follows redirects. */
  async submit(page: Page, fields: Readonly<Record<string, string>>, until?: string): Promise<Page> {
    const action = /<form[^>]*action="([^"]+)"/.exec(page.text)?.[1];
    if (action === undefined) throw new Error(`There is no form at ${page.url}: ${page.status} ${page.text}`);
    const hidden = page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
    const body = new URLSearchParams({ ...Object.fromEntries([...hidden].map(([, k, v]) => [k, v])), ...fields });
    const answer = await this.fetch(new URL(action, page.url).href, { method: 'POST', body });
    if (answer.location === null || answer.location.startsWith(until ?? '\0')) return answer;
    return this.follow(answer.location, until);
  }

  /** The cookies that an origin has set, as a request would carry them. */
  cookiesOf(url: string): ReadonlyMap<string, string> {
    return this.#cookies.get(new URL(url).origin) ?? new Map();
  }

  /** Forgets all cookies of an origin. */
  forget(url: string): this {
    this.#cookies.delete(new URL(url).origin);
    return this;
  }

  /** Sets a cookie as its origin would. */
  setCookie(url: string, name: string, value: string): void {
    const { origin } = new URL(url);
    this.#cookies.set(origin, (this.#cookies.get(origin) ?? new Map()).set(name, value));
  }
}

function keep(jar: Map<string, string>, setCookie: string): void {
  const [pair = ''] = setCookie.split(';');
  const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
  if (value === '') jar.delete(name);
  else jar.set(name, value);
}
