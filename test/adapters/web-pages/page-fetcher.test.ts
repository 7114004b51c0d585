import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { PageFetcher, type PageFetcherOptions } from '../../../src/adapters/web-pages/page-fetcher.ts';
import { isPublicAddress } from '../../../src/adapters/web-pages/public-addresses.ts';
import { DomainError } from '../../../src/domain/shared/domain-error.ts';

const NEVER = new AbortController().signal;
/** Stands for an address of the internet: the tests' own servers listen there. */
const PUBLIC = '127.0.0.9';
const INTERNAL = '127.0.0.1';
const HOSTS: Readonly<Record<string, readonly string[]>> = {
  'books.example': [PUBLIC],
  'internal.example': [INTERNAL],
  'both.example': [PUBLIC, INTERNAL],
  'metadata.example': ['169.254.169.254'],
};

describe('PageFetcher', () => {
  let server: Server;
  let listener: RequestListener;
  let asked: string[];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.headers.host?.split(':')[0]}${request.url}`);
      listener(request, response);
    });
    // On all addresses of this host, so that what should not be reached would answer.
    server.listen(0, '0.0.0.0');
    await once(server, 'listening');
  });
  after(() => server.close());
  beforeEach(() => {
    asked = [];
    listener = (_, response) => response.setHeader('content-type', 'text/plain').end('The tavern opens at dusk.');
  });

  const port = () => (server.address() as AddressInfo).port;
  const at = (host: string, path = '/') => `http://${host}:${port()}${path}`;

  function fetcher(options: PageFetcherOptions = {}): PageFetcher {
    return new PageFetcher({
      resolve: async (name) => {
        const found = HOSTS[name];
        if (found === undefined) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' });
        return found.map((address) => ({ address, family: 4 }));
      },
      isPublic: (address) => address === PUBLIC || isPublicAddress(address),
      ...options,
    });
  }

  async function refusal(url: string, options?: PageFetcherOptions): Promise<DomainError> {
    try {
      await fetcher(options).fetch(url, NEVER);
    } catch (error) {
      expect(error).to.be.instanceOf(DomainError);
      return error as DomainError;
    }
    throw new Error('It was fetched.');
  }

  async function expectRefused(url: string, reason: string, options?: PageFetcherOptions): Promise<void> {
    expect((await refusal(url, options)).details.reason, url).to.equal(reason);
  }

  it('answers the bytes, and the name that the address ends with', async () => {
    const page = await fetcher().fetch(at('books.example', '/rules/The%20Tavern.md?v=2'), NEVER);
    expect(Buffer.from(page.bytes).toString()).to.equal('The tavern opens at dusk.');
    expect(page.name).to.equal('The Tavern.md');
  });

  it('refuses what is no address of a page', async () => {
    for (const url of ['', 'books', 'file:///etc/passwd', 'ftp://books.example/', 'javascript:1', 'http://'])
      await expectRefused(url, 'malformed');
    await expectRefused('http://ann:secret@books.example/', 'credentials');
  });

  it('refuses addresses that are not public, however they are written, and connects to none', async () => {
    const written = ['127.0.0.1', '127.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0'];
    for (const host of [...written, '[64:ff9b::7f00:1]', '169.254.169.254', '10.0.0.1', '[fe80::1]'])
      await expectRefused(at(host), 'not_public');
    expect(asked).to.deep.equal([]);
  });

  it('refuses names that lead to addresses that are not public, even to one among others', async () => {
    for (const host of ['internal.example', 'metadata.example', 'both.example'])
      await expectRefused(at(host), 'not_public');
    expect(asked).to.deep.equal([]);
  });

  it('refuses `localhost` as the system resolves it', async () => {
    const { PageFetcher: Real } = await import('../../../src/adapters/web-pages/page-fetcher.ts');
    const failed = await new Real().fetch(at('localhost'), NEVER).catch((error) => error);
    expect(failed.details.reason).to.equal('not_public');
    expect(asked).to.deep.equal([]);
  });

  it('connects to the address that was checked, although the name leads elsewhere the next time', async () => {
    let times = 0;
    const resolve = async () => [{ address: times++ === 0 ? PUBLIC : INTERNAL, family: 4 }];
    listener = (request, response) => response.end(request.socket.localAddress);
    const page = await fetcher({ resolve }).fetch(at('books.example'), NEVER);
    expect(Buffer.from(page.bytes).toString()).to.equal(PUBLIC);
    expect(times).to.equal(1);
  });

  it('follows redirects, and checks each hop', async () => {
    const to =
      (location: string): RequestListener =>
      (request, response) =>
        request.url === '/' ? response.writeHead(302, { location }).end() : response.end('Found.');
    listener = to('/next');
    expect((await fetcher().fetch(at('books.example'), NEVER)).url.href).to.equal(at('books.example', '/next'));
    for (const host of ['127.0.0.1', 'internal.example', '2130706433', '[::1]']) {
      listener = to(at(host, '/next'));
      await expectRefused(at('books.example'), 'not_public');
    }
    listener = to('file:///etc/passwd');
    await expectRefused(at('books.example'), 'malformed');
    expect(asked.filter((path) => !path.startsWith('books.example'))).to.deep.equal([]);
  });

  it('checks the second look-up of a name as it checked the first', async () => {
    const resolve = async () => [{ address: asked.length === 0 ? PUBLIC : INTERNAL, family: 4 }];
    listener = (_, response) => response.writeHead(302, { location: '/again' }).end();
    await expectRefused(at('books.example'), 'not_public', { resolve });
    expect(asked).to.have.length(1);
  });

  it('gives up where redirects do not end', async () => {
    listener = (_, response) => response.writeHead(302, { location: '/again' }).end();
    await expectRefused(at('books.example'), 'too_many_redirects');
    expect(asked).to.have.length(6);
  });

  it('refuses more bytes than its limit, declared or not, and reads no further', async () => {
    listener = (_, response) => {
      response.on('error', () => {});
      const chunk = Buffer.alloc(1_000, 'a');
      const more = () => {
        while (!response.destroyed && response.write(chunk));
      };
      response.on('drain', more);
      more();
    };
    const failed = await refusal(at('books.example'), { maxBytes: 10_000 });
    expect(failed.code).to.equal('document_too_large');
  });

  it('refuses a host that is silent, and one that sends forever a little', async () => {
    listener = () => {};
    await expectRefused(at('books.example'), 'timeout', { timeoutMs: 100 });
    listener = (_, response) => {
      const timer = setInterval(() => response.write('a'), 10);
      response.on('close', () => clearInterval(timer));
    };
    await expectRefused(at('books.example'), 'timeout', { timeoutMs: 200 });
  });

  it('refuses errors, types that are not read, and encodings that nobody asked for', async () => {
    listener = (_, response) => response.writeHead(404).end('no');
    await expectRefused(at('books.example'), 'status');
    listener = (_, response) => response.setHeader('content-type', 'image/png').end('no');
    await expectRefused(at('books.example'), 'type');
    listener = (_, response) => response.setHeader('content-encoding', 'gzip').end('no');
    await expectRefused(at('books.example'), 'encoding');
  });

  it('tells nothing of a connection that fails', async () => {
    listener = (request) => request.socket.destroy();
    const failed = await refusal(at('books.example'));
    expect(failed.details.reason).to.equal('no_answer');
    expect(`${failed.message} ${JSON.stringify(failed.details)}`).not.to.match(/127|ECONN|\d{4,}/);
    await expectRefused(at('nowhere.example'), 'not_found');
  });

  it('ends with the reason of a signal that is aborted', async () => {
    listener = () => {};
    const controller = new AbortController();
    const fetched = fetcher()
      .fetch(at('books.example'), controller.signal)
      .catch((error) => error);
    controller.abort(new Error('canceled'));
    expect((await fetched).message).to.equal('canceled');
  });

  it('sends no cookie and no credential', async () => {
    let headers: object = {};
    listener = (request, response) => {
      headers = request.headers;
      response.end('Found.');
    };
    await fetcher().fetch(at('books.example'), NEVER);
    expect(headers).to.have.all.keys('accept', 'accept-encoding', 'user-agent', 'host', 'connection');
  });
});
