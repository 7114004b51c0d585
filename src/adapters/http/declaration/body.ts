/** What a route takes as the body of a request: its kind, its form and its bound. */
import { z } from 'zod';
import { type HttpRefusal, httpErrors } from './http-errors.ts';

const MAX_BYTES = 1024 * 1024;

/** JSON in UTF-8, of the form of `schema`. */
export type JsonBody<Schema extends z.ZodType = z.ZodType> = Readonly<{
  kind: 'json';
  schema: Schema;
  maxBytes: number;
  /** Whether it may be left out altogether, which says as much as `{}`. */
  optional: boolean;
}>;

/** Every kind of body that there is. */
export type Body = JsonBody;

export type BodyKind = Body['kind'];

/** What documents say of a kind: its content type, and the refusals of what it is made of. */
export const BODY_KINDS: Readonly<
  Record<BodyKind, Readonly<{ contentType: string; refusals: readonly HttpRefusal[] }>>
> = {
  json: {
    contentType: 'application/json',
    refusals: [
      httpErrors.bodyTooLarge,
      httpErrors.unsupportedMediaType,
      httpErrors.malformedJson,
      httpErrors.malformedText,
      httpErrors.tooDeep,
    ],
  },
};

/** JSON of up to 1 MiB, unless told otherwise. */
export function jsonBody<Schema extends z.ZodType>(
  schema: Schema,
  { maxBytes = MAX_BYTES, optional = false }: Readonly<{ maxBytes?: number; optional?: boolean }> = {},
): JsonBody<Schema> {
  return { kind: 'json', schema, maxBytes, optional };
}

/** What a route takes that declares no body: none, or one that says nothing. */
export const NO_BODY = jsonBody(z.strictObject({}).optional());
