/** The OpenAPI 3.1 document, made of the route declarations. */
import { z } from 'zod';
import { idempotencyErrors } from '#application/shared/idempotency.ts';
import { preconditionErrors } from '#application/shared/precondition.ts';
import { rateLimitErrors } from '#application/shared/rate-limiter.ts';
import { storeErrors } from '#application/shared/store-errors.ts';
import { identityErrors } from '#domain/identity/errors.ts';
import { actorErrors } from '#domain/shared/actor.ts';
import type { Refusal } from '#domain/shared/domain-error.ts';
import { BODY_KINDS, type Body } from '../declaration/body.ts';
import { type EventsSchema, isEventsSchema } from '../declaration/events.ts';
import { type HttpRefusal, httpErrors } from '../declaration/http-errors.ts';
import type { Access, Route } from '../declaration/route.ts';
import { isStreamSchema, type StreamContent, type StreamSchema } from '../declaration/stream.ts';
import { openAiErrorSchema } from '../refusals/openai-error.ts';
import { statusOf } from '../refusals/problem.ts';
import { problemSchema } from './problem-schema.ts';

type Json = Record<string, unknown>;
type AnyRefusal = Refusal | HttpRefusal;

export type OpenApi = Readonly<{
  openapi: '3.1.0';
  info: Json;
  servers: readonly Json[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Json>; securitySchemes: Json };
}>;

export type Operation = Readonly<{
  operationId: string;
  /** Where it is not below the base path. */
  servers?: readonly Json[];
  tags: readonly string[];
  summary: string;
  'x-access': string;
  'x-frames'?: Json;
  security: readonly Json[];
  parameters: readonly Json[];
  requestBody?: Json;
  responses: Record<string, Json>;
}>;

/** What an access refuses with that is not a permission. */
const ACCESS_REFUSALS: Readonly<Record<string, readonly Refusal[]>> = {
  public: [],
  signed_in: [],
  session: [identityErrors.sessionRequired],
};

const securitySchemes: Json = {
  session: { type: 'apiKey', in: 'cookie', name: 'tavernkeep' },
  token: { type: 'http', scheme: 'bearer', description: 'An API token.' },
};

export function openApiOf(routes: readonly Route[], version: string, basePath: string): OpenApi {
  const schemas: Record<string, Json> = { Problem: problemSchema() };
  const paths: OpenApi['paths'] = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route, schemas) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Tavernkeep', version, description: 'The backend of a tabletop-game assistant.' },
    servers: [{ url: basePath }],
    paths,
    components: { schemas, securitySchemes },
  };
}

/** Everything that a route can refuse with: what it declares, and what every route of its kind shares. */
function refusalsOf(route: Route): readonly AnyRefusal[] {
  const signedIn = route.access === 'public' ? [] : [actorErrors.unauthenticated];
  const permitted = ACCESS_REFUSALS[route.access] ?? [actorErrors.permissionMissing];
  const missing = Object.values(route.params).map((parameter) => parameter.missing);
  const unsafe = route.method === 'get' ? [] : [httpErrors.foreignOrigin];
  const input = route.query !== null || route.method !== 'get' ? [httpErrors.invalidInput] : [];
  const body = route.body === null ? [] : BODY_KINDS[route.body.kind].refusals;
  return [
    ...new Set([
      ...body,
      ...signedIn,
      ...unsafe,
      ...permitted,
      ...input,
      ...missing,
      ...route.errors,
      ...conventional(route),
      rateLimitErrors.rateLimited,
      storeErrors.storeUnavailable,
      ...(route.method === 'get' ? [] : [storeErrors.outcomeUnknown]),
    ]),
  ];
}

/** Refusals of the conventions that the route takes part in. */
function conventional(route: Route): readonly AnyRefusal[] {
  const { malformedIdempotencyKey, idempotencyKeyReused, idempotencyNotSupported, preconditionRequired } = httpErrors;
  const keyed = route.idempotent
    ? [malformedIdempotencyKey, idempotencyErrors.inFlight, idempotencyKeyReused]
    : [idempotencyNotSupported];
  return changesByTag(route) ? [...keyed, preconditionRequired, preconditionErrors.stale] : keyed;
}

/** Whether it changes only what `If-Match` names. */
function changesByTag(route: Route): boolean {
  return route.etag && route.method !== 'get';
}

function operationOf(route: Route, schemas: Record<string, Json>): Operation {
  return {
    operationId: operationId(route),
    ...(route.basePath === '' && { servers: [{ url: '/' }] }),
    tags: [route.tag],
    summary: route.summary,
    'x-access': route.access,
    security: securityOf(route.access),
    parameters: [...pathParameters(route, schemas), ...queryParameters(route, schemas), ...headerParameters(route)],
    ...(route.frames === null ? {} : { 'x-frames': framesOf(route.frames, schemas) }),
    ...(route.body === null ? {} : { requestBody: requestBody(route.body, schemas) }),
    responses: { ...successes(route, schemas), ...failures(route, schemas) },
  };
}

