/** A Postman collection (format 2.1) of all calls, from the OpenAPI document: one folder for each tag. */
import type { OpenApiDocument } from './sdk-types.ts';

type Json = Record<string, unknown>;
type Parameter = Readonly<{ name: string; in: string; required?: boolean; description?: string }>;
type Call = Readonly<{
  tags: readonly string[];
  summary: string;
  servers?: readonly unknown[];
  parameters: readonly Parameter[];
  requestBody?: Readonly<{ content: Readonly<Record<string, Readonly<{ schema: Json }>>> }>;
}>;

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
/** Deeper parts of a body are left for people to fill in. */
const DEPTH = 4;

export function postmanCollection({ info, servers, paths, components }: OpenApiDocument): string {
  const base = (servers as { url: string }[])[0]?.url ?? '';
  const schemas = (components as { schemas: Record<string, Json> }).schemas;
  const folders = new Map<string, Json[]>();
  for (const [path, calls] of Object.entries(paths)) {
    for (const [method, call] of Object.entries(calls) as unknown as [string, Call][]) {
      const [tag = 'Other'] = call.tags;
      const prefix = call.servers === undefined ? base : '';
      folders.set(tag, [...(folders.get(tag) ?? []), itemOf({ method, path: prefix + path, call, schemas })]);
    }
  }
  const collection = {
    info: { ...(info as Json), name: (info as Json).title, schema: SCHEMA },
    auth: { type: 'bearer', bearer: [{ key: 'token', value: '{{token}}', type: 'string' }] },
    variable: [
      { key: 'url', value: 'http://127.0.0.1:3000' },
      { key: 'token', value: '' },
    ],
    item: [...folders].map(([name, item]) => ({ name, item })),
  };
  return `${JSON.stringify(collection, null, 2)}\n`;
}

type Item = Readonly<{ method: string; path: string; call: Call; schemas: Readonly<Record<string, Json>> }>;

function itemOf({ method, path, call, schemas }: Item): Json {
  const named = (place: string) => call.parameters.filter((parameter) => parameter.in === place);
  const toVariable = ({ name, description = '' }: Parameter) => ({ key: name, value: '', description });
  const optional = (parameter: Parameter) => ({ ...toVariable(parameter), disabled: parameter.required !== true });
  const bare = path.replaceAll(/\{(\w+)\}/g, ':$1');
  const body = bodyOf(call, schemas);
  return {
    name: call.summary,
    request: {
      method: method.toUpperCase(),
      header: [
        ...(body === undefined ? [] : [{ key: 'Content-Type', value: body.type }]),
        ...named('header').map(optional),
      ],
      url: {
        raw: `{{url}}${bare}`,
        host: ['{{url}}'],
        path: bare.split('/').slice(1),
        query: named('query').map(optional),
        variable: named('path').map(toVariable),
      },
      ...(body === undefined ? {} : { body: body.sent }),
    },
  };
}

function bodyOf({ requestBody }: Call, schemas: Item['schemas']): { type: string; sent: Json } | undefined {
  if (requestBody === undefined) return undefined;
  const json = requestBody.content['application/json'];
  if (json === undefined) {
    const [type = 'application/octet-stream'] = Object.keys(requestBody.content);
    return { type, sent: { mode: 'file', file: {} } };
  }
  const raw = JSON.stringify(exampleOf(json.schema, schemas, DEPTH), null, 2);
  return { type: 'application/json', sent: { mode: 'raw', raw, options: { raw: { language: 'json' } } } };
}

/** What a schema asks for, as empty as it may be. */
function exampleOf(schema: Json, schemas: Item['schemas'], depth: number): unknown {
  const {
    $ref,
    type,
    properties = {},
    required = [],
    items,
  } = schema as Readonly<{
    $ref?: string;
    type?: string | readonly string[];
    properties?: Record<string, Json>;
    required?: readonly string[];
    items?: Json;
  }>;
  if ($ref !== undefined) return exampleOf(schemas[$ref.split('/').at(-1)!] ?? {}, schemas, depth);
  const [choice] = (schema.oneOf ?? schema.anyOf ?? []) as readonly Json[];
  if (choice !== undefined) return exampleOf(choice, schemas, depth);
  const [value] = [schema.const ?? schema.default, ...((schema.enum ?? []) as unknown[])].filter(
    (one) => one !== undefined,
  );
  if (value !== undefined) return value;
  const [kind] = [type].flat();
  if (kind === 'array') return items === undefined || depth === 0 ? [] : [exampleOf(items, schemas, depth - 1)];
  if (kind === 'object' && depth > 0)
    return Object.fromEntries(required.map((name) => [name, exampleOf(properties[name] ?? {}, schemas, depth - 1)]));
  return EMPTY[kind ?? ''] ?? '';
}

const EMPTY: Readonly<Record<string, unknown>> = { object: {}, integer: 0, number: 0, boolean: false, null: null };
