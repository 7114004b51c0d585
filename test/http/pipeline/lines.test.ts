/** Bodies of lines: read while the call is carried out, for as long as they keep coming. */
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { z } from 'zod';
import { patientChunks } from '#adapters/http/bodies/patient-chunks.ts';
import { BASE_PATH } from '#adapters/http/declaration/base-path.ts';
import { linesBody } from '#adapters/http/declaration/body.ts';
import { HttpError } from '#adapters/http/declaration/http-errors.ts';
import { route } from '#adapters/http/declaration/route.ts';
import { type RunningServer, startServer } from '#infrastructure/http/server.ts';
import { BARE_COOKIE, bareApp } from '../../support/servers/bare-app.ts';
import { answered, dial, parseAnswer } from '../../support/servers/sockets.ts';

const PATH = `${BASE_PATH}/numbers`;

/** Answers the numbers that it reads, with their lines. */
const taking = (atOnce: { read: number }) =>
  route({
    method: 'post',
    path: '/numbers',
    tag: 'Test',
    summary: 'Takes numbers.',
    access: 'signed_in',
    body: linesBody(z.strictObject({ n: z.int() }), { maxBytes: 400, maxLineBytes: 40 }),
    returns: { 200: z.array(z.array(z.int())) },
    async handle({ body }) {
      const read: number[][] = [];
      for await (const { number, bytes, value } of body) {
        read.push([number, bytes, value.n]);
        atOnce.read = read.length;
      }
      return { status: 200, body: read };
    },
  });

describe('HTTP: bodies of lines', function () {
  this.timeout(10_000);
  const progress = { read: 0 };
  let server: RunningServer;

  before(async () => {
    const limits = { headersTimeoutMs: 60, requestTimeoutMs: 60, checkEveryMs: 10 };
    server = await startServer(bareApp([taking(progress)]), '127.0.0.1', 0, { limits });
  });
  after(() => server.stop());

  const head = (more: string) =>
    `POST ${PATH} HTTP/1.1\r\nHost: x\r\nCookie: ${BARE_COOKIE}\r\nContent-Type: application/x-ndjson\r\n${more}\r\n`;
  const sent = async (body: string) => {
    const socket = await dial(
      server.url,
      `${head(`Connection: close\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`)}${body}`,
    );
    const { status, body: text } = parseAnswer(await answered(socket));
    return { status, body: JSON.parse(text) };
  };

  it('are given line by line, with their numbers and lengths, whether or not the last one ends', async () => {
    const expected = [
      [1, 7, 1],
      [2, 8, 22],
    ];
    expect(await sent('{"n":1}\n{"n":22}\n')).to.deep.equal({ status: 200, body: expected });
    expect(await sent('{"n":1}\n{"n":22}')).to.deep.equal({ status: 200, body: expected });
    expect((await sent('')).body).to.deep.equal([]);
  });

  it('are refused at the line that is of another form, or too large', async () => {
    const cases = [
      ['{"n":1}\n{"n":"x"}', 400, 'invalid_input', 2],
      ['{"n":1}\n\n{"n":2}', 400, 'malformed_json', 2],
      [`{"n":1}\n${' '.repeat(41)}`, 413, 'body_too_large', 2],
      [`${'{"n":1}\n'.repeat(51)}`, 413, 'body_too_large', undefined],
    ] as const;
    for (const [body, status, code, line] of cases)
      expect((await sent(body)).body, body).to.deep.include({ status, code, ...(line === undefined ? {} : { line }) });
  });

  it('may take longer than other requests, which are given up meanwhile, and do not wait for their end', async () => {
    const long = await dial(
      server.url,
      `${head('Connection: close\r\nTransfer-Encoding: chunked\r\n')}8\r\n{"n":1}\n\r\n`,
    );
    const text = answered(long);
    const other = await dial(server.url, 'GET / HTTP/1.1\r\nX-');
    expect(await answered(other)).to.contain('HTTP/1.1 408 ');
    expect(progress.read).to.equal(1);
    long.write('8\r\n{"n":2}\n\r\n0\r\n\r\n');
    const answer = parseAnswer(await text);
    expect([answer.status, answer.body]).to.deep.equal([200, '[[1,7,1],[2,7,2]]']);
  });

  it('are given up where they come too slowly: 408', async () => {
    const silent = new Readable({ read: () => {} }) as IncomingMessage;
    silent.push('some');
    const chunks = patientChunks(silent, { graceMs: 30, msPerByte: 0 });
    expect(String((await chunks.next()).value)).to.equal('some');
    const failure = await chunks.next().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(HttpError).and.to.include({ status: 408, code: 'request_timeout' });
  });
});