/** What a client sends on a WebSocket, by type: beside `type` and `id` it has what the body of the call has. */
function framesOf(frames: NonNullable<Route['frames']>, schemas: Record<string, Json>): Json {
  return Object.fromEntries(
    Object.entries(frames).map(([type, { body }]) => [
      type,
      body === null ? {} : schemaOf(body.schema, 'input', schemas),
    ]),
  );
}

function requestBody(body: Body, schemas: Record<string, Json>): Json {
  const schema = schemaOf(body.kind === 'lines' ? body.line : body.schema, 'input', schemas);
  return {
    required: !body.optional,
    ...(body.kind === 'lines' && { description: 'One JSON object a line, each of this form.' }),
    content: {
      ...(body.kind === 'file' && { '*/*': { schema: { type: 'string', format: 'binary' } } }),
      [BODY_KINDS[body.kind].contentType]: { schema },
    },
  };
}

function contentSchema(content: StreamContent, schemas: Record<string, Json>): Json {
  if ('schema' in content) return schemaOf(content.schema, 'output', schemas);
  return content.of === 'text' ? { type: 'string' } : { type: 'string', format: 'binary' };
}

function securityOf(access: Access): readonly Json[] {
  if (access === 'public') return [];
  return access === 'session' ? [{ session: [] }] : [{ session: [] }, { token: [] }];
}

function operationId(route: Route): string {
  const words = route.path.split('/').filter((part) => part !== '');
  return [route.method, ...words.map((word) => word.replaceAll(/[{}]/g, ''))].join('_').replaceAll('-', '_');
}

function pathParameters(route: Route, schemas: Record<string, Json>): Json[] {
  return Object.entries(route.params).map(([name, { schema, description }]) => ({
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', ...schemaOf(schema, 'input', schemas) },
  }));
}

function queryParameters(route: Route, schemas: Record<string, Json>): Json[] {
  if (route.query === null) return [];
  const object = schemaOf(route.query, 'input', schemas) as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(object.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: object.required?.includes(name) ?? false,
    schema,
  }));
}

function headerParameters(route: Route): Json[] {
  const idempotencyKey = {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same key and body again within 24 hours: one effect, and the first answer without its secret.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  };
  const ifMatch = {
    name: 'If-Match',
    in: 'header',
    required: true,
    description: 'The `ETag` of what is changed, as it was last read.',
    schema: { type: 'string' },
  };
  return [...(route.idempotent ? [idempotencyKey] : []), ...(changesByTag(route) ? [ifMatch] : [])];
}

function successes(route: Route, schemas: Record<string, Json>): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(route.returns).map(([status, declared]) => [
      status,
      declared === null
        ? { description: 'Done; no body.' }
        : { description: 'Done.', content: contentOf(declared, schemas, status) },
    ]),
  );
}

/** By content type; of a stream of lines the schema is that of one line, of events that of one event. */
function contentOf(
  declared: z.ZodType | StreamSchema | EventsSchema,
  schemas: Record<string, Json>,
  status: string,
): Json {
  if (isEventsSchema(declared))
    return { [status === '101' ? 'application/json' : 'text/event-stream']: { schema: eventOf(declared, schemas) } };
  if (!isStreamSchema(declared)) return { 'application/json': { schema: schemaOf(declared, 'output', schemas) } };
  return Object.fromEntries(
    Object.entries(declared.contents).map(([type, content]) => [type, { schema: contentSchema(content, schemas) }]),
  );
}

/** Event, id and data, as one of each name has them. */
function eventOf({ events }: EventsSchema, schemas: Record<string, Json>): Json {
  return {
    oneOf: Object.entries(events).map(([name, schema]) => ({
      type: 'object',
      required: ['event', 'data'],
      properties: { event: { const: name }, id: { type: 'string' }, data: schemaOf(schema, 'output', schemas) },
    })),
  };
}

function failures(route: Route, schemas: Record<string, Json>): Record<string, Json> {
  const content = failureContent(route, schemas);
  const byStatus = Object.groupBy(refusalsOf(route), (refusal) => String(statusOf(refusal)));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, refusals = []]) => [
      status,
      {
        description: refusals.map(({ code, meaning }) => `\`${code}\`: ${meaning}`).join('\n\n'),
        content,
      },
    ]),
  );
}

function failureContent({ basePath }: Route, schemas: Record<string, Json>): Json {
  return basePath === ''
    ? { 'application/json': { schema: schemaOf(openAiErrorSchema, 'output', schemas) } }
    : { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
}

/** A schema as JSON Schema; what has an id moves to the components and is referred to. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, Json>): Json {
  const {
    $schema: _,
    $defs,
    ...own
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json & { $defs?: Record<string, Json> };
  const { id, ...rest } = own as { id?: string };
  for (const [name, definition] of Object.entries($defs ?? {}))
    schemas[name] = withoutId(pointToComponents(definition));
  if (id === undefined) return pointToComponents(rest);
  schemas[id] = pointToComponents(rest);
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId({ id: _, ...rest }: Json): Json {
  return rest;
}

function pointToComponents(schema: Json): Json {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}
