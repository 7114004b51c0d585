/** How much a refusal says of what is wrong with a request. */
import { expect } from 'chai';
import type { Request } from 'express';
import { z } from 'zod';
import { jsonBody } from '#adapters/http/declaration/body.ts';
import type { HttpError } from '#adapters/http/declaration/http-errors.ts';
import { route } from '#adapters/http/declaration/route.ts';
import { validated } from '#adapters/http/pipeline/validation.ts';

const declared = route({
  method: 'post',
  path: '/counts',
  tag: 'Test',
  summary: 'Takes a few counts.',
  access: 'public',
  body: jsonBody(z.record(z.string(), z.int(`must be whole ${'!'.repeat(300)}`)).optional()),
  returns: { 204: null },
  handle: async () => ({ status: 204 }),
});

/** What a body is refused with. */
function refused(body: unknown): HttpError {
  try {
    validated(declared, { query: {}, params: {} } as unknown as Request, body);
  } catch (error) {
    return error as HttpError;
  }
  throw new Error('Nothing was refused.');
}

describe('The refusal of an input', () => {
  it('tells where and what of each fault in 200 characters at most, and of all in 500', () => {
    const { details, message, code } = refused({ [`a${'b'.repeat(300)}`]: 0.5 });
    expect(code).to.equal('invalid_input');
    const [path, said] = [`body.a${'b'.repeat(194)}`, `must be whole ${'!'.repeat(186)}`];
    expect([path.length, said.length]).to.deep.equal([200, 200]);
    expect(details).to.deep.equal({ errors: [{ path, message: said }] });
    expect(message).to.equal(`${path}: ${said}`);
    expect(refused({ a: 0.5, b: 0.5, c: 0.5 }).message).to.have.length(500);
  });

  it('tells 20 faults at most, the first ones', () => {
    const faulty = Object.fromEntries(Array.from({ length: 25 }, (_, n) => [`count${n}`, 0.5]));
    const { errors } = refused(faulty).details as { errors: readonly { path: string }[] };
    expect(errors.map(({ path }) => path)).to.deep.equal(Array.from({ length: 20 }, (_, n) => `body.count${n}`));
  });
});
