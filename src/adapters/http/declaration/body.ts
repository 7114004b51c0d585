/** What a route takes as the body of a request: its kind, its form and its bound. */
import { z } from 'zod';
import { type HttpRefusal, httpErrors } from './http-errors.ts';
import { NDJSON_TYPE } from './stream.ts';

const MAX_BYTES = 1024 * 1024;

/** JSON in UTF-8, of the form of `schema`. */
export type JsonBody<Schema extends z.ZodType = z.ZodType> = Readonly<{
  kind: 'json';
  schema: Schema;
  maxBytes: number;
  /** Whether it may be left out altogether, which says as much as `{}`. */
  optional: boolean;
}>;

/** A line of a body: its number, from 1 on, its length in bytes, and what it holds. */
export type BodyLine<Value> = Readonly<{ number: number; bytes: number; value: Value }>;

/**
 * NDJSON in UTF-8: one JSON object a line, each of the form of `line`, read while the call is carried out and no faster
 * than that. Reading the lines throws what refuses them.
 */
export type LinesBody<Schema extends z.ZodType = z.ZodType> = Readonly<{
  kind: 'lines';
  /** Of the lines together, which nobody has seen yet. */
  schema: Schema;
  line: z.ZodType;
  maxBytes: number;
  maxLineBytes: number;
  optional: false;
}>;

/** A file of whatever type, read while the call is carried out and no faster than that. */
export class Upload {
  /** What the client says that it is; empty where it says nothing. */
  readonly contentType: string;
  /** Reading them throws where the body breaks off, or comes too slowly. */
  readonly chunks: AsyncIterable<Uint8Array>;

  constructor(contentType: string, chunks: AsyncIterable<Uint8Array>) {
    this.contentType = contentType;
    this.chunks = chunks;
  }
}

/** A file of any type up to `maxBytes`, or JSON of the form of `schema` in its place. */
export type FileBody<Schema extends z.ZodType = z.ZodType> = Readonly<{
  kind: 'file';
  schema: Schema;
  maxBytes: number;
  /** Of JSON. */
  maxJsonBytes: number;
  optional: false;
}>;

/** Every kind of body that there is. */
export type Body = JsonBody | LinesBody | FileBody;

export type BodyKind = Body['kind'];

/** Of whatever is made of JSON. */
const JSON_REFUSALS: readonly HttpRefusal[] = [
  httpErrors.bodyTooLarge,
  httpErrors.unsupportedMediaType,
  httpErrors.malformedJson,
  httpErrors.malformedText,
  httpErrors.tooDeep,
];

/** What documents say of a kind: its content type, and the refusals of what it is made of. */
export const BODY_KINDS: Readonly<
  Record<BodyKind, Readonly<{ contentType: string; refusals: readonly HttpRefusal[] }>>
> = {
  json: {
    contentType: 'application/json',
    refusals: JSON_REFUSALS,
  },
  lines: {
    contentType: NDJSON_TYPE,
    refusals: [...JSON_REFUSALS, httpErrors.malformedRequest, httpErrors.requestTimeout],
  },
  file: {
    // Of what has a form; whatever is of another type is the file itself.
    contentType: 'application/json',
    refusals: [...JSON_REFUSALS, httpErrors.malformedRequest, httpErrors.requestTimeout],
  },
};

/** JSON of up to 1 MiB, unless told otherwise. */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
  { maxBytes = MAX_BYTES, optional = false }: Readonly<{ maxBytes?: number; optional?: boolean }> = {},
): JsonBody<Schema> {
  return { kind: 'json', schema, maxBytes, optional };
}

/** Lines of the form of `line`, up to `maxBytes` together. */
export function linesBody<Line extends z.ZodType>(
  line: Line,
  { maxBytes, maxLineBytes }: Readonly<{ maxBytes: number; maxLineBytes: number }>,
): LinesBody<z.ZodType<AsyncIterable<BodyLine<z.output<Line>>>>> {
  return {
    kind: 'lines',
    schema: z.custom<AsyncIterable<BodyLine<z.output<Line>>>>(),
    line,
    maxBytes,
    maxLineBytes,
    optional: false,
  };
}

/** A file of up to `maxBytes`, or JSON of up to 1 MiB in its place. */
export function fileBody<Json extends z.ZodType>(
  json: Json,
  { maxBytes }: Readonly<{ maxBytes: number }>,
): FileBody<z.ZodType<Upload | z.output<Json>>> {
  const schema = json as unknown as z.ZodType<Upload | z.output<Json>>;
  return { kind: 'file', schema, maxBytes, maxJsonBytes: MAX_BYTES, optional: false };
}

/** What a route takes that declares no body: none, or one that says nothing. */
export const NO_BODY = jsonBody(z.strictObject({}).optional());
