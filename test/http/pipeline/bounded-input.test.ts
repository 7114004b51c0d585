/** Every list that a request may hold has a maximum: in every body and every query that is declared. */
import { expect } from 'chai';
import { z } from 'zod';
import type { Route } from '#adapters/http/declaration/route.ts';
import { routesOf } from '#infrastructure/http/create-http.ts';
import { startTestServer } from '../../support/servers/server.ts';

/** Bounded by something that JSON Schema does not say. */
const BOUNDED_ELSEWHERE: Readonly<Record<string, string>> = {
  'get /auth/oauth/{provider}/callback query': 'whatever a provider adds; a head is at most 16 KiB',
  'post /chat/{thread} body.metadata': 'at most 8 KiB as JSON; test/http/conversations/messages.test.ts',
  'post /v1/chat/completions body.response_format[0]': 'handed on as it is; a body is at most 1 MiB',
  'post /mcp body': 'any message of JSON-RPC; a body is at most 1 MiB',
};

type Json = Readonly<Record<string, unknown>>;

/** Where a schema has a list, or an object of any keys, without a maximum. */
function unbounded(schema: unknown, at: string): string[] {
  if (Array.isArray(schema)) return schema.flatMap((one, index) => unbounded(one, `${at}[${index}]`));
  if (schema === null || typeof schema !== 'object') return [];
  const { type, maxItems, maxProperties, additionalProperties, properties, ...rest } = schema as Json;
  const open = typeof additionalProperties === 'object' && maxProperties === undefined;
  const own = (type === 'array' && maxItems === undefined) || (type === 'object' && open) ? [at] : [];
  const named = Object.entries((properties ?? {}) as Json).flatMap(([name, one]) => unbounded(one, `${at}.${name}`));
  const inner = Object.values(rest).flatMap((one) => unbounded(one, at));
  return [...own, ...named, ...inner, ...unbounded(additionalProperties, `${at}.*`)];
}

function inputOf({ method, path, query, body }: Route): string[] {
  const of = (schema: z.ZodType | undefined | null, where: string) =>
    schema == null ? [] : unbounded(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), where);
  return [...of(query, 'query'), ...of(body?.schema, 'body')].map((one) => `${method} ${path} ${one}`);
}

describe('HTTP: the input of routes', () => {
  it('has no list and no open object without a maximum, but those that are bounded in bytes', async () => {
    const server = await startTestServer();
    try {
      const found = routesOf(server.application.container).flatMap(inputOf);
      expect(found).to.deep.equal(Object.keys(BOUNDED_ELSEWHERE));
    } finally {
      await server.close();
    }
  });

  it('is looked at wherever a schema can hold a list', () => {
    const list = z.array(z.string());
    for (const schema of [
      z.strictObject({ list }),
      z.strictObject({ list: list.min(1).optional() }),
      z.strictObject({ inner: z.strictObject({ list }) }),
      z.union([z.string(), z.strictObject({ list })]),
      z.strictObject({ list: z.array(list).max(3) }),
      z.strictObject({ list: z.record(z.string(), z.string()) }),
      z.strictObject({ list: list.default([]) }),
    ]) {
      expect(unbounded(z.toJSONSchema(schema, { io: 'input' }), 'body')).to.have.length(1);
    }
    expect(unbounded(z.toJSONSchema(z.strictObject({ list: list.max(2) }), { io: 'input' }), 'body')).to.deep.equal([]);
  });
});
