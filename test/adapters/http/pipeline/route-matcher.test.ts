/** How the route of a request is found: as a look through all of them would find it. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Method, Route } from '#adapters/http/declaration/route.ts';
import { RouteMatcher } from '#adapters/http/pipeline/route-matcher.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { startTestServer, type TestServer } from '../../../support/servers/server.ts';

type Declared = Pick<Route, 'method' | 'path'>;

function matcherOf(routes: readonly Declared[]): RouteMatcher<Declared> {
  const matcher = new RouteMatcher<Declared>();
  for (const route of routes) matcher.add(route.method, route.path, route);
  return matcher;
}

/** The form of a route's path in which texts come before parameters. */
function formOf({ path }: Declared): string {
  return path
    .split('/')
    .map((segment) => (segment.startsWith('{') ? '1' : '0'))
    .join('');
}

/**
 * Looks at every route, with the expression that express makes of its path, and takes the one whose texts come first.
 */
function naive(routes: readonly Declared[], method: string, path: string) {
  const asked = method === 'HEAD' ? 'get' : method.toLowerCase();
  const [first] = routes
    .filter((route) => route.method === asked)
    .map((route) => ({
      route,
      found: new RegExp(`^${route.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`).exec(path),
    }))
    .filter(({ found }) => found !== null)
    .toSorted((a, b) => (formOf(a.route) < formOf(b.route) ? -1 : 1));
  if (first === undefined) return null;
  const params = Object.entries(first.found?.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)]);
  return { target: first.route, params: Object.fromEntries(params) };
}

/** What a look-up answers, or that it cannot decode the path. */
function outcome(look: () => unknown): unknown {
  try {
    return look();
  } catch (error) {
    if (error instanceof URIError) return 'cannot be decoded';
    throw error;
  }
}

const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];

describe('the matcher of routes', () => {
  describe('on the routes of the API', () => {
    let server: TestServer;
    let routes: readonly Route[];
    let matcher: RouteMatcher<Declared>;
    before(async () => {
      server = await startTestServer();
      routes = routesOf(server.application.container);
      matcher = matcherOf(routes);
    });
    after(() => server.close());

    const pathOf = ({ path }: Declared) => path.replaceAll(/\{(\w+)\}/g, 'the-$1');

    it('finds each by its own path, with its parameters, and none by the path of another but where a word goes before a parameter', () => {
      expect(routes.length).to.be.above(60);
      const alike: string[] = [];
      for (const route of routes) {
        const found = matcher.find(route.method.toUpperCase(), pathOf(route));
        expect(found?.target, pathOf(route)).to.equal(route);
        const params = Object.keys(route.params).map((name) => [name, `the-${name}`]);
        expect(found?.params).to.deep.equal(Object.fromEntries(params));
        for (const other of routes.filter((one) => one !== route && one.method === route.method)) {
          if (naive([other], route.method, pathOf(route)) !== null) alike.push(`${route.path}: ${other.path}`);
        }
      }
      expect(alike.toSorted()).to.deep.equal([
        '/chat/import: /chat/{thread}',
        '/chat/search: /chat/{thread}',
        '/jobs/live: /jobs/{id}',
        '/sources/search: /sources/{id}',
      ]);
    });

    it('finds none by a path that is nearly its own, or by a method that nobody declared', () => {
      for (const route of routes) {
        const [method, path] = [route.method.toUpperCase(), pathOf(route)];
        const near = [`${path}/`, `/${path}`, path.replace('/', '//'), path.slice(1), path.toUpperCase()];
        for (const one of near) expect(matcher.find(method, one), one).to.equal(null);
        for (const other of ['OPTIONS', 'TRACE', route.method]) expect(matcher.find(other, path), other).to.equal(null);
      }
    });

    it('leads HEAD where GET leads, and nowhere else', () => {
      for (const route of routes) {
        const found = matcher.find('HEAD', pathOf(route));
        expect(found?.target ?? null).to.equal(matcher.find('GET', pathOf(route))?.target ?? null);
      }
    });
  });

  it('lets texts win over parameters, whichever was added first, and goes back where they lead nowhere', () => {
    const routes = ['/{a}/{b}', '/x/{b}/z', '/{a}/y', '/x/y'].map((path) => ({ method: 'get', path }) as const);
    const matcher = matcherOf(routes);
    for (const [path, expected, params] of [
      ['/x/y', '/x/y', {}],
      ['/o/y', '/{a}/y', { a: 'o' }],
      ['/x/o', '/{a}/{b}', { a: 'x', b: 'o' }],
      ['/x/y/z', '/x/{b}/z', { b: 'y' }],
    ] as const) {
      expect(matcher.find('GET', path), path).to.deep.equal({ target: { method: 'get', path: expected }, params });
    }
    expect(matcher.find('GET', '/x/y/o')).to.equal(null);
  });

  it('decodes what stands for a parameter, a slash too, and throws where it cannot', () => {
    const matcher = matcherOf([{ method: 'get', path: '/chat/{thread}' }]);
    expect(matcher.find('GET', '/chat/a%2Fb%20%C3%A9+')?.params).to.deep.equal({ thread: 'a/b é+' });
    expect(matcher.find('GET', '/ch%61t/a')).to.equal(null);
    expect(() => matcher.find('GET', '/chat/%ff')).to.throw(URIError);
  });

  it('takes no second route for the same calls', () => {
    const matcher = matcherOf([{ method: 'get', path: '/a/{b}' }]);
    expect(() => matcher.add('get', '/a/{c}', { method: 'get', path: '' })).to.throw('get /a/{c} is declared twice.');
    matcher.add('post', '/a/{c}', { method: 'post', path: '' });
  });

  it('finds what a look through every route finds, whatever the routes and whatever the path', () => {
    const declared = fc.record({
      method: fc.constantFrom(...METHODS),
      // Parameters are named for their place, so that no path names one twice.
      path: fc
        .array(fc.constantFrom('a', 'b', '{}'), { minLength: 1, maxLength: 5 })
        .map((parts) => parts.map((part, at) => (part === '{}' ? `/{p${at}}` : `/${part}`)).join('')),
    });
    const routes = fc.uniqueArray(declared, {
      selector: ({ method, path }) => method + path,
      minLength: 1,
      maxLength: 40,
    });
    const segment = fc.constantFrom('a', 'b', 'A', 'c', '', '%61', 'a%2Fb', '%ff', 'é', '__proto__');
    const path = fc.array(segment, { maxLength: 6 }).map((parts) => parts.map((part) => `/${part}`).join(''));
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get');
    fc.assert(
      fc.property(routes, fc.array(fc.tuple(method, path), { maxLength: 20 }), (some, calls) => {
        const matcher = matcherOf(some);
        for (const [called, at] of calls) {
          const expected = outcome(() => (called === 'get' ? null : naive(some, called, at)));
          expect(
            outcome(() => matcher.find(called, at)),
            `${called} ${at}`,
          ).to.deep.equal(expected);
        }
      }),
      { numRuns: 500 },
    );
  });
});
