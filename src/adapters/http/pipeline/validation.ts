/** Checks what a request brings against what its route declares. */
import type { Request } from 'express';
import { z } from 'zod';
import { parseInput } from '../bodies/parse-input.ts';
import { NO_BODY, Upload } from '../declaration/body.ts';
import { isCleanText } from '../declaration/clean-text.ts';
import { httpErrors } from '../declaration/http-errors.ts';
import type { Call, PathParameters, Route } from '../declaration/route.ts';

/** What a route takes that declares no query. Made once: a schema costs more to make than to use. */
const NO_QUERY = z.strictObject({});

type Input = Pick<Call<'public', PathParameters, unknown, unknown>, 'params' | 'query' | 'body'>;

/**
 * Path, query and body as the route declares them. Throws 400 `invalid_input` or `malformed_text`, then the path's own
 * refusals.
 */
export function validated(route: Route, request: Request, body: unknown): Input {
  const input = {
    query: parseInput(route.query ?? NO_QUERY, cleanQuery(request), 'query'),
    body: parseBody(route, body),
  };
  return { params: parsePath(route, request), ...input };
}

/** An id that cannot be is answered like one that nobody has: what is invalid comes before it. */
export function parsePath(route: Route, request: Request): Record<string, unknown> {
  const params: Record<string, unknown> = {};
  for (const name in route.params) {
    const { schema, missing } = route.params[name] as PathParameters[string];
    const parsed = schema.safeParse(request.params[name]);
    if (!parsed.success) throw missing();
    params[name] = parsed.data;
  }
  return params;
}

function cleanQuery(request: Request): Record<string, unknown> {
  const query = request.query as Record<string, unknown>;
  for (const [name, value] of Object.entries(query)) {
    if (!isCleanText(name) || (typeof value === 'string' && !isCleanText(value))) throw httpErrors.malformedText();
  }
  return query;
}

function parseBody(route: Route, body: unknown): unknown {
  // Nobody has seen it yet.
  if (body instanceof Upload) return body;
  const { schema, optional } = route.body ?? NO_BODY;
  return parseInput(schema, body === undefined && optional ? {} : body, 'body');
}
