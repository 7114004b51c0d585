/** How a body is read as its route declares it: within the bound that the route sets. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { expect } from 'chai';
import { z } from 'zod';
import { readBody } from '#adapters/http/bodies/body.ts';
import { jsonBody } from '#adapters/http/declaration/body.ts';
import { HttpError } from '#adapters/http/declaration/http-errors.ts';
import { failureOf } from '../../../support/reporting/refusals.ts';

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };

/** A request whose body comes in these pieces. */
function request(pieces: readonly string[], headers: IncomingHttpHeaders = JSON_TYPE): IncomingMessage {
  const body = Readable.from(pieces.map((piece) => Buffer.from(piece)));
  return Object.assign(body, { headers }) as unknown as IncomingMessage;
}

/** JSON of exactly so many bytes. */
function jsonOf(bytes: number): string {
  return `"${'x'.repeat(bytes - 2)}"`;
}

describe('the reading of bodies', () => {
  for (const [bound, declared] of [
    [MIB, jsonBody(z.string())],
    [MIB / 2, jsonBody(z.string(), { maxBytes: MIB / 2 })],
    [2 * MIB, jsonBody(z.string(), { maxBytes: 2 * MIB })],
  ] as const) {
    it(`takes ${bound / MIB} MiB where the route declares it, and refuses a byte more with 413, naming the bound`, async () => {
      const [within, beyond] = [jsonOf(bound), jsonOf(bound + 1)];
      const length = { ...JSON_TYPE, 'content-length': String(bound) };
      for (const headers of [JSON_TYPE, length])
        expect(await readBody(request([within], headers), declared)).to.equal(within.slice(1, -1));
      for (const refused of [
        request([beyond.slice(0, bound), beyond.slice(bound)]),
        request([], { ...JSON_TYPE, 'content-length': String(bound + 1) }),
      ]) {
        const error = await failureOf(readBody(refused, declared));
        expect(error)
          .to.be.instanceOf(HttpError)
          .and.to.include({
            status: 413,
            code: 'body_too_large',
            message: `The body is larger than ${bound / MIB} MiB.`,
          });
      }
    });
  }

  it('answers undefined where there is no body, whatever its type is said to be', async () => {
    expect(await readBody(request([], { 'content-type': 'text/plain' }), jsonBody(z.string()))).to.equal(undefined);
  });
});
